"""Owns the first transaction: an envelope is stored, once, and from then on it is our responsibility. It
must never parse, decide or send.
"""

from __future__ import annotations

import zlib
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, exists, select

from digest import clock, reply_address, tokens
from digest.database import Database
from digest.domain.base import insert_unless_it_stands
from digest.domain.mails.record import InboundMessage, OutboundMessage
from digest.inbound.envelope import Envelope
from digest.inbound.requests.replay import Token, spend
from digest.prepared import PreparedInsert

COMPRESSION = 1  # the door answers fast; the gain of more is small


def accept(database: Database, envelope: Envelope, token: Token | None = None) -> bool:
    """Store the message and commit; False where the same one to the same recipient stands already. Raises
    Transient, and Refused where the token of its signature was spent on another.
    """
    row = {
        "raw_digest": envelope.raw_digest,
        "rcpt_to": envelope.rcpt_to.lower(),
        "mail_from": envelope.mail_from,
        "raw": zlib.compress(envelope.raw, COMPRESSION),
        "size": envelope.size,
        "via": envelope.via,
        "verdicts": dict(envelope.verdicts) or None,
        "received_at": clock.now(),
        "reply_hash": tokens.token_hash(reply_address.read(envelope.rcpt_to) or ""),
    }
    return database.write_together(lambda connection: _insert(connection, row, token))


def _insert(connection: Connection, row: dict[str, Any], token: Token | None) -> bool:
    if token is not None:
        spend(connection, token)
    return STORE.run(connection, row) > 0


def _store(dialect: str) -> Insert:
    """The message, and the thread whose token stands in its address."""
    thread = select(OutboundMessage.id).where(OutboundMessage.reply_hash == bindparam("reply_hash"))
    member = thread.with_only_columns(OutboundMessage.member_id)
    given = ("raw_digest", "rcpt_to", "mail_from", "raw", "size", "via", "verdicts", "received_at")
    table = InboundMessage.__table__
    return insert_unless_it_stands(InboundMessage, dialect).values(
        **{name: bindparam(name, type_=table.c[name].type) for name in given},
        thread_id=thread.scalar_subquery(),
        member_id=member.scalar_subquery(),
        thread_sought=exists(thread),
        admitted=False,
        state="accepted",
        anonymous=False,
        left_out=[],
        attempts=0,
    )


STORE = PreparedInsert(_store)


def is_stored(database: Database, envelope: Envelope) -> bool:
    """Whether that message to that recipient stands already."""
    same = select(InboundMessage.id).filter_by(
        raw_digest=envelope.raw_digest, rcpt_to=envelope.rcpt_to.lower()
    )
    with database.reading() as session:
        return session.scalar(same) is not None
