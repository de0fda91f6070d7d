"""Owns what comes by itself when a question's time has come: its asker is asked whether it helped, helped to sharpen
it, told that it is closed. It must never tell a facilitator who asked without a name, nor write more than a week bears.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain.groups.group import Group, Member, members_in
from digest.domain.groups.notice import notify
from digest.domain.questions.going_round import working_time
from digest.domain.questions.life import STAGES, Event, next_at
from digest.domain.questions.question import Question, happen
from digest.domain.rounds.weekly_mails import week_of, with_room

ASKED = 2  # by name, when a question is a week old


def due_questions(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """The ids of questions for which something comes by itself now, the longest due first."""
    due = select(Question.id).where(Question.next_at.is_not(None), Question.next_at <= now)
    return list(session.scalars(due.order_by(Question.next_at, Question.id).limit(limit)))


def age(session: Session, question_id: int, now: datetime) -> None:
    """Let the next event of one question happen; where its asker has had four mails this week, next week."""
    locked = select(Question).where(Question.id == question_id, Question.next_at <= now)
    question = session.scalar(locked.with_for_update(skip_locked=True, of=Question))
    event = STAGES[question.stage].next_event if question else None
    if question is None or event is None:
        return
    _one_after_the_other(session, question.group_id)
    has_room = event == "spread" or bool(with_room(session, question.member.group, [question.member], now))
    if not has_room and not (event == "sharpen" and _should_be_closed(question, now)):
        next_week = week_of(question.member.group, now)[1]
        question.next_at = working_time(next_week, question.member.group.timezone)
        return
    happen(question, event, now)
    if has_room:
        DEEDS[event](session, question, now)


def _one_after_the_other(session: Session, group_id: int) -> None:
    """One transaction at a time for a group, however many workers: each counts what the one before it owes."""
    session.execute(select(Group.id).where(Group.id == group_id).with_for_update(key_share=True))


def _should_be_closed(question: Question, now: datetime) -> bool:
    """Whether it is too late to help sharpen it: the room left in the coming weeks is for closing it."""
    due_at = next_at("sharpened", question.section.shown_at, now)
    return due_at is not None and due_at <= now


def _ask(session: Session, question: Question, now: datetime) -> None:
    """She, not the helper, is asked, and once."""
    _tell(session, question.member, "did_it_help", question, now)


def _spread(session: Session, question: Question, now: datetime) -> None:
    """Where the group wants it and its asker has a name, offer it to the two who have not been asked for longest."""
    group = question.member.group
    if not group.offers_old_questions or question.shown_name is None:
        return
    active = members_in(session, group.id, "active")
    others = [m for m in active if m.id != question.member_id and m.is_reachable]
    free = with_room(session, group, others, now)
    for member in sorted(free, key=lambda m: (m.last_asked_at is not None, m.last_asked_at or now, m.id))[
        :ASKED
    ]:
        member.last_asked_at = now
        _tell(session, member, "could_you_help", question, now)


def _sharpen(session: Session, question: Question, now: datetime) -> None:
    _tell(session, question.member, "sharpen", question, now)
    facilitators = [m for m in members_in(session, question.group_id, "active") if m.is_facilitator]
    others = [member for member in facilitators if member.id != question.member_id]
    for member in with_room(session, question.member.group, others, now):
        _tell(session, member, "stuck", question, now)


def _close(session: Session, question: Question, now: datetime) -> None:
    _tell(session, question.member, "closed_kindly", question, now)


def _tell(session: Session, member: Member, kind: str, question: Question, now: datetime) -> None:
    if member.state == "active":
        notify(session, member.id, kind, f"question:{question.id}", now, question_id=question.id)


DEEDS: dict[Event, Callable[[Session, Question, datetime], None]] = {
    "ask": _ask,
    "spread": _spread,
    "sharpen": _sharpen,
    "close": _close,
}
