"""Owns "take it back": what one message brought, or an offer to help. It must never hide that others had seen
it.
"""

from __future__ import annotations

import flask
from flask import Blueprint

from digest.domain.questions import question as questions
from digest.domain.questions.helping import offer_by
from digest.domain.questions.question import HelpOffer
from digest.domain.questions.suspicion import ALONE
from digest.domain.replies.retraction import Brought, brought_by, retract
from digest.domain.rounds.entry import UNDECIDED
from digest.web.visit.hold_on import unless_swept
from digest.web.visit.section_order import in_order
from digest.web.visit.verified_link import Visit, acting, looking, nowhere

pages = Blueprint("retractions", __name__)


@pages.get("/undo/<token>")
def show(token: str) -> flask.Response:
    with looking("undo", token) as visit:
        if made := _offer(visit):
            return _offer_page(visit, made)
        return _message_page(visit, brought_by(visit.session, _source(visit), visit.member.id))


@pages.post("/undo/<token>")
def create(token: str) -> flask.Response:
    with acting("undo", token) as visit:
        pressed = flask.request.form.get("act") == "undo"
        if pressed and (held := unless_swept(visit, ALONE)):
            return held  # a person may well look at both links of a receipt
        if made := _offer(visit):
            return _undo_offer(visit, made) if pressed else _offer_page(visit, made)
        if pressed:
            brought = retract(visit.session, _source(visit), visit.member.id, visit.now)
            return _message_page(visit, brought, done=True)
        return _message_page(visit, brought_by(visit.session, _source(visit), visit.member.id))


def _source(visit: Visit) -> int:
    """The message that the receipt was about."""
    return visit.message.about.get("inbound_id") or nowhere()


def _offer(visit: Visit) -> HelpOffer | None:
    """The offer that the mail is about, or the member's own on the question that the link names."""
    if visit.link.number:
        question = questions.question_numbered(visit.session, visit.member.group_id, visit.link.number)
        return (question and offer_by(visit.session, question, visit.member)) or nowhere()
    made = visit.session.get(HelpOffer, visit.message.about.get("offer_id") or 0)
    return made if made and made.member_id == visit.member.id else None


def _undo_offer(visit: Visit, made: HelpOffer) -> flask.Response:
    undone = questions.undo_offer(visit.session, made, visit.now)
    return _offer_page(visit, made, just_undone=undone)


def _offer_page(visit: Visit, made: HelpOffer, *, just_undone: bool = False) -> flask.Response:
    return visit.page(
        "undo_offer.html",
        offer=made,
        number=made.question.number,
        asker=made.question.shown_name,
        just_undone=just_undone,
    )


def _message_page(visit: Visit, brought: Brought, *, done: bool = False) -> flask.Response:
    parts = (*brought.sections, *brought.answers)
    return visit.page(
        "undo_entry.html",
        done=done,
        brought=brought,
        sections=[section for section in in_order(brought.sections) if section.key != UNDECIDED],
        some_unseen=any(part.shown_at is None for part in parts),
    )
