"""Owns what a receipt says: the reply word for word as others will see it, under which name, who they are
and when. It must never show more than what its own writer wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain.groups import group as groups
from digest.domain.groups.group import Member
from digest.domain.groups.invitation import size_of
from digest.domain.groups.notice import Notice
from digest.domain.mails.record import InboundMessage
from digest.domain.questions import going_round
from digest.domain.questions.answering import has_name, owner, subject_of
from digest.domain.questions.question import Answer
from digest.domain.rounds import entry as entries, round as rounds
from digest.domain.rounds.entry import QUESTION, UNDECIDED, Section
from digest.domain.rounds.round import Round
from digest.outbound.facts import AnswerAsRead, LeftOutKind, Passage, ReceiptFacts, ReceiptOccasion
from digest.outbound.stamp import Stamp

SMALL = 5  # in a smaller group style and timing may tell who wrote


def receipt_facts(
    session: Session, notice: Notice, member: Member, stamp: Stamp, now: datetime
) -> tuple[ReceiptFacts | None, Round | None]:
    """The facts and the round; (None, None) where all of it was taken back meanwhile."""
    source_id: int = notice.facts.get("source_id") or notice.facts["inbound_id"]
    sections = [s for s in entries.sections_from(session, source_id) if s.is_waiting]
    answers = [answer for answer in _answers(session, source_id) if answer.is_standing]
    told_at = max((answer.tell_at for answer in answers if answer.tell_at), default=None)
    shown_at = rounds.next_digest_at(session, member.group_id, told_at or now) or told_at
    if not (sections or answers) or shown_at is None:
        return None, None
    source = session.get_one(InboundMessage, source_id)
    later = max((s.not_before for s in sections if s.not_before), default=None)
    named = not any(part.anonymous for part in [*(s.entry for s in sections), *answers])
    facts = ReceiptFacts(
        occasion=cast(ReceiptOccasion, notice.facts.get("occasion_word", "entry")),
        passages=tuple(_passage(section) for section in sections if section.key != UNDECIDED),
        answers=tuple(_answer(answer) for answer in answers),
        named=named,
        recipient_names=_recipients(session, member),
        questions_shown_at=_goes_round_at(session, member, sections, now),
        shown_at=(later and rounds.next_digest_at(session, member.group_id, later)) or shown_at,
        left_out=cast(tuple[LeftOutKind, ...], tuple(source.left_out)),
        undecided=tuple(_passage(section) for section in sections if section.key == UNDECIDED),
        answers_told_at=told_at,
        just_you=bool(answers) and all(answer.just_you for answer in answers),
        few=size_of(session, member.group) < SMALL,
        for_other_week=_counts_for_other_week(source, sections),
        fix_url=stamp.url("fix"),
        undo_url=stamp.url("undo"),
        anonymous_url=stamp.anonymous_mailto() if named else None,
    )
    return facts, sections[0].entry.round if sections else None


def _goes_round_at(
    session: Session, member: Member, sections: Sequence[Section], now: datetime
) -> datetime | None:
    """When the question mail takes them along; None where they wait for the digest."""
    asked = [section for section in sections if section.key == QUESTION and section.not_before is None]
    return going_round.planned_at(session, member.group_id, now) if asked else None


def _answers(session: Session, source_id: int) -> list[Answer]:
    return list(session.scalars(select(Answer).filter_by(source_message_id=source_id).order_by(Answer.id)))


def _passage(section: Section) -> Passage:
    return Passage(key=section.key, text=section.text, lang=section.lang)


def _answer(answer: Answer) -> AnswerAsRead:
    return AnswerAsRead(
        number=answer.number,
        asker_name=_asker_name(answer),
        text=answer.text,
        lang=answer.lang,
        to_entry=answer.question is None,
    )


def _asker_name(answer: Answer) -> str | None:
    """Who gets it, as far as its writer may know."""
    about = subject_of(answer)
    if answer.to_member is not None and answer.to_member_id != owner(about).id:
        return answer.to_member.name
    return owner(about).name if has_name(about) else None


def _recipients(session: Session, writer: Member) -> tuple[str, ...]:
    active = groups.members_in(session, writer.group_id, "active")
    return tuple(member.name for member in active if member.id != writer.id)


def _counts_for_other_week(source: InboundMessage, sections: Sequence[Section]) -> bool:
    """Whether the reply was to another round's prompt than the one that it counts for."""
    thread = source.thread
    if thread is None or thread.kind != "prompt" or not sections:
        return False
    return thread.round_id is not None and thread.round_id != sections[0].entry.round_id
