"""Owns alarms: what the person who runs the service has to hear of, once a day and kind. It must never hold an
address, a name, or a word that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from digest.domain.base import Base, insert_once, partial_index

MOST_OTHERS = 20


class Alarm(Base):
    """Something wrong on one day (of UTC); it is over when `over_at` is set. `facts` holds figures and domains:
    those of the day's first, and under `others` the further domains that it is about."""

    __tablename__ = "alarms"
    __table_args__ = (
        UniqueConstraint("kind", "day"),
        partial_index("ix_alarms_standing", "kind", where="over_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    day: Mapped[date]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    raised_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # by mail to the operator
    over_at: Mapped[datetime | None]
    over_told_at: Mapped[datetime | None]


def day_of(now: datetime) -> date:
    return now.astimezone(UTC).date()


def raise_alarm(session: Session, kind: str, now: datetime, **facts: Any) -> bool:
    """Note that something is wrong; True where it is the first of its kind today."""
    day = day_of(now)
    values = {"kind": kind, "day": day, "facts": facts, "raised_at": now}
    if insert_once(session, Alarm, **values) is not None:
        return True
    again = update(Alarm).where(Alarm.kind == kind, Alarm.day == day, Alarm.over_at.is_not(None))
    session.execute(again.values(over_at=None))
    if "domain" in facts:
        _add_domain(session, kind, day, facts)
    return False


def _add_domain(session: Session, kind: str, day: date, facts: dict[str, Any]) -> None:
    """Another domain, the same day: seen where the alarm stands, and told in no mail of its own."""
    found = select(Alarm).where(Alarm.kind == kind, Alarm.day == day)
    if not _is_new(session.scalar(found), facts):
        return
    alarm = session.scalar(found.with_for_update().execution_options(populate_existing=True))
    if alarm is not None and _is_new(alarm, facts):
        other = {name: facts.get(name) for name in ("domain", "enhanced_status")}
        alarm.facts = alarm.facts | {"others": [*alarm.facts.get("others", []), other]}


def _is_new(alarm: Alarm | None, facts: dict[str, Any]) -> bool:
    if alarm is None:
        return False
    others = alarm.facts.get("others", [])
    return len(others) < MOST_OTHERS and facts["domain"] not in [
        one.get("domain") for one in (alarm.facts, *others)
    ]


def settle_alarms(session: Session, kinds: Collection[str], now: datetime) -> None:
    """Those kinds of trouble are over."""
    standing = update(Alarm).where(Alarm.kind.in_(kinds), Alarm.over_at.is_(None))
    session.execute(standing.values(over_at=now))


def standing_alarms(session: Session) -> list[Alarm]:
    """What is wrong just now, oldest first."""
    return list(session.scalars(select(Alarm).where(Alarm.over_at.is_(None)).order_by(Alarm.id)))


def untold_alarms(session: Session, since: datetime, *, lock: bool = True) -> list[Alarm]:
    """Alarms raised or over since then that the operator has not been told of, locked until the transaction ends."""
    unsaid = or_(Alarm.told_at.is_(None), Alarm.over_at.is_not(None) & Alarm.over_told_at.is_(None))
    mine = select(Alarm).where(Alarm.raised_at > since, unsaid).order_by(Alarm.id)
    return list(session.scalars(mine.with_for_update(skip_locked=True) if lock else mine))
