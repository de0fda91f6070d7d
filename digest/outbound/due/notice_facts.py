"""Owns what the short mails need to know beside their kind. It must never hold a word that is said."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from digest.domain.groups.group import Member
from digest.domain.groups.notice import Notice
from digest.domain.mails.record import InboundMessage
from digest.domain.questions import question as questions
from digest.domain.questions.question import HelpOffer, Question
from digest.domain.replies.admission import UNPROVED
from digest.domain.rounds import round as rounds
from digest.domain.rounds.entry import latest_sections
from digest.outbound.facts import Choice, NoticeFacts, NoticeKind
from digest.outbound.stamp import Stamp

LARGEST_MB = 30
OBSTACLES = ("closed", "withdrawn", "own", "unknown", "told", "heard")


def notice_facts(
    session: Session, notice: Notice, member: Member, stamp: Stamp, now: datetime
) -> NoticeFacts:
    kind = notice.kind
    offer = session.get(HelpOffer, notice.facts.get("offer_id") or 0)
    question = offer.question if offer else session.get(Question, notice.facts.get("question_id") or 0)
    number = question.number if question else notice.facts.get("number")
    reason = notice.facts.get("reason")
    return NoticeFacts(
        kind=cast(NoticeKind, kind),
        at=_at(session, notice, member, now),
        address=_sender(session, notice) if kind == "sender_unknown" else None,
        unproved=notice.facts.get("doubt") == UNPROVED,
        number=number,
        text=question.take_away if question and kind == "solved_noted" else None,
        question=question.text if question else None,
        lang=question.section.lang if question else None,
        asker_name=question.shown_name if question else None,
        reason=reason if reason in OBSTACLES else None,
        choices=_choices(session, member) if kind == "number_unknown" else (),
        count=notice.facts.get("count"),
        size_limit_mb=LARGEST_MB if kind == "too_large" else None,
        fix_url=_fix_url(stamp, kind, number or 0),
    )


def _at(session: Session, notice: Notice, member: Member, now: datetime) -> datetime | None:
    if notice.kind == "same_noted":
        return datetime.fromisoformat(notice.facts["tell_at"])
    if notice.kind in ("undo_too_late_withdrawn", "anonymous_noted"):
        return datetime.fromisoformat(notice.facts["shown_at"])
    if notice.kind == "later_noted":
        held = [s.not_before for s in latest_sections(session, member.id) if s.not_before and s.is_waiting]
        return rounds.next_digest_at(session, member.group_id, max(held)) if held else None
    if notice.kind in ("resumed", "joined_already", "skip_noted"):
        return rounds.next_prompt_at(session, member.group_id)
    return None


def _sender(session: Session, notice: Notice) -> str | None:
    """The address that the message in question came from, as it says itself, else as its envelope said."""
    held = session.get(InboundMessage, notice.facts.get("inbound_id") or 0)
    return (held.from_address or held.mail_from or None) if held else None


def _choices(session: Session, member: Member) -> tuple[Choice, ...]:
    standing = questions.open_questions(session, member.group_id)
    return tuple(
        Choice(number=question.number or 0, text=question.text, lang=question.section.lang)
        for question in standing
        if question.member_id != member.id
    )


def _fix_url(stamp: Stamp, kind: str, number: int) -> str | None:
    """The page with the button, where a kind has one."""
    if kind == "sender_unknown":
        return stamp.url("fix")
    if kind == "did_it_help":
        return stamp.url("solved", number)
    return stamp.url("help", number) if kind in ("offer_question", "could_you_help") else None
