"""Owns Monday's digest: what is shown to whom, decided in the transaction that sets `shown_at`.
It must never let a name, an order or a date tell who wrote without a name.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain import entry as entries, group as groups, question as questions
from digest.domain.entry import QUESTION, Section
from digest.domain.group import Group, Member
from digest.domain.question import Question
from digest.domain.round import DIGEST_LATEST, Round, claim
from digest.outbound import outbox
from digest.outbound.compose import digest
from digest.outbound.facts import (
    AnswerShown,
    DigestFacts,
    EntryShown,
    OpenQuestion,
    Passage,
    SolvedQuestion,
)
from digest.outbound.outbox import Posted
from digest.outbound.stamp import Stamp, frame
from digest.settings import Settings


@dataclass(frozen=True)
class Shown:
    """What one digest shows, the same for all its readers."""

    open: tuple[Question, ...]
    entries: tuple[EntryShown, ...]
    solved: tuple[SolvedQuestion, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.open or self.entries or self.solved)


def post_digest(session: Session, settings: Settings, round_id: int, now: datetime) -> int:
    """The digest of one round to each active member; none where there is nothing to say, or two days late."""
    round = claim(session, round_id)
    if round is None or round.digested_at is not None:
        return 0
    round.digested_at = now
    round.digest_missed = round.digest_is_too_late(now)
    if round.digest_missed:
        return 0
    readers = groups.members_in(session, round.group_id, "active")
    shown = show(session, round, now) if readers else None
    if shown is None or shown.is_empty:
        return 0
    return outbox.put(session, [_posted(settings, round, shown, reader, now) for reader in readers], now)


def show(session: Session, round: Round, now: datetime) -> Shown:
    """Mark what others see from now on, and gather it."""
    group: Group = round.practice.group
    fresh = entries.locked(session, entries.waiting_sections(session, round.group_id, round.digest_due_at))
    fresh = [section for section in fresh if section.is_waiting]
    named = not any(section.entry.anonymous for section in fresh)
    for section in fresh:
        section.shown_at, section.shown_with_name = now, named
    asked = questions.asked_in(session, [section.id for section in fresh if section.key == QUESTION])
    random.shuffle(asked)  # neither the order nor a number tells who wrote first
    questions.give_numbers(group, [question for question in asked if question.state == "open"])
    for answer in questions.answers_to_show(session, round.group_id, round.digest_due_at):
        answer.shown_at = now
    session.flush()
    return Shown(
        open=tuple(_in_order(questions.open_questions(session, round.group_id))),
        entries=_entries(fresh, named),
        solved=_solved(session, round),
    )


def _in_order(standing: Sequence[Question]) -> list[Question]:
    """Oldest and least helped first; within a week the number, which was drawn, decides."""
    return sorted(standing, key=lambda q: (_since(q), len(_helpers(q)) + len(_answers(q)), q.number))


def _since(question: Question) -> date:
    """The day since which a question waits: without a name, the day on which it was shown."""
    named = question.shown_name is not None
    instant = question.asked_at if named else (question.section.shown_at or question.asked_at)
    return instant.astimezone(ZoneInfo(question.section.entry.member.group.timezone)).date()


def _helpers(question: Question) -> tuple[str, ...]:
    return tuple(offer.member.name for offer in question.offers if offer.state == "told")


def _answers(question: Question) -> tuple[AnswerShown, ...]:
    return tuple(
        AnswerShown(name=None if a.anonymous else a.member.name, text=a.text, lang=a.lang)
        for a in question.answers
        if a.is_standing and a.shown_at is not None
    )


def _entries(fresh: Sequence[Section], named: bool) -> tuple[EntryShown, ...]:
    """What was tried and did not work by those who asked nothing; a question carries its story with it."""
    by_entry: dict[int, list[Section]] = {}
    for section in fresh:
        by_entry.setdefault(section.entry_id, []).append(section)
    without_question = [s for s in by_entry.values() if not any(section.key == QUESTION for section in s)]
    random.shuffle(without_question)
    return tuple(_entry(sections, named) for sections in without_question)


def _entry(sections: Sequence[Section], named: bool) -> EntryShown:
    passages = tuple(Passage(key=s.key, text=s.text, lang=s.lang) for s in sections)
    return EntryShown(name=sections[0].entry.member.name if named else None, passages=passages)


def _solved(session: Session, round: Round) -> tuple[SolvedQuestion, ...]:
    """The questions that were solved since the digest before this one could show them."""
    week_before = round.digest_due_at - round.practice.rhythm
    closed = select(Question).where(
        Question.group_id == round.group_id,
        Question.state == "answered",
        Question.closed_at > week_before,
        Question.closed_at <= round.digest_due_at,
    )
    return tuple(
        SolvedQuestion(
            number=question.number or 0,
            text=question.text,
            lang=question.section.lang,
            helper_names=_thanked(question),
            asker_name=question.shown_name,
            takeaway=question.take_away,
        )
        for question in session.scalars(closed.order_by(Question.number))
    )


def _thanked(question: Question) -> tuple[str, ...]:
    names = [*_helpers(question), *(answer.name for answer in _answers(question) if answer.name)]
    return tuple(dict.fromkeys(names))


def _posted(settings: Settings, round: Round, shown: Shown, reader: Member, now: datetime) -> Posted:
    stamp = Stamp(settings, "digest", reader)
    facts = DigestFacts(
        questions=tuple(_question(stamp, question, reader) for question in shown.open),
        entries=shown.entries,
        solved=shown.solved,
    )
    week = round.digest_week
    composed = digest(frame(stamp, now, week=week), facts)
    return Posted(stamp, composed, f"round:{round.id}", now + DIGEST_LATEST, round.id)


def _question(stamp: Stamp, question: Question, reader: Member) -> OpenQuestion:
    own, number = question.member_id == reader.id, question.number or 0
    story = questions.story_of(question)
    return OpenQuestion(
        number=number,
        asker_name=question.shown_name,
        text=question.text,
        lang=question.section.lang,
        tried=story.get("tried"),
        failed=story.get("failed"),
        asked_on=_since(question),
        own=own,
        helper_names=_helpers(question),
        answers=_answers(question),
        help_url=None if own else stamp.url("help", number),
        whole_url=stamp.url("whole", number),
    )
