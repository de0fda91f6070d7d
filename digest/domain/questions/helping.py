"""Owns what stands between a member and a question: what keeps her from helping, the offer she made, and how
its asker closes it. It must never tell anybody anything.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from digest.domain.groups.group import Member
from digest.domain.questions.question import HelpOffer, Question, happen, lock

Obstacle = Literal["own", "withdrawn", "answered", "closed"]


def obstacle(question: Question, member: Member) -> Obstacle | None:
    """Why this member cannot offer to help with it; None where she can."""
    if question.state != "open":
        return question.state
    return "own" if question.member_id == member.id else None


def offer_by(session: Session, question: Question, member: Member) -> HelpOffer | None:
    """The member's offer on that question as it stands in the database now, in whatever state."""
    made = select(HelpOffer).filter_by(question_id=question.id, member_id=member.id)
    return session.scalar(made.execution_options(populate_existing=True))


def solve(session: Session, question: Question, take_away: str | None, now: datetime) -> bool:
    """Its asker says that it is solved, perhaps with what she takes away; whether this was what closed it.

    Said again, it changes nothing but a line that was still missing.
    """
    locked = lock(session, question.id)
    closed = locked is not None and happen(locked, "solved", now)
    session.flush()
    if take_away:
        line = update(Question).where(
            Question.id == question.id, Question.take_away.is_(None), Question.state != "withdrawn"
        )
        session.execute(line.values(take_away=take_away))
    session.refresh(question)
    return closed


def reopen(session: Session, question: Question, now: datetime) -> bool:
    """Its asker says "not yet": it stays open, or is open again; whether anything changed."""
    locked = lock(session, question.id)
    was_answered = locked is not None and locked.state == "answered"
    changed = locked is not None and happen(locked, "not yet", now)
    if locked is not None and was_answered and changed:
        locked.take_away = None
    session.flush()
    return changed
