"""Owns the notes that links of mails were opened. It must never keep more than which link and when: nothing
about by whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from digest.domain.base import Base
from digest.domain.mails.record import OutboundMessage


class LinkOpening(Base):
    """That a link of a mail was opened, and when: nothing about by whom. Deleted after an hour."""

    __tablename__ = "link_openings"

    id: Mapped[int] = mapped_column(primary_key=True)
    outbound_message_id: Mapped[int] = mapped_column(ForeignKey("outbound_messages.id"), index=True)
    link_name: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(index=True)


def note_opening(session: Session, message: OutboundMessage, link_name: str, now: datetime) -> None:
    session.add(LinkOpening(outbound_message_id=message.id, link_name=link_name, opened_at=now))


def openings(session: Session, message_id: int, since: datetime, until: datetime) -> set[str]:
    """The names of the links of one mail that were opened between the two instants."""
    seen = select(LinkOpening.link_name).where(
        LinkOpening.outbound_message_id == message_id,
        LinkOpening.opened_at >= since,
        LinkOpening.opened_at <= until,
    )
    return set(session.scalars(seen))


def forget_openings(session: Session, before: datetime, kept_for: list[int]) -> None:
    """Delete notes of openings older than `before`, except for mails whose offers still wait to be judged."""
    old = delete(LinkOpening).where(LinkOpening.opened_at < before)
    session.execute(old.where(LinkOpening.outbound_message_id.not_in(kept_for)))
