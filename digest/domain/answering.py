"""Owns the answers: written, quiet for ten minutes, then told to whom they are for, and shown to the group later. It
must never tell who wrote or asked without a name.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain.base import insert_once
from digest.domain.entry import Section
from digest.domain.group import Member
from digest.domain.mail_record import InboundMessage
from digest.domain.question import QUIET, Answer, Question


def answer(
    session: Session,
    about: Question | Section,
    member: Member,
    text: str,
    *,
    source: InboundMessage,
    now: datetime,
    lang: str | None = None,
    anonymous: bool = False,
    just_you: bool = False,
    to_member_id: int | None = None,
) -> None:
    """One answer of one message; the same message answers a question once. An answer to what somebody tried is for
    its writer.
    """
    to_question = isinstance(about, Question)
    insert_once(
        session,
        Answer,
        question_id=about.id if to_question else None,
        section_id=None if to_question else about.id,
        member_id=member.id,
        to_member_id=to_member_id,
        text=text,
        lang=lang,
        anonymous=anonymous or is_nameless(session, about, member),
        just_you=just_you or not to_question,
        source_message_id=source.id,
        received_at=source.received_at,
        tell_at=now + QUIET,
    )


def is_nameless(session: Session, about: Question | Section, member: Member) -> bool:
    """Whether the member has no name in this conversation: she asked without it, or answered so before."""
    if member.id == owner(about).id:
        return not has_name(about)
    before = select(Answer.id).where(Answer.member_id == member.id, Answer.anonymous)
    return session.scalar(before.where(_about(about)).limit(1)) is not None


def _about(about: Question | Section):  # type: ignore[no-untyped-def]
    return Answer.question_id == about.id if isinstance(about, Question) else Answer.section_id == about.id


def owner(about: Question | Section) -> Member:
    """Who asked, or who tried it."""
    return about.member if isinstance(about, Question) else about.entry.member


def has_name(about: Question | Section) -> bool:
    """Whether the group saw it with its owner's name."""
    return bool((about.section if isinstance(about, Question) else about).shown_with_name)


def subject_of(answer: Answer) -> Question | Section:
    """What the answer is to."""
    about = answer.question or answer.section
    if about is None:
        raise ValueError("an answer to nothing")
    return about


def recipient(answer: Answer) -> Member:
    return answer.to_member or owner(subject_of(answer))


def section_numbered(session: Session, group_id: int, number: int) -> Section | None:
    """What somebody tried and a digest showed under that number, as long as it stands."""
    shown = select(Section).where(
        Section.group_id == group_id, Section.number == number, Section.withdrawn_at.is_(None)
    )
    return session.scalar(shown)


def quiet_answers_due(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """The ids of answers whose ten quiet minutes are over."""
    due = select(Answer.id).where(
        Answer.told_at.is_(None), Answer.taken_back_at.is_(None), Answer.tell_at <= now
    )
    return list(session.scalars(due.order_by(Answer.tell_at).limit(limit)))
