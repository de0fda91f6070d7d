"""Owns the taking back of what one message brought: unseen parts vanish, seen ones are withdrawn.
It must never decide what was seen; whoever shows a part sets `shown_at`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from digest.domain.mails.recall import cancel_about, cancel_unsent, recall
from digest.domain.questions import question as questions, same_here
from digest.domain.questions.answering import recipient
from digest.domain.questions.question import Answer
from digest.domain.rounds import entry as entries
from digest.domain.rounds.entry import QUESTION, Section


@dataclass(frozen=True)
class Brought:
    """What stands of one message: its sections and answers that were neither taken back nor replaced."""

    sections: tuple[Section, ...]
    answers: tuple[Answer, ...]

    @property
    def seen_at(self) -> datetime | None:
        """When others saw the latest part of it; None where nobody has."""
        seen = [section.shown_at for section in self.sections] + [answer.seen_at for answer in self.answers]
        return max((at for at in seen if at), default=None)

    def __bool__(self) -> bool:
        return bool(self.sections or self.answers)


def brought_by(session: Session, source_message_id: int, member_id: int) -> Brought:
    """What stands of a member's message."""
    sections = entries.sections_from(session, source_message_id)
    answers = select(Answer).where(
        Answer.source_message_id == source_message_id, Answer.member_id == member_id
    )
    return _standing(
        [section for section in sections if section.entry.member_id == member_id],
        list(session.scalars(answers.order_by(Answer.id))),
    )


def retract(session: Session, source_message_id: int, member_id: int, now: datetime) -> Brought:
    """Take back or withdraw all that stands of a member's message; what that was, with when it was seen.

    The rows are locked first, so that showing and taking back wait for each other.
    """
    sections = entries.locked(session, brought_by(session, source_message_id, member_id).sections)
    brought = _standing(sections, _locked_answers(session, source_message_id, member_id))
    take_out(session, brought.sections, brought.answers, now)
    same_here.take_back(same_here.said_in(session, source_message_id, member_id), now)
    return brought


def take_out(session: Session, sections: Sequence[Section], answers: Sequence[Answer], now: datetime) -> None:
    """Take back what nobody has seen, also where mails are composed of which none has left; withdraw the rest. No mail
    that still waits shows any of it. The rows are locked.
    """
    for answer in answers:
        _call_back_answer(session, answer)
    _call_back_from_group(session, sections, answers)
    session.flush()
    ids = [section.id for section in sections]
    entries.take_back(session, ids, now)
    entries.withdraw(session, ids, now)
    _withdraw_questions(session, ids, now)
    for answer in answers:
        if answer.seen_at is None:
            answer.taken_back_at = answer.taken_back_at or now
        else:
            answer.withdrawn_at = answer.withdrawn_at or now
    session.flush()
    for section in sections:
        session.refresh(section)
    for question in {answer.question for answer in answers if answer.question}:
        questions.unhelp(session, question, now)


def take_name_off(session: Session, sections: Sequence[Section]) -> None:
    """Her name stays off what mails show of which none has left, and the others' names with it: a name that is missing
    alone would tell. What is out keeps its name.
    """
    named = [s for s in sections if s.shown_at and s.shown_with_name and s.withdrawn_at is None]
    first = min((s.shown_at for s in named if s.shown_at), default=None)
    unseen_after = recall(session, named[0].entry.member, first) if first else None
    if first is None or unseen_after is None:
        return
    beside = update(Section).where(
        Section.group_id == named[0].group_id, Section.shown_at >= first, Section.shown_at > unseen_after
    )
    session.execute(beside.values(shown_with_name=False))
    for section in named:
        session.refresh(section)


def _withdraw_questions(session: Session, section_ids: Sequence[int], now: datetime) -> None:
    questions.withdraw_questions(session, section_ids, now)
    gone = questions.asked_in(session, section_ids)
    if gone:
        cancel_about(session, gone[0].group_id, {question.id for question in gone})


def _call_back_answer(session: Session, answer: Answer) -> None:
    """An answer that is on its way to one person alone: unseen, if that mail has not left."""
    if answer.told_at is None or not answer.is_standing:
        return
    for_herself = recipient(answer).id == answer.member_id  # then no mail told of it
    if for_herself or cancel_unsent(session, "answer", f"answer:{answer.id}"):
        answer.told_at = None


def _call_back_from_group(session: Session, sections: Sequence[Section], answers: Sequence[Answer]) -> None:
    """What mails to the group show: unseen, if none of them has left."""
    standing = [section for section in sections if section.shown_at and section.withdrawn_at is None]
    shown = [(part, part.shown_at) for part in (*standing, *answers) if part.shown_at]
    if not shown:
        return
    writer = sections[0].entry.member if sections else answers[0].member
    unseen_after = recall(session, writer, min(at for _, at in shown))
    for part, at in shown:
        if unseen_after is not None and at > unseen_after:
            part.shown_at = None
    _hand_on_numbers(session, standing)


def _hand_on_numbers(session: Session, sections: Sequence[Section]) -> None:
    """The number by which others answer an entry stays, with their answers, with what still stands of it."""
    for section in [section for section in sections if section.number is not None]:
        rest = [s for s in section.entry.sections if is_standing(s) and s.shown_at and s not in sections]
        heir = next((s for s in rest if s.number is None and s.key != QUESTION), None)
        if heir is not None:
            number, section.number = section.number, None
            session.flush()
            heir.number = number
            answers = update(Answer).where(Answer.section_id == section.id)
            session.execute(answers.values(section_id=heir.id))


def _standing(sections: list[Section], answers: list[Answer]) -> Brought:
    return Brought(
        tuple(section for section in sections if is_standing(section)),
        tuple(answer for answer in answers if answer.is_standing),
    )


def is_standing(section: Section) -> bool:
    """Whether the section waits for others or has been shown to them, and was not withdrawn."""
    return section.is_waiting or (section.shown_at is not None and section.withdrawn_at is None)


def _locked_answers(session: Session, source_message_id: int, member_id: int) -> list[Answer]:
    meant = select(Answer).where(Answer.source_message_id == source_message_id, Answer.member_id == member_id)
    fresh = meant.order_by(Answer.id).with_for_update(of=Answer).execution_options(populate_existing=True)
    return list(session.scalars(fresh))
