"""Owns the answers: written, quiet for ten minutes, then told to whom they are for, and shown to the group later. It
must never tell who wrote or asked without a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, or_, select, text as sql
from sqlalchemy.orm import InstrumentedAttribute, Session

from digest.domain.base import insert_once
from digest.domain.groups.group import Member
from digest.domain.mails.record import InboundMessage
from digest.domain.questions.question import QUIET, Answer, Question
from digest.domain.rounds.entry import Section


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
) -> bool:
    """One answer of one message; the same message answers a question, or what somebody tried, once. False where the
    same words of hers stand there already.
    """
    to_question = isinstance(about, Question)
    if to_member_id is None and _stands(session, about, member, text, source, nameless=anonymous):
        return False
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
        just_you=just_you,
        source_message_id=source.id,
        received_at=source.received_at,
        tell_at=now + QUIET,
    )
    return True


def _stands(
    session: Session,
    about: Question | Section,
    member: Member,
    text: str,
    source: InboundMessage,
    *,
    nameless: bool,
) -> bool:
    """Whether another message of hers has said so; with her name does not stand for without it."""
    same = select(Answer.id).where(_about(about), Answer.member_id == member.id, Answer.text == text)
    stands = same.where(Answer.taken_back_at.is_(None), Answer.withdrawn_at.is_(None))
    if nameless:
        stands = stands.where(Answer.anonymous)
    return session.scalar(stands.where(Answer.source_message_id != source.id).limit(1)) is not None


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


def show_answers(session: Session, group_id: int, before: datetime, now: datetime) -> None:
    """Show the group the answers whose asker was told before that instant, never those for one person alone."""
    to_question = exists().where(
        Question.id == Answer.question_id, Question.group_id == group_id, Question.state != "withdrawn"
    )
    to_section = exists().where(
        Section.id == Answer.section_id, Section.group_id == group_id, Section.withdrawn_at.is_(None)
    )
    waiting = select(Answer).where(
        Answer.shown_at.is_(None),
        Answer.taken_back_at.is_(None),
        Answer.withdrawn_at.is_(None),
        sql("NOT answers.just_you"),  # spelled as in the partial index: SQLite uses it for nothing else
        Answer.told_at <= before,  # so its ten quiet minutes are over
        or_(to_question, to_section),
    )
    fresh = waiting.with_for_update(of=Answer).execution_options(populate_existing=True)
    for answer in session.scalars(fresh):
        answer.shown_at = now
    session.flush()


def questions_answered_at(session: Session, group_id: int, instant: datetime) -> list[Question]:
    """The questions, by number, that had an answer shown to the group at that instant which still stands."""
    answered = select(Question).where(
        Question.group_id == group_id, Question.id.in_(_shown_at(Answer.question_id, instant))
    )
    return list(session.scalars(answered.order_by(Question.number)))


def sections_answered_at(session: Session, group_id: int, instant: datetime) -> list[Section]:
    """The same for what somebody tried, as far as that stands."""
    answered = select(Section).where(
        Section.group_id == group_id,
        Section.withdrawn_at.is_(None),
        Section.id.in_(_shown_at(Answer.section_id, instant)),
    )
    return list(session.scalars(answered.order_by(Section.number)))


def _shown_at(column: InstrumentedAttribute[int | None], instant: datetime) -> Select[int | None]:
    return select(column).where(
        Answer.shown_at == instant, Answer.withdrawn_at.is_(None), column.is_not(None)
    )


def answers_to(session: Session, about: Question | Section) -> list[Answer]:
    return list(session.scalars(select(Answer).where(_about(about)).order_by(Answer.id)))


FEWEST_LEFT = 3  # members of whom each may have written without a name


@dataclass(frozen=True)
class Heard:
    """One answer as the group sees it; `name` is None where it is shown without one."""

    answer: Answer
    name: str | None
    by_owner: bool


def heard(about: Question | Section, answers: Iterable[Answer]) -> list[Heard]:
    """The answers that the group has been shown and that stand. None has a name where one of them has none, so that
    nobody can be found by taking away the others, nor where the names would leave too few who may have asked; their
    order then tells nothing.
    """
    seen = [answer for answer in answers if answer.is_standing and answer.shown_at is not None]
    owner_id = owner(about).id
    others = [answer for answer in seen if answer.member_id != owner_id]
    named = not any(answer.anonymous for answer in others) and names_may_stand(about, others)
    if not named:
        seen.sort(key=lambda answer: (answer.shown_at, answer.text))
    return [_heard(about, answer, named, by_owner=answer.member_id == owner_id) for answer in seen]


def names_may_stand(about: Question | Section, answers: Iterable[Answer] = ()) -> bool:
    """Whether, beside the named helpers and answerers, enough members are left who may have written without a name.
    Three have to be: each reader knows that it was not herself.
    """
    if has_name(about):
        return True
    offers = about.offers if isinstance(about, Question) else []
    named = {offer.member_id for offer in offers if offer.state == "told"} | {
        one.member_id for one in answers
    }
    group = owner(about).group
    left = [one for one in group.members if one.state == "active" and one.id not in named]
    return len(left) >= FEWEST_LEFT


def _heard(about: Question | Section, answer: Answer, named: bool, *, by_owner: bool) -> Heard:
    with_name = has_name(about) if by_owner else named
    return Heard(answer, answer.member.name if with_name else None, by_owner)
