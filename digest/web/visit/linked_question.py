"""Owns the way from a link to the question that it names. It must never find one of another group."""

from __future__ import annotations

from digest.domain.questions.question import Question, question_numbered
from digest.web.visit.verified_link import Visit, nowhere


def asked(visit: Visit) -> Question:
    """The question of the link, or the page for links that lead nowhere."""
    return question_numbered(visit.session, visit.member.group_id, visit.link.number) or nowhere()
