"""Owns the verbs of questions, of offers to help and of answers: their states and numbers. It must never tell who
asked without a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from digest.domain.base import insert_all, insert_once
from digest.domain.groups.group import Group, Member
from digest.domain.mails.recall import cancel_unsent
from digest.domain.questions import going_round, life
from digest.domain.questions.life import STAGES, Event
from digest.domain.questions.record import (
    Answer as Answer,
    HelpOffer as HelpOffer,
    OfferState as OfferState,
    Question as Question,
    Via as Via,
)
from digest.domain.rounds.entry import Entry, Section
from digest.domain.rounds.round import next_digest_at

SHORTLY = timedelta(seconds=1)
QUIET = timedelta(minutes=10)  # an offer or an answer can be undone unnoticed for this long


@dataclass(frozen=True)
class Asked:
    """A section that is a question, and whose."""

    group_id: int
    section_id: int
    member_id: int
    asked_at: datetime


def ask(session: Session, section: Section, member: Member, now: datetime | None = None) -> None:
    """A question section becomes a question; it gets its number when it is first shown."""
    section.not_before = waits_until(session, member.group, now or section.received_at)
    ask_all(session, [Asked(section.group_id, section.id, member.id, section.received_at)])


def waits_until(session: Session, group: Group, at: datetime) -> datetime | None:
    """It goes round with the question mail planned for it (None); where there is none it waits for the digest."""
    if going_round.plan(session, group, at) is not None:
        return None
    digest_at = next_digest_at(session, group.id, at)
    return digest_at and digest_at - SHORTLY


def ask_all(session: Session, asked: Sequence[Asked]) -> None:
    """The sections, which are written, become questions."""
    insert_all(session, Question, [{**vars(one), "state": "open", "stage": "waiting"} for one in asked])


def happen(question: Question, event: Event, now: datetime) -> bool:
    """Let an event happen to a question, as the table of its life says; whether it changed anything."""
    stage = life.after(question.stage, event)
    if stage is None:
        return False
    question.stage, question.state = stage, STAGES[stage].state
    due_at = life.next_at(stage, question.section.shown_at, now)
    question.next_at = due_at and going_round.working_time(due_at, question.member.group.timezone)
    question.closed_at = now if question.state != "open" else None
    return True


def lock(session: Session, question_id: int) -> Question | None:
    """The question as it stands now, locked until the transaction ends."""
    fresh = select(Question).where(Question.id == question_id)
    return session.scalar(fresh.with_for_update(of=Question).execution_options(populate_existing=True))


def give_numbers(group: Group, questions: Sequence[Question]) -> None:
    """Number questions that are shown now, in the order given; from here on the group has them."""
    for question in questions:
        if question.number is None:
            question.number = next_number(group)
        happen(question, "shown", question.section.shown_at or question.asked_at)


def next_number(group: Group) -> int:
    """The next number of the group: questions and what else can be answered have one sequence."""
    number = group.next_question_number
    group.next_question_number += 1
    return number


def open_questions(session: Session, group_id: int) -> list[Question]:
    """The questions of a group that were shown and are open, oldest number first."""
    standing = select(Question).where(
        Question.group_id == group_id, Question.state == "open", Question.number.is_not(None)
    )
    return list(session.scalars(standing.order_by(Question.number)))


def question_numbered(session: Session, group_id: int, number: int) -> Question | None:
    return session.scalar(select(Question).filter_by(group_id=group_id, number=number))


def asked_in(session: Session, section_ids: Sequence[int]) -> list[Question]:
    asked = select(Question).where(Question.section_id.in_(section_ids))
    return list(session.scalars(asked.order_by(Question.id)))


_QUESTIONS = cast(Table, Question.__table__)
_WITHDRAW = (
    update(_QUESTIONS)
    .where(_QUESTIONS.c.section_id.in_(bindparam("sections", expanding=True)))
    .where(_QUESTIONS.c.state != "withdrawn")
    .values(state="withdrawn", stage="withdrawn", next_at=None, closed_at=bindparam("now"))
)


def withdraw_questions(session: Session, section_ids: Sequence[int], now: datetime) -> None:
    """Questions go with the sections that were taken back or withdrawn."""
    if section_ids:
        session.flush()
        session.connection().execute(_WITHDRAW, {"sections": section_ids, "now": now})


def offer(
    session: Session,
    question: Question,
    member: Member,
    via: Via,
    now: datetime,
    message_id: int | None = None,
) -> HelpOffer:
    """One member's offer on one question; made once, however often she clicks. One that was undone stands
    again.
    """
    insert_once(
        session,
        HelpOffer,
        question_id=question.id,
        member_id=member.id,
        state="quiet",
        via=via,
        times_made=1,
        outbound_message_id=message_id,
        made_at=now,
        tell_at=now + QUIET,
    )
    standing = select(HelpOffer).filter_by(question_id=question.id, member_id=member.id)
    locked = standing.with_for_update(of=HelpOffer).execution_options(populate_existing=True)
    made = session.scalars(locked).one()
    if made.state == "undone" or (made.state == "suspect" and via != "auto"):
        made.state, made.via, made.made_at, made.tell_at = "quiet", via, now, now + QUIET
        made.outbound_message_id = message_id
        made.times_made += 1
    elif made.state == "quiet" and via != "auto":
        made.via, made.made_at = via, now  # a later press or a reply is never suspect
    return made


def undo_offer(session: Session, made: HelpOffer, now: datetime) -> bool:
    """Whether the offer could be taken back before its asker heard of it; mails that have not left are cancelled."""
    locked = select(HelpOffer).where(HelpOffer.id == made.id).with_for_update(of=HelpOffer)
    session.execute(locked.execution_options(populate_existing=True))
    done = made.state in ("quiet", "suspect") or (
        made.state == "told" and bool(cancel_unsent(session, "introduction", offer_occasion(made)))
    )
    if done:
        made.state, made.told_at = "undone", None
        session.flush()
        unhelp(session, made.question, now)
    return done


def offer_occasion(made: HelpOffer) -> str:
    """By which the mails about an offer are told from those about the same one made again."""
    return f"offer:{made.id}:{made.times_made}"


def unhelp(session: Session, question: Question, now: datetime) -> None:
    """Where all help was taken back before it left, the question waits for the group again."""
    helped = select(HelpOffer.id).where(HelpOffer.question_id == question.id, HelpOffer.state == "told")
    told = select(Answer.id).where(
        Answer.question_id == question.id,
        Answer.told_at.is_not(None),
        Answer.to_member_id.is_(None),
        Answer.member_id != question.member_id,
    )
    if session.scalar(helped.limit(1)) is None and session.scalar(told.limit(1)) is None:
        happen(question, "unhelped", now)


def quiet_offers_due(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """The ids of offers whose ten quiet minutes are over."""
    due = select(HelpOffer.id).where(HelpOffer.state == "quiet", HelpOffer.tell_at <= now)
    return list(session.scalars(due.order_by(HelpOffer.tell_at).limit(limit)))


def shown_at(session: Session, group_id: int, instant: datetime) -> list[Question]:
    """The questions that the group was first shown at that instant and that are open."""
    shown = select(Question).join(Section).where(Section.group_id == group_id, Section.shown_at == instant)
    return list(session.scalars(shown.where(Question.state == "open", Question.number.is_not(None))))


def story_of(question: Question) -> dict[str, str]:
    """What the asker tried and what did not work, as far as others may see it: section key to text.

    Only what was shown like the question, with her name or without: nothing may link the one to the other.
    """
    entry: Entry = question.section.entry
    parts: dict[str, list[str]] = {}
    for section in entry.sections:
        visible = section.shown_at is not None and section.withdrawn_at is None
        visible = visible and section.shown_with_name == question.section.shown_with_name
        if visible and section.key in ("tried", "failed"):
            parts.setdefault(section.key, []).append(section.text)
    return {key: "\n\n".join(texts) for key, texts in parts.items()}
