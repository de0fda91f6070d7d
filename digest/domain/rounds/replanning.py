"""Owns what becomes of planned rounds when a group's times or its last day change. It must never move a digest that
somebody was told of, nor a round whose prompt is out.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from digest.domain.groups.practice import Practice, read_weekly_time
from digest.domain.rounds.entry import UNDECIDED, Entry, Section
from digest.domain.rounds.round import Round, instants, is_over, next_digest_at, plan_rounds


def change_times(practice: Practice, prompt: str | None, digest: str | None) -> None:
    """Other weekly times, such as "tue 09:00"; None leaves one as it is. Raises Misuse."""
    if prompt is not None:
        practice.prompt_weekday, practice.prompt_time = read_weekly_time(prompt)
    if digest is not None:
        practice.digest_weekday, practice.digest_time = read_weekly_time(digest)


def replan(session: Session, practice: Practice, now: datetime) -> None:
    """Let the planned rounds follow the practice and the last day of its group, as soon as nobody waits for a digest
    whose time she was told.
    """
    told = _told(session, practice.group_id, now)
    for planned in _planned(session, practice, now):
        prompt, digest = instants(practice, planned.week)
        if prompt > now and (told is None or min(planned.digest_due_at, digest) > told):
            planned.prompt_due_at, planned.digest_due_at = prompt, digest
        if is_over(practice, planned.prompt_due_at) and not _has_entries(session, planned):
            session.delete(planned)
    session.flush()
    plan_rounds(session, practice, now)


def _planned(session: Session, practice: Practice, now: datetime) -> list[Round]:
    """The rounds to come, locked."""
    to_come = select(Round).where(
        Round.practice_id == practice.id, Round.prompted_at.is_(None), Round.prompt_due_at > now
    )
    return list(session.scalars(to_come.order_by(Round.id).with_for_update(of=Round)))


def _told(session: Session, group_id: int, now: datetime) -> datetime | None:
    """The latest digest that a receipt named to somebody whose words still wait; None where nobody's do."""
    waiting = select(Section.not_before).where(
        Section.group_id == group_id,
        Section.shown_at.is_(None),
        Section.taken_back_at.is_(None),
        Section.replaced_at.is_(None),
        Section.key != UNDECIDED,
    )
    after = {max(now, not_before or now) for not_before in session.scalars(waiting.distinct())}
    named = [next_digest_at(session, group_id, instant) for instant in after]
    return max((instant for instant in named if instant), default=None)


def _has_entries(session: Session, planned: Round) -> bool:
    return bool(session.scalar(select(exists().where(Entry.round_id == planned.id))))
