"""Owns the thread of a message whose envelope names none: a server may have cut the tag off our address.
It must never judge who wrote it, nor read more than the header.

First a token in an address field, then the mark in the subject, then the Message-ID of a mail of ours that it answers.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from digest import reply_address, tokens
from digest.database import Database
from digest.domain.delivery.event import find_by_message_id
from digest.domain.mails.record import UNFINISHED, InboundMessage, OutboundMessage, find_thread

log = logging.getLogger(__name__)

HEADER = 64 * 1024  # bytes in which is looked
LONGEST_FIELD = 10_000
MOST_CLUES = 40
ADDRESS_FIELDS = ("X-Gm-Original-To", "Delivered-To", "Envelope-To", "X-Original-To", "Resent-To", "To", "Cc")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")


@dataclass(frozen=True)
class Clues:
    """What in a header may name a thread of ours, the surest first: tokens, and message ids with their brackets."""

    tokens: tuple[str, ...]
    message_ids: tuple[str, ...]


NOTHING = Clues((), ())


def clues(raw: bytes) -> Clues:
    """What the header of a message (RFC 5322) says; nothing where it cannot be read. Pure."""
    try:
        return _clues(raw)
    except Exception:  # a parser's own fault on hostile bytes must not keep all others waiting
        log.exception("the header of a message could not be read")
        return NOTHING


def _clues(raw: bytes) -> Clues:
    header = BytesHeaderParser().parsebytes(raw[:HEADER].lstrip(b"\r\n"))
    addressed = [reply_address.all_in(value) for name in ADDRESS_FIELDS for value in _values(header, name)]
    marked = [reply_address.marks_in(_decoded(value)) for value in _values(header, "Subject")]
    answered = [_MESSAGE_ID.findall(value) for value in _values(header, "In-Reply-To")]
    earlier = [reversed(_MESSAGE_ID.findall(value)) for value in _values(header, "References")]
    return Clues(_first(*addressed, *marked), _first(*answered, *earlier))


def find(session: Session, found: Clues) -> OutboundMessage | None:
    """The mail of ours that is answered."""
    for token in found.tokens:
        if thread := find_thread(session, tokens.token_hash(token)):
            return thread
    for message_id in found.message_ids:
        if thread := find_by_message_id(session, message_id):
            return thread
    return None


def seek_all(database: Database) -> bool:
    """Give each message that came in without a thread the one it belongs to; whether there was any.

    Until then later messages wait, so that those of one member are settled in the order in which they came.
    """
    any_sought = False
    while _seek_one(database):
        any_sought = True
    return any_sought


def _seek_one(database: Database) -> bool:
    unsought = (
        select(InboundMessage)
        .where(InboundMessage.state == "accepted", InboundMessage.state.in_(UNFINISHED))
        .where(InboundMessage.thread_sought.is_(False))
        .order_by(InboundMessage.id)
        .limit(1)
    )
    with database.reading() as session:
        if session.scalar(unsought) is None:
            return False
    locked = unsought.options(undefer(InboundMessage.raw)).with_for_update(
        skip_locked=True, of=InboundMessage
    )
    with database.transaction() as session:
        row = session.scalar(locked)
        if row is None:
            return False
        thread = find(session, _clues_of(row))
        if thread is not None:
            row.thread_id, row.member_id = thread.id, thread.member_id
        row.thread_sought = True
        return True


def _clues_of(row: InboundMessage) -> Clues:
    return clues(zlib.decompress(row.raw)) if row.raw else NOTHING


def _values(header: Message, name: str) -> Iterator[str]:
    for value in header.get_all(name, []):
        yield str(value)[:LONGEST_FIELD]


def _decoded(value: str) -> str:
    """Encoded words (RFC 2047) read; a client may have encoded the mark with the words around it."""
    try:
        return str(make_header(decode_header(value)))
    except (MessageError, LookupError, ValueError):
        return value


def _first(*found: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order, and no more than `MOST_CLUES`."""
    return tuple(dict.fromkeys(clue for several in found for clue in several))[:MOST_CLUES]
