"""Owns the addresses to which members may write a question at any time: for each a thread that never closes. It must
never send anything: such a thread is the row of a mail that does not exist.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from digest.domain.base import insert_once
from digest.domain.groups.group import Member
from digest.domain.mails.record import OutboundMessage

ASK = "ask"  # the kind of such a thread


def open_thread(session: Session, member: Member, reply_hash: str, now: datetime) -> None:
    """Let the member's ask address take her mail from now on."""
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
