"""Owns the first transaction: an envelope is stored, once, and from then on it is our responsibility. It
must never parse, decide or send.
"""

from __future__ import annotations

import zlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest import clock, reply_address, tokens
from digest.database import Database
from digest.domain.base import insert_once
from digest.domain.mail_record import InboundMessage, OutboundMessage
from digest.inbound.envelope import Envelope
from digest.inbound.replay import Token, spend

COMPRESSION = 1  # the door answers fast; the gain of more is small


def accept(database: Database, envelope: Envelope, token: Token | None = None) -> bool:
    """Store the message and commit; False where the same one to the same recipient stands already. Raises
    Transient, and Refused where the token of its signature was spent on another.
    """
    raw = zlib.compress(envelope.raw, COMPRESSION)
    with database.transaction() as session:
        if token is not None:
            spend(session, token)
        thread_id, member_id = _thread(session, envelope.rcpt_to)
        stored = insert_once(
            session,
            InboundMessage,
            raw_digest=envelope.raw_digest,
            rcpt_to=envelope.rcpt_to.lower(),
            mail_from=envelope.mail_from,
            raw=raw,
            size=envelope.size,
            via=envelope.via,
            verdicts=dict(envelope.verdicts) or None,
            received_at=clock.now(),
            thread_id=thread_id,
            member_id=member_id,
            thread_sought=thread_id is not None,
            admitted=False,
            state="accepted",
            anonymous=False,
            left_out=[],
            attempts=0,
        )
    return stored is not None


def is_stored(database: Database, envelope: Envelope) -> bool:
    """Whether that message to that recipient stands already."""
    same = select(InboundMessage.id).filter_by(
        raw_digest=envelope.raw_digest, rcpt_to=envelope.rcpt_to.lower()
    )
    with database.reading() as session:
        return session.scalar(same) is not None


def _thread(session: Session, rcpt_to: str) -> tuple[int | None, int | None]:
    """(id of the mail that is answered, id of the member who got it), as the token in the address tells."""
    token = reply_address.read(rcpt_to)
    if token is None:
        return None, None
    found = session.execute(
        select(OutboundMessage.id, OutboundMessage.member_id).filter_by(reply_hash=tokens.token_hash(token))
    ).one_or_none()
    return (found[0], found[1]) if found else (None, None)
