"""Owns the taking back of what one message brought: unseen parts vanish, seen ones are withdrawn.
It must never decide what was seen; whoever shows a part sets `shown_at`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain import entry as entries, question as questions
from digest.domain.entry import Section
from digest.domain.question import Answer


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
    ids = [section.id for section in brought.sections]
    entries.take_back(session, ids, now)
    entries.withdraw(session, ids, now)
    questions.withdraw_questions(session, ids, now)
    for answer in brought.answers:
        if answer.seen_at is None:
            answer.taken_back_at = now
        else:
            answer.withdrawn_at = now
    session.flush()
    return brought


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
