"""Owns the whole text of a question, with its story and answers. It must never show more than the group has
been shown.
"""

from __future__ import annotations

import flask
from flask import Blueprint

from digest.domain import question as questions
from digest.domain.helping import obstacle
from digest.domain.question import Question
from digest.web.linked_question import asked
from digest.web.verified_link import Visit, looking

pages = Blueprint("whole_texts", __name__)


@pages.get("/whole/<token>")
def show(token: str) -> flask.Response:
    with looking("whole", token) as visit:
        question = asked(visit)
        if question.state == "withdrawn":
            return visit.page("help_not_possible.html", why="withdrawn", number=question.number)
        return _page(visit, question)


def _page(visit: Visit, question: Question) -> flask.Response:
    can_help = obstacle(question, visit.member) is None
    return visit.page(
        "whole.html",
        question=question,
        number=question.number,
        asker=question.shown_name,
        own=question.member_id == visit.member.id,
        story=questions.story_of(question),
        answers=[answer for answer in question.answers if answer.is_standing and answer.shown_at],
        help_path=visit.path("help", visit.link.number) if can_help else None,
    )
