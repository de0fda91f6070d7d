"""Owns the question mail: what was asked today, with its story, and what was answered.

It must never put a member's words into a subject or first line.
"""

from __future__ import annotations

from digest.outbound.compose.letterhead import finish, idea, render_mail
from digest.outbound.compose.open_questions import Room, card
from digest.outbound.compose.tried import tried
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import Frame, OpenQuestion, QuestionMailFacts
from digest.words.clean_text import one_line
from digest.words.speech import Speech

LARGEST = 78_000  # octets of HTML; Gmail shows about 102 KB
ROOM_FOR_ALL = Room(10**6, 1000, 1000)  # nothing is behind a link without a web address
ROOMS = (Room(1500, 20, 5), Room(600, 20, 3), Room(200, 20, 1))


def question_mail(frame: Frame, facts: QuestionMailFacts) -> ComposedMessage:
    """The new questions of a group and its new answers; a reply with a number answers. Texts are cut until it fits."""
    talk = frame.speech
    words = _unchanging_words(frame, facts, talk)
    rooms = ROOMS if frame.base_url else (ROOM_FOR_ALL, *ROOMS)
    for room in rooms:
        rendered = render_mail(frame, "questions", talk, {**words, **_texts(facts, talk, room)})
        if len(rendered.html.encode("utf-8", "replace")) <= LARGEST or room is rooms[-1]:
            return finish(frame, "questions", talk, rendered)
    raise AssertionError("the last room is always taken")


def _unchanging_words(frame: Frame, facts: QuestionMailFacts, talk: Speech) -> dict[str, object]:
    headline = _headline(facts, talk)
    return {
        "greeting": talk.gettext("Hello %(name)s,", name=one_line(frame.recipient_name)),
        "opening": _opening(facts, talk),
        "headline": headline,
        "preheader": headline[:1].upper() + headline[1:],
        "stop_words": True,
    }


def _texts(facts: QuestionMailFacts, talk: Speech, room: Room) -> dict[str, object]:
    first = next((question.number for question in facts.asked if not question.own), None)
    return {
        "cards": [card(question, talk, room, question.number == first) for question in facts.asked],
        "answered": [card(question, talk, room, first=False) for question in facts.answered],
        "answered_entries": [tried(entry, talk, room) for entry in facts.answered_entries],
    }


def _opening(facts: QuestionMailFacts, talk: Speech) -> str:
    """Long enough that no preview line of a plain text reaches what a member wrote."""
    others = [question for question in facts.asked if not question.own]
    if not facts.asked:
        return talk.gettext("there is something new to what your group has asked and tried. Here it is.")
    if not others:
        return talk.gettext(
            "your question is with the others now. What they write to it comes to you by mail, one by one."
        )
    said = talk.ngettext(
        "%(count)s question has come up in your group today.",
        "%(count)s questions have come up in your group today.",
        len(others),
    )
    return f"{said} {_how_to_answer(others, talk)}"


def _how_to_answer(others: list[OpenQuestion], talk: Speech) -> str:
    example = idea(talk, others[0].number)
    return talk.gettext("An idea? Just reply with the question’s number, like “%(idea)s”.", idea=example)


def _headline(facts: QuestionMailFacts, talk: Speech) -> str:
    new = talk.ngettext("%(count)s new question", "%(count)s new questions", len(facts.asked))
    counted = [new] if facts.asked else []
    if facts.answered or facts.answered_entries:
        counted.append(talk.gettext("new answers"))
    return ", ".join(counted)
