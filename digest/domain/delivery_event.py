"""Owns what is reported about mails after they left, and what it says of an address. It must never take for true a
report that names no mail of ours.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from digest.domain.base import Base, insert_once
from digest.domain.mail_record import OutboundMessage


class DeliveryEvent(Base):
    """What was reported about a mail after it left; each report counts once."""

    __tablename__ = "delivery_events"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        Index("ix_delivery_events_reported_at", "reported_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outbound_message_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_messages.id"), index=True)
    source: Mapped[str]
    event_id: Mapped[str]
    event: Mapped[str]
    enhanced_status: Mapped[str | None]
    judgement: Mapped[str | None]  # what it says of the address; see domain/judgement.py
    reported_at: Mapped[datetime]


def find_by_message_id(session: Session, message_id: str) -> OutboundMessage | None:
    return session.scalar(select(OutboundMessage).where(OutboundMessage.message_id == message_id))


def record_event(
    session: Session,
    mail: OutboundMessage,
    *,
    source: str,
    event_id: str,
    event: str,
    enhanced_status: str | None,
    now: datetime,
) -> bool:
    """What was reported about a mail; False where the same report stands already."""
    recorded = insert_once(
        session,
        DeliveryEvent,
        outbound_message_id=mail.id,
        source=source,
        event_id=event_id,
        event=event,
        enhanced_status=enhanced_status,
        reported_at=now,
    )
    return recorded is not None
