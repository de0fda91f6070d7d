"""Owns the outbox: finished mails are put in once, and let go when their time is over. It must never compose or send;
`lease` takes mails out of it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from digest import tokens
from digest.domain.base import insert_many_once
from digest.domain.mails.ask_address import open_thread
from digest.domain.mails.record import REPLY_ADDRESS_OPEN, OutboundMessage
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.sign import signed
from digest.outbound.stamp import Stamp


@dataclass(frozen=True)
class Posted:
    """A composed mail on its way into the outbox; `about` holds the ids of what it is about, never words."""

    stamp: Stamp
    composed: ComposedMessage
    occasion: str
    expires_at: datetime
    round_id: int | None = None
    about: dict[str, Any] = field(default_factory=dict[str, Any])


def put(session: Session, mails: Sequence[Posted], now: datetime) -> int:
    """File finished mails; one whose kind, occasion and member stand already is not filed again. How many
    were new."""
    _open_ask_addresses(session, [mail.stamp for mail in mails if mail.stamp.ask_address], now)
    return insert_many_once(session, OutboundMessage, [_row(mail, now) for mail in mails])


def _open_ask_addresses(session: Session, stamps: Sequence[Stamp], now: datetime) -> None:
    """A thread that never closes for each address that stands at the foot of a mail; it is no mail of its own."""
    by_hash = {tokens.token_hash(stamp.ask_token): stamp for stamp in stamps}
    known = select(OutboundMessage.reply_hash).where(OutboundMessage.reply_hash.in_(by_hash))
    for reply_hash in by_hash.keys() - set(session.scalars(known)):
        open_thread(session, by_hash[reply_hash].member, reply_hash, now)


def _row(mail: Posted, now: datetime) -> dict[str, Any]:
    stamp, composed = mail.stamp, mail.composed
    return {
        "kind": stamp.kind,
        "occasion": mail.occasion,
        "member_id": stamp.member.id,
        "round_id": mail.round_id,
        "about": mail.about,
        "message_id": composed.message_id,
        "mail_from": composed.mail_from,
        "rcpt_to": composed.rcpt_to,
        "raw": _bytes(mail),
        "reply_hash": tokens.token_hash(stamp.reply_token),
        "reply_until": now + REPLY_ADDRESS_OPEN,
        "link_key": stamp.link_key,
        "link_names": stamp.links_in(composed.text_body),
        "state": "queued",
        "created_at": now,
        "due_at": now,
        "expires_at": mail.expires_at,
        "attempts": 0,
        "begun": False,
        "lost_leases": 0,
        "stale": False,
    }


def _bytes(mail: Posted) -> bytes:
    """As they are kept and sent: signed, and compressed."""
    return zlib.compress(signed(mail.composed.raw, mail.stamp.settings), 6)


def replace(mail: OutboundMessage, posted: Posted) -> None:
    """Other finished bytes for a mail that has not left: the same mail by its Message-ID and its links."""
    mail.raw = _bytes(posted)
    mail.reply_hash = tokens.token_hash(posted.stamp.reply_token)
    mail.mail_from, mail.rcpt_to = posted.composed.mail_from, posted.composed.rcpt_to
    mail.link_names = posted.stamp.links_in(posted.composed.text_body)
    mail.stale = False


def waiting(session: Session) -> int:
    """How many mails wait to be sent."""
    return (
        session.scalar(select(func.count(OutboundMessage.id)).where(OutboundMessage.state == "queued")) or 0
    )


def has_expired(session: Session, now: datetime) -> bool:
    over = exists().where(OutboundMessage.state == "queued", OutboundMessage.expires_at <= now)
    return bool(session.scalar(select(over)))


def expire(session: Session, now: datetime) -> int:
    """Mails whose time is over are not sent any more."""
    over = update(OutboundMessage).where(OutboundMessage.state == "queued", OutboundMessage.expires_at <= now)
    result = session.execute(over.values(state="expired", remark="its time was over"))
    return int(result.rowcount)  # type: ignore[attr-defined]
