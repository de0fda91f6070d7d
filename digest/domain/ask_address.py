"""Owns the addresses by which members ask at any time: a thread for each that never closes. It must never be sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from digest.domain.base import insert_once
from digest.domain.group import Member
from digest.domain.mail_record import OutboundMessage

ASK = "ask"  # the kind of such a thread


def open_thread(session: Session, member: Member, reply_hash: str, now: datetime) -> None:
    """The member's ask address takes her mail from now on: a thread that never closes, and that is never sent."""
    insert_once(
        session,
        OutboundMessage,
        kind=ASK,
        occasion=reply_hash,
        member_id=member.id,
        about={},
        message_id=f"<ask.{reply_hash[:24]}>",
        mail_from="",
        rcpt_to=member.person.address,
        reply_hash=reply_hash,
        link_key=reply_hash[:16],
        link_names=[],
        state="cancelled",
        created_at=now,
        due_at=now,
        expires_at=now,
        remark="stands for the address by which this member asks",
    )
