"""Owns the whole text of a question with its story and answers, and of the entries that a digest showed in short.
It must never show more than the group has been shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import flask
from flask import Blueprint

from digest.domain.questions import question as questions
from digest.domain.questions.answering import answers_to, heard, section_numbered
from digest.domain.questions.helping import obstacle
from digest.domain.questions.question import Question
from digest.domain.rounds.entry import QUESTION, Section, shown_beside, shown_together
from digest.domain.rounds.round import Round
from digest.web.visit.linked_question import asked
from digest.web.visit.section_order import in_order
from digest.web.visit.verified_link import Visit, looking, nowhere

pages = Blueprint("whole_texts", __name__)


@pages.get("/whole/<token>")
def show(token: str) -> flask.Response:
    with looking("whole", token) as visit:
        if not visit.link.number:
            return _entries(visit)
        tried = section_numbered(visit.session, visit.member.group_id, visit.link.number)
        if tried is not None:
            return _entry(visit, tried)
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
        answers=heard(question, question.answers),
        help_path=visit.path("help", visit.link.number) if can_help else None,
    )


def _entry(visit: Visit, tried: Section) -> flask.Response:
    """What one member tried, with the answers to it."""
    shown = [section for section in shown_beside(tried) if section.key != QUESTION]
    return visit.page(
        "whole_entry.html",
        number=tried.number,
        name=_name(shown),
        sections=in_order(shown),
        answers=heard(tried, answers_to(visit.session, tried)),
    )


def _entries(visit: Visit) -> flask.Response:
    """All that the digest with this link showed of entries without a question; a question has its own page."""
    shown = visit.session.get(Round, visit.message.round_id or 0)
    if visit.message.kind != "digest" or shown is None or shown.digested_at is None:
        nowhere()
    together = shown_together(visit.session, visit.member.group_id, shown.digested_at)
    parts = [sections for sections in together if all(section.key != QUESTION for section in sections)]
    return visit.page("whole_entries.html", entries=[(_name(part), in_order(part)) for part in parts])


def _name(sections: Sequence[Section]) -> str | None:
    named = all(section.shown_with_name for section in sections)
    return sections[0].entry.member.name if named else None
