"""Owns when questions go round on the day they are asked: one row for each question mail of a group. It must never
decide what a mail shows, nor let two mails of one group be planned for the same hour of asking.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from digest import clock
from digest.domain.base import Base, insert_once, partial_index
from digest.domain.groups.group import Group, Member
from digest.domain.rounds.round import next_digest_at
from digest.domain.rounds.weekly_mails import have_room

AFTER = timedelta(hours=1)  # from the first new question; until then it can be taken back unseen
LATEST = timedelta(hours=3)  # what would be later than that waits for the digest
OPENS, CLOSES = time(8), time(17)
MOST_A_DAY = 2
FRIDAY = 4


class QuestionMail(Base):
    """One question mail of a group: planned for an instant, then decided once, whatever it came to."""

    __tablename__ = "question_mails"
    __table_args__ = (
        UniqueConstraint("group_id", "due_at"),
        partial_index("ix_question_mails_due", "due_at", where="decided_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    went_round: Mapped[bool] = mapped_column(default=False)
    group: Mapped[Group] = relationship(lazy="joined", innerjoin=True)

    def is_too_late(self, now: datetime) -> bool:
        return now - self.due_at > LATEST


_PLANNED = (
    select(QuestionMail.due_at)
    .where(QuestionMail.group_id == bindparam("group"), QuestionMail.decided_at.is_(None))
    .where(QuestionMail.due_at > bindparam("now"))
    .order_by(QuestionMail.due_at)
    .limit(1)
)
_PLANNED_LOCKED = _PLANNED.with_for_update(of=QuestionMail)
_THAT_DAY = select(func.count(QuestionMail.id)).where(
    QuestionMail.group_id == bindparam("group"),
    QuestionMail.due_at >= bindparam("start"),
    QuestionMail.due_at < bindparam("end"),
    or_(QuestionMail.decided_at.is_(None), QuestionMail.went_round),
)
_ACTIVE = select(Member.id).where(Member.group_id == bindparam("group"), Member.state == "active")


def plan(session: Session, group: Group, now: datetime) -> datetime | None:
    """When a question that is asked now goes round; None where it waits for the digest.

    A mail that is planned already takes it along. Its row is locked, so that this and the decision wait for
    each other.
    """
    standing = session.scalar(_PLANNED_LOCKED, {"group": group.id, "now": now})
    if standing is not None:
        return standing
    due_at = next_slot(now + AFTER, group.timezone)
    if due_at is None or _digest_is_near(session, group, now, due_at):
        return None
    if _taken(session, group, due_at) >= MOST_A_DAY or not _anybody(session, group, due_at):
        return None
    insert_once(session, QuestionMail, group_id=group.id, due_at=due_at, went_round=False)
    return due_at


def planned_at(session: Session, group_id: int, now: datetime) -> datetime | None:
    """When the question mail goes out that is planned for that group; None where none is."""
    return session.scalar(_PLANNED, {"group": group_id, "now": now})


def next_slot(wanted: datetime, timezone: str) -> datetime | None:
    """The first whole minute from `wanted` on that lies in working time; None where that is over three hours later."""
    slot = working_time(wanted.replace(second=0, microsecond=0), timezone)
    return slot if slot - wanted <= LATEST else None


def working_time(at: datetime, timezone: str) -> datetime:
    """`at`, or the next working day's opening: Monday to Friday, 08:00 to 17:00 in that zone."""
    local = at.astimezone(ZoneInfo(timezone))
    day, past = local.date(), local.time() > CLOSES
    if past or day.weekday() > FRIDAY:
        day = _next_working_day(day)
    elif local.time() >= OPENS:
        return at
    return datetime.combine(day, OPENS, ZoneInfo(timezone)).astimezone(at.tzinfo)


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    return day if day.weekday() <= FRIDAY else _next_working_day(day)


def _digest_is_near(session: Session, group: Group, now: datetime, due_at: datetime) -> bool:
    """Whether the digest shows it earlier, or so soon after that two mails would say the same."""
    digest_at = next_digest_at(session, group.id, now)
    return digest_at is not None and digest_at <= due_at + AFTER


def _taken(session: Session, group: Group, due_at: datetime) -> int:
    """How many question mails that day has already, sent or planned."""
    day = due_at.astimezone(ZoneInfo(group.timezone)).date()
    start, end = clock.start_of_day(day, group.timezone), clock.end_of_day(day, group.timezone)
    return session.scalar(_THAT_DAY, {"group": group.id, "start": start, "end": end}) or 0


def _anybody(session: Session, group: Group, due_at: datetime) -> bool:
    """Whether somebody has room for it this week; whoever has none reads it in the digest."""
    active = session.scalars(_ACTIVE, {"group": group.id}).all()
    return bool(have_room(session, group, active, due_at))


def due_question_mails(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """The ids of question mails that are due and undecided, earliest first."""
    due = select(QuestionMail.id).where(QuestionMail.decided_at.is_(None), QuestionMail.due_at <= now)
    return list(session.scalars(due.order_by(QuestionMail.due_at, QuestionMail.id).limit(limit)))


def claim(session: Session, mail_id: int) -> QuestionMail | None:
    """The row, locked until the transaction ends; None where it is decided or another worker has it."""
    locked = select(QuestionMail).where(QuestionMail.id == mail_id, QuestionMail.decided_at.is_(None))
    return session.scalar(locked.with_for_update(skip_locked=True, of=QuestionMail))
