"""Owns notices: mails that the service owes its members, each once. It must never compose one, nor hold a word that
somebody wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from digest.domain.base import Base, insert_many_once, partial_index
from digest.domain.groups.group import Member


class Notice(Base):
    """A mail that the service owes a member; outbound finds it due and composes it. `facts` holds ids, never
    words.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("member_id", "kind", "occasion"),
        partial_index("ix_notices_due", "due_at", where="settled_at IS NULL"),
        partial_index("ix_notices_answered", "answered_at", where="answered_at IS NOT NULL"),
        partial_index("ix_notices_answered_to", "member_id", "answered_at", where="answered_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str]
    occasion: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    answers: Mapped[bool] = mapped_column(default=False, server_default=false())  # a message that came in
    answered_at: Mapped[datetime | None]  # when it became the mail that answers it
    cancelled: Mapped[bool] = mapped_column(default=False)
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


def notify(
    session: Session,
    member_id: int,
    kind: str,
    occasion: str,
    now: datetime,
    *,
    due_at: datetime | None = None,
    **facts: Any,
) -> None:
    """Owe a member a mail; the same kind and occasion is owed once, however often it is asked for."""
    notify_all(session, [notice(member_id, kind, occasion, now, due_at=due_at, **facts)])


def notice(
    member_id: int, kind: str, occasion: str, now: datetime, *, due_at: datetime | None = None, **facts: Any
) -> dict[str, Any]:
    """One that `notify_all` can record with others."""
    return {
        "member_id": member_id,
        "kind": kind,
        "occasion": occasion,
        "facts": facts,
        "answers": "inbound_id" in facts,
        "created_at": now,
        "due_at": due_at or now,
        "cancelled": False,
    }


def notify_all(session: Session, notices: Sequence[dict[str, Any]]) -> None:
    insert_many_once(session, Notice, notices)


def claim_notice(session: Session, notice_id: int) -> Notice | None:
    """The notice, locked until the transaction ends; None where it is settled or another worker has it."""
    locked = select(Notice).where(Notice.id == notice_id, Notice.settled_at.is_(None))
    return session.scalar(locked.with_for_update(skip_locked=True, of=Notice))
