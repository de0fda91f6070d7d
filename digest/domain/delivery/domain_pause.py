"""Owns the domains to which nothing is sent for a while, because they refuse our mail by policy. It must never blame a
member for that.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.orm import Mapped, Session, mapped_column

from digest.domain.base import Base, insert_once
from digest.domain.mails.record import OutboundMessage

PAUSE = timedelta(hours=4)


class DomainPause(Base):
    """No mail goes to that domain until then."""

    __tablename__ = "domain_pauses"

    id: Mapped[int] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(unique=True)
    until: Mapped[datetime]
    enhanced_status: Mapped[str | None]


def pause_domain(session: Session, domain: str, enhanced_status: str | None, now: datetime) -> bool:
    """Send nothing to that domain for four hours; False where it is paused already, which makes it no longer."""
    session.execute(delete(DomainPause).where(DomainPause.domain == domain, DomainPause.until <= now))
    values = {"domain": domain, "until": now + PAUSE, "enhanced_status": enhanced_status}
    return insert_once(session, DomainPause, **values) is not None


def is_paused(now: datetime) -> ColumnElement[bool]:
    """Of an OutboundMessage in a query: whether its recipient's domain gets no mail just now."""
    same = OutboundMessage.rcpt_to.endswith("@" + DomainPause.domain)
    return exists().where(DomainPause.until > now, same)
