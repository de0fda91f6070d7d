"""Owns "I can help": GET shows the question with its button, POST offers. A page that submits itself does so
only as `suspicion.may_submit_itself` allows; it must never act on GET.
"""

from __future__ import annotations

from typing import cast

import flask
from flask import Blueprint

from digest.domain.groups.notice import notify
from digest.domain.questions import question as questions
from digest.domain.questions.helping import obstacle, offer_by
from digest.domain.questions.question import HelpOffer, Question, Via
from digest.domain.questions.suspicion import ALONE, is_fresh, may_submit_itself
from digest.web.visit.hold_on import hold_on
from digest.web.visit.linked_question import asked
from digest.web.visit.verified_link import Visit, acting, looking

pages = Blueprint("help_offers", __name__)


@pages.get("/help/<token>")
def show(token: str) -> flask.Response:
    with looking("help", token) as visit:
        question = asked(visit)
        made = offer_by(visit.session, question, visit.member)
        return _obstacle(visit, question) or _standing(visit, question, made) or _form(visit, question, made)


@pages.post("/help/<token>")
def create(token: str) -> flask.Response:
    with acting("help", token) as visit:
        question, via = asked(visit), flask.request.form.get("via")
        if in_the_way := _obstacle(visit, question):
            return in_the_way
        made = offer_by(visit.session, question, visit.member)
        if via not in ("button", "auto") or (via == "auto" and not _alone(visit, made)):
            return _form(visit, question, made, refused=via == "auto")
        if made and made.state == "suspect" and is_fresh(visit.message, visit.now):
            return hold_on(visit)  # the mail that asks is opened by the same machines
        return _offer(visit, question, cast(Via, via))


def _offer(visit: Visit, question: Question, via: Via) -> flask.Response:
    made = questions.offer(visit.session, question, visit.member, via, visit.now, visit.message.id)
    occasion, number = f"offer:{made.id}:{made.times_made}", question.number
    notify(visit.session, visit.member.id, "offer", occasion, visit.now, offer_id=made.id, number=number)
    return _standing(visit, question, made, just_made=True) or _form(visit, question, made)


def _alone(visit: Visit, made: HelpOffer | None) -> bool:
    """Whether the page may press its own button: never again once the member took an offer back."""
    if not visit.settings.one_click or made is not None:
        return False
    return may_submit_itself(visit.message, visit.link_name, visit.opened_within(ALONE), visit.now)


def _obstacle(visit: Visit, question: Question) -> flask.Response | None:
    why = obstacle(question, visit.member)
    return visit.page("help_not_possible.html", why=why, number=question.number) if why else None


def _standing(
    visit: Visit, question: Question, made: HelpOffer | None, *, just_made: bool = False
) -> flask.Response | None:
    """The page for an offer that stands already."""
    if made is None or made.state not in ("quiet", "told"):
        return None
    return visit.page(
        "offered.html",
        offer=made,
        just_made=just_made,
        number=question.number,
        asker=question.shown_name,
        undo_path=visit.path("undo", visit.link.number),
    )


def _form(
    visit: Visit, question: Question, made: HelpOffer | None, *, refused: bool = False
) -> flask.Response:
    """The question with its button; `refused` is a page that pressed it where it must not by now."""
    return visit.page(
        "help.html",
        question=question,
        number=question.number,
        asker=question.shown_name,
        story=questions.story_of(question),
        auto=flask.request.method != "POST" and _alone(visit, made),
        suspect=made is not None and made.state == "suspect",
        refused=refused,
    )
