"""Owns what is reported about mails after they left, and the state in which that leaves a mail. It must never take for
true a report that names no mail of ours.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from digest.domain.base import Base, insert_once
from digest.domain.delivery.judgement import Judgement
from digest.domain.mails.record import OutboundMessage, OutboundState

KEPT = timedelta(days=90)  # as long as a report about a mail may still change something

#: Which state a judgement leaves a mail in, and how much it says: a later report that says less changes nothing.
_STATES: dict[Judgement, OutboundState] = {
    "reached": "delivered",
    "hard": "bounced",
    "soft": "bounced",
    "policy": "bounced",
    "content": "bounced",
    "complaint": "complained",
}
_SAYS: dict[OutboundState, int] = {
    "queued": 0,  # it left, and the worker died before it could note that
    "sending": 0,
    "sent": 0,
    "failed": 0,
    "delivered": 1,
    "bounced": 2,
    "complained": 3,
}


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
    judgement: Mapped[str | None]  # what it says of the address; see domain/delivery/judgement.py
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
    judgement: str,
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
        judgement=judgement,
        reported_at=now,
    )
    return recorded is not None


def may_have_left(mail: OutboundMessage) -> bool:
    """Whether anybody can have got it: a report about any other mail is forged."""
    return mail.state in _SAYS


def settle(mail: OutboundMessage, judgement: Judgement, enhanced_status: str | None, remark: str) -> None:
    """Let the mail's state follow, in whatever order reports come: complained over bounced over delivered over sent."""
    state = _STATES.get(judgement)
    if state is None or _SAYS.get(mail.state, 3) >= _SAYS[state]:
        return
    mail.state, mail.claimed_by, mail.lease_until = state, None, None
    if state == "bounced":
        mail.enhanced_status, mail.remark = enhanced_status, remark[:300] or None


def forget_events(session: Session, before: datetime) -> None:
    session.execute(delete(DeliveryEvent).where(DeliveryEvent.reported_at < before))
