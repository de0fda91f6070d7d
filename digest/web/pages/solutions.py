"""Owns "did it help?": its asker closes a question, perhaps with one line for the others. It must never close
another's.
"""

from __future__ import annotations

import flask
from flask import Blueprint

from digest.domain.questions.helping import solve
from digest.domain.questions.question import Question
from digest.web.visit.form_text import one_line
from digest.web.visit.hold_on import unless_swept
from digest.web.visit.linked_question import asked
from digest.web.visit.verified_link import Visit, acting, looking, nowhere

LONGEST_LINE = 300  # characters

pages = Blueprint("solutions", __name__)


@pages.get("/solved/<token>")
def show(token: str) -> flask.Response:
    with looking("solved", token) as visit:
        return _page(visit, _own(visit))


@pages.post("/solved/<token>")
def create(token: str) -> flask.Response:
    with acting("solved", token) as visit:
        question, form = _own(visit), flask.request.form
        if form.get("act") != "solved" or question.state in ("closed", "withdrawn"):
            return _page(visit, question)
        if held := unless_swept(visit):
            return held
        solve(visit.session, question, one_line(form.get("take_away", ""), LONGEST_LINE), visit.now)
        return _page(visit, question, done=True)


def _own(visit: Visit) -> Question:
    """The member's question. The link of somebody else leads nowhere: it must not tell who asked."""
    question = asked(visit)
    return question if question.member_id == visit.member.id else nowhere()


def _page(visit: Visit, question: Question, *, done: bool = False) -> flask.Response:
    return visit.page(
        "solved.html", question=question, number=question.number, done=done, longest=LONGEST_LINE
    )
