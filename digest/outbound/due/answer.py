"""Owns what happens when the ten quiet minutes of an answer are over: it goes to whom it is for. It must never show an
address where one of the two has no name.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain.groups.group import Member
from digest.domain.questions.answering import is_nameless, owner, recipient, subject_of
from digest.domain.questions.question import Answer, Question, happen
from digest.domain.rounds.entry import Section
from digest.outbound import outbox
from digest.outbound.compose import answer as answer_mail
from digest.outbound.facts import AnswerMailFacts
from digest.outbound.outbox import Posted
from digest.outbound.stamp import Stamp, frame
from digest.settings import Settings

EXPIRES = timedelta(days=3)


def tell_answer(session: Session, settings: Settings, answer_id: int, now: datetime) -> int:
    """Tell the asker of one answer, or a helper of what the asker wrote back; the group sees it with its next mail."""
    quiet = select(Answer).where(
        Answer.id == answer_id, Answer.told_at.is_(None), Answer.taken_back_at.is_(None)
    )
    answer = session.scalar(quiet.with_for_update(skip_locked=True, of=Answer))
    if answer is None:
        return 0
    answer.told_at = now
    about, to = subject_of(answer), recipient(answer)
    if to.id == answer.member_id:
        return 0  # what its asker adds to her own question is for the others
    if isinstance(about, Question) and to.id == about.member_id:
        happen(about, "helped", now)
    if to.state == "left" or _is_gone(about):
        return 0
    return outbox.put(session, [_posted(session, settings, answer, to, now)], now)


def _is_gone(about: Question | Section) -> bool:
    return (about.section if isinstance(about, Question) else about).withdrawn_at is not None


def _posted(session: Session, settings: Settings, answer: Answer, to: Member, now: datetime) -> Posted:
    about, stamp = subject_of(answer), Stamp(settings, "answer", to)
    nameless = is_nameless(session, about, to)
    direct = not (nameless or answer.anonymous)
    facts = AnswerMailFacts(
        number=about.number or 0,
        own=to.id == owner(about).id,
        to_entry=isinstance(about, Section),
        text=answer.text,
        lang=answer.lang,
        writer_name=None if answer.anonymous else answer.member.name,
        by_owner=answer.member_id == owner(about).id,
        question=about.text,
        question_lang=about.section.lang if isinstance(about, Question) else about.lang,
        nameless=nameless,
        just_you=answer.just_you,
        other_address=answer.member.person.address if direct else None,
    )
    thread = stamp.thread(f"{'question' if isinstance(about, Question) else 'entry'}-{about.id}")
    letter = frame(stamp, now, answers=thread, reply_to=facts.other_address)
    ids = {"answer_id": answer.id, "relay_to": answer.member_id}
    return Posted(stamp, answer_mail(letter, facts), f"answer:{answer.id}", now + EXPIRES, about=ids)
