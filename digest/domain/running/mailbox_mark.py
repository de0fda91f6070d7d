"""Owns how far a mailbox was read: by UIDVALIDITY and UID (RFC 3501, section 2.3.1.1), so that what is not for us is
looked at once. It must never hold anything of a message.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from digest.domain.base import Base, insert_once


class MailboxMark(Base):
    """Every message up to `uid` was looked at, and what was for us is stored and moved away."""

    __tablename__ = "mailbox_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(unique=True)  # user@host:port/folder
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    looked_at: Mapped[datetime]


def looked_up_to(session: Session, mailbox: str, uid_validity: int) -> int:
    """The UID of the mark; 0 where there is none, or where the server has given out new UIDs since."""
    mark = select(MailboxMark.uid).filter_by(mailbox=mailbox, uid_validity=uid_validity)
    return session.scalar(mark) or 0


def keep_mark(session: Session, mailbox: str, uid_validity: int, uid: int, now: datetime) -> None:
    """Move the mark forward. Of several readers the one that got furthest counts, since each looked at all messages up
    to its own mark; where the server has given out new UIDs, the mark is set anew.
    """
    values = {"uid_validity": uid_validity, "uid": uid, "looked_at": now}
    if insert_once(session, MailboxMark, mailbox=mailbox, **values) is None:
        behind = or_(MailboxMark.uid_validity != uid_validity, MailboxMark.uid < uid)
        session.execute(update(MailboxMark).where(MailboxMark.mailbox == mailbox, behind).values(**values))
