"""Owns what happens when the ten quiet minutes of an offer are over: the two are introduced, or the helper
is asked. It must never tell an asker of a click that may have been a machine's."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain.groups.group import Member
from digest.domain.groups.notice import notify
from digest.domain.mails import link_opening
from digest.domain.mails.record import OutboundMessage
from digest.domain.questions.question import HelpOffer, happen, offer_occasion
from digest.domain.questions.suspicion import AROUND, is_suspect
from digest.outbound import outbox
from digest.outbound.compose import introduction
from digest.outbound.due.showing import since
from digest.outbound.facts import IntroductionFacts
from digest.outbound.outbox import Posted
from digest.outbound.stamp import Stamp, frame
from digest.settings import Settings

EXPIRES = timedelta(days=3)


def tell_offer(session: Session, settings: Settings, offer_id: int, now: datetime) -> int:
    """Tell the asker of one offer, and introduce helper and asker to each other; each may simply reply."""
    locked = select(HelpOffer).where(HelpOffer.id == offer_id, HelpOffer.state == "quiet")
    offer = session.scalar(locked.with_for_update(skip_locked=True, of=HelpOffer))
    if offer is None:
        return 0
    if _looks_like_a_machine(session, offer):
        offer.state = "suspect"
        notify(session, offer.member_id, "offer_question", f"offer:{offer.id}", now, offer_id=offer.id)
        return 0
    if offer.question.state != "open" or "left" in (offer.member.state, offer.question.member.state):
        offer.state = "undone"
        _say_why_not(session, offer, now)
        return 0
    offer.state, offer.told_at = "told", now
    happen(offer.question, "helped", now)
    return outbox.put(session, _introductions(settings, offer, now), now)


def _say_why_not(session: Session, offer: HelpOffer, now: datetime) -> None:
    """The helper was told when the asker would hear of it; the question is open no more."""
    reason = "withdrawn" if offer.question.state == "withdrawn" else "closed"
    number = offer.question.number
    notify(
        session,
        offer.member_id,
        "help_not_possible",
        offer_occasion(offer),
        now,
        number=number,
        reason=reason,
    )


def _looks_like_a_machine(session: Session, offer: HelpOffer) -> bool:
    message = session.get(OutboundMessage, offer.outbound_message_id or 0)
    if message is None:
        return False
    opened = link_opening.openings(session, message.id, offer.made_at - AROUND, offer.made_at + AROUND)
    return is_suspect(offer, message, opened)


def _introductions(settings: Settings, offer: HelpOffer, now: datetime) -> list[Posted]:
    """Both are written to; where the asker's name is not shown, neither gets an address: we pass on what they write."""
    helper, asker = offer.member, offer.question.member
    return [_posted(settings, offer, asker, helper, now), _posted(settings, offer, helper, asker, now)]


def _posted(settings: Settings, offer: HelpOffer, to: Member, other: Member, now: datetime) -> Posted:
    stamp = Stamp(settings, "introduction", to)
    question = offer.question
    address = other.person.address if question.shown_name is not None else None
    facts = IntroductionFacts(
        to_helper=to.id == offer.member_id,
        number=question.number or 0,
        question=question.text,
        lang=question.section.lang,
        asker_name=question.shown_name,
        helper_name=offer.member.name,
        other_address=address,
        asked_on=since(question),
    )
    thread = stamp.thread(f"question-{question.id}")
    composed = introduction(frame(stamp, now, answers=thread, reply_to=address), facts)
    ids = {"offer_id": offer.id, "relay_to": other.id}
    return Posted(stamp, composed, offer_occasion(offer), now + EXPIRES, about=ids)
