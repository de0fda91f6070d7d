"""Owns the question mail: all new questions of a group with their stories, and the new answers, on the day they were
asked. It must never show what waits for the digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from digest.domain.groups import group as groups
from digest.domain.questions import answering, going_round, question as questions
from digest.domain.questions.going_round import QuestionMail
from digest.domain.questions.question import Question
from digest.domain.rounds import entry as entries
from digest.domain.rounds.entry import QUESTION, Section
from digest.domain.rounds.weekly_mails import with_room
from digest.outbound import outbox
from digest.outbound.compose import question_mail
from digest.outbound.due import showing
from digest.outbound.facts import EntryShown, QuestionMailFacts
from digest.outbound.outbox import Posted
from digest.outbound.stamp import Stamp, frame
from digest.settings import Settings

EXPIRES = timedelta(hours=12)
STORY = ("tried", "failed")


@dataclass(frozen=True)
class GoingRound:
    """What one question mail shows, the same for all its readers."""

    asked: tuple[Question, ...]
    answered: tuple[Question, ...]  # shown before, with an answer that is new
    entries: tuple[EntryShown, ...]  # the same for what was tried

    @property
    def is_empty(self) -> bool:
        return not (self.asked or self.answered or self.entries)


def post_questions(session: Session, settings: Settings, mail_id: int, now: datetime) -> int:
    """One question mail to each active member who has room for it; over three hours late all waits for the digest."""
    planned = going_round.claim(session, mail_id)
    if planned is None:
        return 0
    planned.decided_at = now
    readers = with_room(session, planned.group, groups.members_in(session, planned.group_id, "active"), now)
    if planned.is_too_late(now) or not readers:
        return 0
    shown = _show(session, planned, now)
    if shown is None:
        return 0
    planned.went_round = True
    stamps = [Stamp(settings, "questions", reader) for reader in readers]
    return outbox.put(session, [posted(stamp, planned.id, shown, now) for stamp in stamps], now)


def _show(session: Session, planned: QuestionMail, now: datetime) -> GoingRound | None:
    """Mark what others see from now on; None where no new question is left to go round."""
    waiting = entries.waiting_sections(session, planned.group_id, planned.due_at)
    fresh = [section for section in entries.locked(session, going(waiting)) if section.is_waiting]
    if not any(section.key == QUESTION for section in fresh):
        return None
    showing.reveal(session, planned.group, fresh, now)
    answering.show_answers(session, planned.group_id, planned.due_at, now)
    return gather(session, planned.group_id, now)


def gather(session: Session, group_id: int, shown_at: datetime) -> GoingRound:
    """What the question mail shows that was decided at that instant, as far as it stands."""
    asked = questions.shown_at(session, group_id, shown_at)
    answered = answering.questions_answered_at(session, group_id, shown_at)
    older = [question for question in answered if question.state == "open" and question not in asked]
    tried = showing.entries_answered(session, group_id, shown_at)
    return GoingRound(tuple(showing.in_order(asked)), tuple(older), tried)


def going(waiting: Sequence[Section]) -> list[Section]:
    """The questions, and what their askers wrote beside one in the same reply: the rest was promised for the digest."""
    asking = {section.entry_id: section.entry for section in waiting if section.key == QUESTION}
    beside = {
        (entry.id, section.source_message_id)
        for entry in asking.values()
        for section in entry.sections
        if section.key == QUESTION
    }
    return [
        section
        for section in waiting
        if section.key == QUESTION
        or (section.key in STORY and (section.entry_id, section.source_message_id) in beside)
    ]


def posted(stamp: Stamp, planned_id: int, shown: GoingRound, now: datetime) -> Posted:
    """The question mail to one reader."""
    facts = QuestionMailFacts(
        asked=tuple(showing.open_question(stamp, question, stamp.member) for question in shown.asked),
        answered=tuple(showing.open_question(stamp, question, stamp.member) for question in shown.answered),
        answered_entries=tuple(showing.with_page(stamp, entry) for entry in shown.entries),
    )
    composed = question_mail(frame(stamp, now), facts)
    return Posted(stamp, composed, f"questions:{planned_id}", now + EXPIRES)
