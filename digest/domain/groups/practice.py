"""Owns practices: what a group does each week, as data. It must never know an occurrence of one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from digest.domain.base import Base
from digest.domain.groups.group import Group
from digest.errors import Misuse

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_IN_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

#: The sections of each practice in order, and its usual prompt and digest times.
PRACTICES: dict[str, dict[str, Any]] = {
    "learning-log": {
        "sections": ["tried", "failed", "question"],
        "prompt": "tue 09:00",
        "digest": "mon 09:00",
    },
}


class Practice(Base):
    __tablename__ = "practices"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), index=True)
    kind: Mapped[str]
    sections: Mapped[list[str]] = mapped_column(JSON)
    prompt_weekday: Mapped[int]
    prompt_time: Mapped[time]
    digest_weekday: Mapped[int]
    digest_time: Mapped[time]
    every_weeks: Mapped[int] = mapped_column(default=1)
    example: Mapped[str | None]
    example_by: Mapped[str | None]
    created_at: Mapped[datetime]
    planned_until: Mapped[datetime] = mapped_column(index=True)
    group: Mapped[Group] = relationship(lazy="joined", innerjoin=True)

    @property
    def rhythm(self) -> timedelta:
        """How long it is from one round to the next."""
        return timedelta(weeks=self.every_weeks)


def add_practice(
    session: Session,
    group: Group,
    kind: str,
    *,
    prompt: str | None = None,
    digest: str | None = None,
    example: str | None = None,
    example_by: str | None = None,
    now: datetime,
) -> Practice:
    """A practice of the group at its usual times or at others, such as "tue 09:00". Raises Misuse."""
    if kind not in PRACTICES:
        raise Misuse(f"There is no practice {kind!r}. There is: {', '.join(PRACTICES)}.")
    usual = PRACTICES[kind]
    prompt_weekday, prompt_time = read_weekly_time(prompt or usual["prompt"])
    digest_weekday, digest_time = read_weekly_time(digest or usual["digest"])
    practice = Practice(
        group=group,
        kind=kind,
        sections=usual["sections"],
        prompt_weekday=prompt_weekday,
        prompt_time=prompt_time,
        digest_weekday=digest_weekday,
        digest_time=digest_time,
        example=example,
        example_by=example_by,
        created_at=now,
        planned_until=now,
    )
    session.add(practice)
    session.flush()
    return practice


def read_weekly_time(text: str) -> tuple[int, time]:
    """(1, 09:00) of "tue 09:00". Raises Misuse."""
    day, _, clock_time = text.strip().lower().partition(" ")
    try:
        hour, minute = clock_time.strip().split(":")
        return _weekday(day), time(int(hour), int(minute))
    except ValueError:
        raise Misuse(f'{text!r} is not a weekly time. Write it like "tue 09:00".') from None


def _weekday(word: str) -> int:
    """1 of "tue" and of "tuesday". Raises ValueError."""
    if not any(day.startswith(word) for day in DAYS_IN_FULL):
        raise ValueError(word)
    return WEEKDAYS.index(word[:3])
