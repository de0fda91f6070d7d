"""Owns Monday's digest: what is shown to whom, decided in the transaction that sets `shown_at`.
It must never let a name, an order or a date tell who wrote without a name.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain.groups import group as groups
from digest.domain.groups.group import Group
from digest.domain.questions import answering, question as questions
from digest.domain.questions.question import Question
from digest.domain.rounds import entry as entries
from digest.domain.rounds.entry import QUESTION, Section
from digest.domain.rounds.round import DIGEST_LATEST, Round, claim
from digest.outbound import outbox
from digest.outbound.compose import digest
from digest.outbound.due import showing
from digest.outbound.facts import (
    DigestFacts,
    EntryShown,
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
    answered: tuple[EntryShown, ...]  # of an earlier week, with an answer that is new
    solved: tuple[SolvedQuestion, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.open or self.entries or self.answered or self.solved)


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
    stamps = [Stamp(settings, "digest", reader) for reader in readers]
    return outbox.put(session, [posted(stamp, round, shown, now) for stamp in stamps], now)


def show(session: Session, round: Round, now: datetime) -> Shown:
    """Mark what others see from now on, and gather it."""
    group = round.practice.group
    fresh = entries.locked(session, entries.waiting_sections(session, group.id, round.digest_due_at))
    fresh = [section for section in fresh if section.is_waiting]
    showing.reveal(session, group, fresh, now)
    _give_numbers(group, _without_question(fresh))
    answering.show_answers(session, group.id, round.digest_due_at, now)
    session.flush()
    return gather(session, round, now)


def gather(session: Session, round: Round, shown_at: datetime) -> Shown:
    """What the digest shows that was decided at that instant, as far as it stands."""
    together = entries.shown_together(session, round.group_id, shown_at)
    without_question = _without_question([section for sections in together for section in sections])
    new = sorted(map(showing.entry_shown, without_question), key=lambda entry: entry.number or 0)
    return Shown(
        open=tuple(showing.in_order(questions.open_questions(session, round.group_id))),
        entries=tuple(new),
        answered=showing.entries_answered(session, round.group_id, shown_at),
        solved=_solved(session, round),
    )


def _without_question(sections: Sequence[Section]) -> list[list[Section]]:
    """What was tried and did not work by those who asked nothing; a question carries its story with it."""
    by_entry: dict[int, list[Section]] = {}
    for section in sections:
        by_entry.setdefault(section.entry_id, []).append(section)
    return [s for s in by_entry.values() if not any(section.key == QUESTION for section in s)]


def _give_numbers(group: Group, written: list[list[Section]]) -> None:
    """By which they can be answered; drawn, so that neither number nor order tells who wrote first."""
    random.shuffle(written)
    for sections in written:
        sections[0].number = questions.next_number(group)


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
    names = [
        *showing.helpers(question),
        *(answer.name for answer in showing.answers(question) if answer.name),
    ]
    return tuple(dict.fromkeys(names))


def posted(stamp: Stamp, round: Round, shown: Shown, now: datetime) -> Posted:
    """The digest to one reader."""
    facts = DigestFacts(
        questions=tuple(showing.open_question(stamp, question, stamp.member) for question in shown.open),
        entries=tuple(replace(entry, whole_url=stamp.url("whole")) for entry in shown.entries),
        answered=tuple(showing.with_page(stamp, entry) for entry in shown.answered),
        solved=shown.solved,
    )
    composed = digest(frame(stamp, now, week=round.digest_week), facts)
    return Posted(stamp, composed, f"round:{round.id}", now + DIGEST_LATEST, round.id)
