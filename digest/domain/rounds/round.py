"""Owns rounds: one row for each group, practice and ISO week, and which of them is due or current. It must
never compose or send.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, lazyload, mapped_column, relationship

from digest import clock
from digest.domain.base import Base, insert_once, partial_index
from digest.domain.groups.practice import Practice

PROMPT_LATEST = timedelta(hours=12)
DIGEST_LATEST = timedelta(hours=48)
PLANNED_AHEAD = timedelta(days=29)  # so that a receipt can always name the next digest, fortnightly ones too
REPLANNED_AFTER = timedelta(days=7)


class Round(Base):
    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("group_id", "practice_id", "week"),
        partial_index("ix_rounds_prompt_due", "prompt_due_at", where="prompted_at IS NULL"),
        partial_index("ix_rounds_digest_due", "digest_due_at", where="digested_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    practice_id: Mapped[int] = mapped_column(ForeignKey("practices.id"))
    week: Mapped[str]  # the ISO week in which the prompt lies, in the group's zone: 2026-W14
    prompt_due_at: Mapped[datetime]
    digest_due_at: Mapped[datetime]
    prompted_at: Mapped[datetime | None]  # when the prompt was decided on: composed, or missed
    prompt_missed: Mapped[bool] = mapped_column(default=False)
    digested_at: Mapped[datetime | None]
    digest_missed: Mapped[bool] = mapped_column(default=False)
    practice: Mapped[Practice] = relationship(lazy="joined", innerjoin=True)

    @property
    def number(self) -> int:
        return clock.week_number(self.week)

    @property
    def digest_week(self) -> int:
        """The number of the ISO week in which the digest lies."""
        return clock.week_number(clock.iso_week(self.digest_due_at, self.practice.group.timezone))

    def prompt_is_too_late(self, now: datetime) -> bool:
        return now - self.prompt_due_at > PROMPT_LATEST

    def digest_is_too_late(self, now: datetime) -> bool:
        return now - self.digest_due_at > DIGEST_LATEST


def plan_rounds(session: Session, practice: Practice, now: datetime) -> None:
    """Make sure that the rounds of the next weeks have their rows; weeks that passed unplanned stay so."""
    until = now + PLANNED_AHEAD
    for week in _weeks(practice, now, until):
        prompt_due_at, digest_due_at = instants(practice, week)
        if prompt_due_at >= practice.created_at and not is_over(practice, prompt_due_at):
            insert_once(
                session,
                Round,
                group_id=practice.group_id,
                practice_id=practice.id,
                week=week,
                prompt_due_at=prompt_due_at,
                digest_due_at=digest_due_at,
                prompt_missed=False,
                digest_missed=False,
            )
    practice.planned_until = now + REPLANNED_AFTER


def _weeks(practice: Practice, now: datetime, until: datetime) -> Iterator[str]:
    zone = practice.group.timezone
    first, week = clock.iso_week(practice.created_at, zone), clock.iso_week(now, zone)
    while clock.local_instant(week, 0, practice.prompt_time, zone) < until:
        apart = (clock.monday(week) - clock.monday(first)).days // 7
        if apart % practice.every_weeks == 0:
            yield week
        week = clock.weeks_after(week, 1)


def instants(practice: Practice, week: str) -> tuple[datetime, datetime]:
    """When the prompt of that ISO week is due, and the digest that follows it."""
    zone = practice.group.timezone
    prompt = clock.local_instant(week, practice.prompt_weekday, practice.prompt_time, zone)
    digest = clock.local_instant(week, practice.digest_weekday, practice.digest_time, zone)
    if digest <= prompt:
        following = clock.weeks_after(week, 1)
        digest = clock.local_instant(following, practice.digest_weekday, practice.digest_time, zone)
    return prompt, digest


def is_over(practice: Practice, prompt_due_at: datetime) -> bool:
    until = practice.group.until
    return until is not None and prompt_due_at > clock.end_of_day(until, practice.group.timezone)


def practices_to_plan(session: Session, now: datetime, limit: int = 200) -> list[int]:
    return list(session.scalars(select(Practice.id).where(Practice.planned_until <= now).limit(limit)))


def due_prompts(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """The ids of rounds whose prompt is due and undecided, earliest first."""
    due = select(Round.id).where(Round.prompted_at.is_(None), Round.prompt_due_at <= now)
    return list(session.scalars(due.order_by(Round.prompt_due_at, Round.id).limit(limit)))


def due_digests(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """The ids of rounds whose digest is due and undecided, earliest first."""
    due = select(Round.id).where(Round.digested_at.is_(None), Round.digest_due_at <= now)
    return list(session.scalars(due.order_by(Round.digest_due_at, Round.id).limit(limit)))


def claim(session: Session, round_id: int) -> Round | None:
    """The round, locked until the transaction ends; None where another worker has it just now."""
    locked = select(Round).where(Round.id == round_id).with_for_update(skip_locked=True, of=Round)
    return session.scalar(locked)


_OF_GROUP = select(Round).where(Round.group_id == bindparam("group")).options(lazyload(Round.practice))
_LATEST_PROMPTED = (
    _OF_GROUP.where(Round.prompted_at.is_not(None), Round.prompt_due_at <= bindparam("now"))
    .order_by(Round.prompt_due_at.desc(), Round.id.desc())
    .limit(1)
)
_NEXT_DIGEST = (
    select(Round.digest_due_at)
    .where(Round.group_id == bindparam("group"))
    .where(Round.digested_at.is_(None), Round.digest_due_at > bindparam("after"))
    .order_by(Round.digest_due_at)
    .limit(1)
)
_NEXT_PLANNED = _OF_GROUP.where(Round.prompted_at.is_(None)).order_by(Round.prompt_due_at).limit(1)


def current_round(session: Session, group_id: int, now: datetime) -> Round | None:
    """The round for which a reply counts now: the last one that was prompted, else the next one planned."""
    latest = session.scalar(_LATEST_PROMPTED, {"group": group_id, "now": now})
    return latest or session.scalar(_NEXT_PLANNED, {"group": group_id})


def open_round(session: Session, group_id: int, now: datetime) -> Round | None:
    """The round whose prompt went out and whose digest is still to come."""
    current = current_round(session, group_id, now)
    open_now = current and current.prompted_at and not current.prompt_missed and current.digested_at is None
    return current if open_now else None


def next_prompt_at(session: Session, group_id: int) -> datetime | None:
    pending = select(Round.prompt_due_at).where(Round.group_id == group_id, Round.prompted_at.is_(None))
    return session.scalar(pending.order_by(Round.prompt_due_at).limit(1))


def next_digest_at(session: Session, group_id: int, after: datetime) -> datetime | None:
    """The due instant of the next digest that shows what came in at `after`."""
    return session.scalar(_NEXT_DIGEST, {"group": group_id, "after": after})


def practice_of(session: Session, group_id: int) -> Practice:
    """The group's first practice."""
    return session.scalars(select(Practice).filter_by(group_id=group_id).order_by(Practice.id).limit(1)).one()
