"""Owns the mails that the service owes somebody: a Notice becomes one finished mail, or is let go with a
reason. It must never decide what is owed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from digest.domain.groups import group as groups
from digest.domain.groups.group import Member
from digest.domain.groups.notice import Notice, claim_notice
from digest.domain.mails import automatic_answers
from digest.domain.mails.recall import ASKS_FOR_HELP
from digest.domain.mails.record import InboundMessage
from digest.domain.questions.question import HelpOffer, Question
from digest.domain.rounds import round as rounds
from digest.outbound import compose, outbox
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.due.notice_facts import notice_facts
from digest.outbound.due.prompt import facilitator_name, post_prompt_to
from digest.outbound.due.receipt_facts import receipt_facts
from digest.outbound.due.unreachable import unreachable_facts
from digest.outbound.facts import Frame, InvitationFacts, OfferFacts, Rhythm, Section, WelcomeFacts
from digest.outbound.outbox import Posted
from digest.outbound.stamp import Stamp, frame
from digest.settings import Settings

EXPIRES = timedelta(days=3)
ABOUT = ("inbound_id", "offer_id", "question_id")
AFTER_LEAVING = ("left", "declined", "closed_address")  # all that somebody who left may still get


@dataclass(frozen=True)
class Owed:
    """One notice on its way to becoming a mail."""

    session: Session
    settings: Settings
    notice: Notice
    member: Member
    stamp: Stamp
    cause: InboundMessage | None  # the message that it answers
    now: datetime

    def frame(self, week: int | None = None) -> Frame:
        answered = self.cause.message_id if self.cause else None
        return frame(
            self.stamp, self.now, week=week, answers=answered, answers_a_message=self.cause is not None
        )


def post_notice(session: Session, settings: Settings, notice_id: int, now: datetime) -> int:
    """The mail of one notice; it is settled in the same transaction, so that it leaves once or not at all."""
    notice = claim_notice(session, notice_id)
    if notice is None:
        return 0
    if wait := automatic_answers.not_before(session, notice, now):
        notice.due_at = wait
        return 0
    notice.settled_at = now
    member = notice.member
    if (member.state == "left" and notice.kind not in AFTER_LEAVING) or not _still_wanted(session, notice):
        notice.cancelled = True
        return 0
    cause = session.get(InboundMessage, notice.facts.get("inbound_id") or 0)
    owed = Owed(session, settings, notice, member, Stamp(settings, notice.kind, member), cause, now)
    composed = MAILS.get(notice.kind, _short)(owed)
    if composed and notice.answers:
        notice.answered_at = now
    return composed


def _still_wanted(session: Session, notice: Notice) -> bool:
    """An invitation is for somebody who has not answered it yet, a question about a question for one that is open."""
    if notice.kind in ASKS_FOR_HELP:
        question = session.get(Question, notice.facts.get("question_id") or 0)
        return question is not None and question.state == "open"
    return notice.kind != "invitation" or notice.member.state == "invited"


def _put(owed: Owed, composed: ComposedMessage, about: dict[str, int], round_id: int | None = None) -> int:
    mail = Posted(
        owed.stamp, composed, owed.notice.occasion, owed.now + EXPIRES, round_id=round_id, about=about
    )
    return outbox.put(owed.session, [mail], owed.now)


def _invitation(owed: Owed) -> int:
    others = groups.members_in(owed.session, owed.member.group_id, "invited", "active", "paused")
    practice = rounds.practice_of(owed.session, owed.member.group_id)
    facts = InvitationFacts(
        facilitator_name=facilitator_name(others),
        other_names=tuple(other.name for other in others if other.id != owed.member.id),
        sections=tuple(Section(key=key) for key in practice.sections),
        prompt_at=_rhythm(practice.prompt_weekday, practice.prompt_time.hour, practice.prompt_time.minute),
        digest_at=_rhythm(practice.digest_weekday, practice.digest_time.hour, practice.digest_time.minute),
        join_url=owed.stamp.url("join"),
        repeated=bool(owed.notice.facts.get("repeated")),
    )
    return _put(owed, compose.invitation(owed.frame(), facts), {})


def _rhythm(weekday: int, hour: int, minute: int) -> Rhythm:
    return Rhythm(weekday=weekday, hour=hour, minute=minute)  # pyright: ignore[reportArgumentType]


def _welcome(owed: Owed) -> int:
    """Answered at once: with the prompt if a round is open and she has not had it, else with the next date."""
    open_round = rounds.open_round(owed.session, owed.member.group_id, owed.now)
    if open_round and post_prompt_to(owed.session, owed.settings, open_round, owed.member, owed.now):
        return 1
    facts = WelcomeFacts(next_prompt_at=rounds.next_prompt_at(owed.session, owed.member.group_id))
    return _put(owed, compose.welcome(owed.frame(), facts), {})


def _receipt(owed: Owed) -> int:
    facts, round_ = receipt_facts(owed.session, owed.notice, owed.member, owed.stamp, owed.now)
    if facts is None:
        return _settle_without_mail(owed)
    source = owed.notice.facts.get("source_id") or owed.notice.facts["inbound_id"]
    week, round_id = (round_.number, round_.id) if round_ else (None, None)
    return _put(owed, compose.receipt(owed.frame(week), facts), {"inbound_id": source}, round_id)


def _settle_without_mail(owed: Owed) -> int:
    owed.notice.cancelled = True
    return 0


def _offer(owed: Owed) -> int:
    offer = owed.session.get(HelpOffer, owed.notice.facts["offer_id"])
    if offer is None or offer.state == "undone":
        return _settle_without_mail(owed)
    question = offer.question
    facts = OfferFacts(
        number=question.number or 0,
        question=question.text,
        lang=question.section.lang,
        asker_name=question.shown_name,
        told_at=offer.tell_at,
        undo_url=owed.stamp.url("undo"),
    )
    return _put(owed, compose.offer(owed.frame(), facts), {"offer_id": offer.id})


def _unreachable(owed: Owed) -> int:
    facts = unreachable_facts(owed.session, owed.notice, owed.now)
    if facts is None:
        owed.notice.cancelled = owed.notice.settled_at is not None
        return 0
    return _put(owed, compose.unreachable(owed.frame(), facts), {})


def _short(owed: Owed) -> int:
    facts = notice_facts(owed.session, owed.notice, owed.member, owed.stamp, owed.now)
    about = {key: owed.notice.facts[key] for key in ABOUT if key in owed.notice.facts}
    return _put(owed, compose.notice(owed.frame(), facts), about)


MAILS: dict[str, Callable[[Owed], int]] = {
    "invitation": _invitation,
    "welcome": _welcome,
    "receipt": _receipt,
    "offer": _offer,
    "unreachable": _unreachable,
}
