"""Owns the filing of what one of two people writes back when at least one of them has no name here: it is passed on.
It must never show an address, nor take such a reply for anything that the group sees.
"""

from __future__ import annotations

from digest.domain.questions import answering
from digest.domain.questions.question import Answer, HelpOffer, Question
from digest.domain.rounds.entry import Section
from digest.inbound.filing.case import FILED, Case, Outcome


def is_passed_on(case: Case) -> bool:
    """Whether the thread is between two people, and this is no word to us. A "yes" there is meant for the other."""
    to_us = case.reading.intent == "unsubscribe" or case.reading.command not in (None, "yes")
    return "relay_to" in case.thread.about and not to_us


def file_relay(case: Case) -> Outcome:
    """All that was newly written goes to the other, after ten minutes in which it can be undone."""
    about = _about(case)
    if about is None or not case.reading.reply.strip():
        case.say("nothing_readable")
        return Outcome("held", "nothing-readable")
    answering.answer(
        case.session,
        about,
        case.member,
        case.reading.reply,
        source=case.row,
        now=case.now,
        lang=case.reading.language,
        anonymous=case.reading.anonymous,
        just_you=True,
        to_member_id=case.thread.about["relay_to"],
    )
    case.row.anonymous = case.row.anonymous or answering.is_nameless(case.session, about, case.member)
    case.say("receipt", occasion_word="answer")
    return FILED


def _about(case: Case) -> Question | Section | None:
    """The question, or what was tried, that the two write about."""
    ids = case.thread.about
    answer = case.session.get(Answer, ids.get("answer_id") or 0)
    offer = case.session.get(HelpOffer, ids.get("offer_id") or 0)
    return answering.subject_of(answer) if answer else offer.question if offer else None
