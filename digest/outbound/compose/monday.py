"""Owns Monday's digest: open questions with their stories, what else was tried, what was solved.

It must never grow beyond what mail programs show whole: it gives its texts less room until it fits.
"""

from __future__ import annotations

from dataclasses import dataclass

from digest.outbound.compose.joining import task_line
from digest.outbound.compose.letterhead import Said, finish, heading, idea, render_mail
from digest.outbound.compose.open_questions import Room, brief, card, cut_said
from digest.outbound.compose.section_words import Part
from digest.outbound.compose.tried import how_to_answer, tried
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import DigestFacts, Frame, SolvedQuestion
from digest.outbound.form.shorten import gist
from digest.words.clean_text import lines, one_line
from digest.words.speech import Speech

LARGEST = 78_000  # octets of HTML; Gmail shows about 102 KB
STORIES = 12
ROOMS = (Room(600, STORIES, 3), Room(350, STORIES, 2), Room(200, STORIES, 1), Room(120, 6, 0))
SMALLEST_ROOM = Room(80, 0, 0)
ROOM_FOR_ALL = Room(10**6, 1000, 1000)  # nothing is behind a link without a web address, so all stands here
ROOM_WITHOUT_LINKS = Room(2000, STORIES, 5)  # or as much as fits
MORNING = 11  # hour
SOLVED_LINE = 160  # code points of a question that is solved


@dataclass(frozen=True)
class Solved:
    number: int
    question: Said
    thanks: str | None
    takeaway: Part | None


def digest(frame: Frame, facts: DigestFacts) -> ComposedMessage:
    """Monday's message. Each text is cut at a sentence, the whole of it behind a link where there is one."""
    talk = frame.speech
    words = _unchanging_words(frame, facts, talk)
    for room in ROOMS if frame.base_url else (ROOM_FOR_ALL, ROOM_WITHOUT_LINKS, *ROOMS):
        rendered = render_mail(frame, "digest", talk, {**words, **_texts(facts, talk, room)})
        if len(rendered.html.encode("utf-8", "replace")) <= LARGEST:
            return finish(frame, "digest", talk, rendered)
    rendered = render_mail(frame, "digest", talk, {**words, **_texts(facts, talk, SMALLEST_ROOM)})
    return finish(frame, "digest", talk, rendered)


def _unchanging_words(frame: Frame, facts: DigestFacts, talk: Speech) -> dict[str, object]:
    headline = _headline(facts, talk)
    return {
        "greeting": _greeting(frame, talk),
        "opening": " ".join(_opening(frame, facts, talk)),
        "headline": f"{heading(frame, talk)}: {headline}",
        "preheader": headline[:1].upper() + headline[1:],
        "solved": [_solved(one, talk) for one in facts.solved],
        "asks_meaning": facts.asks_meaning,
        "stop_words": True,
    }


def _texts(facts: DigestFacts, talk: Speech, room: Room) -> dict[str, object]:
    told, rest = facts.questions[: room.stories], facts.questions[room.stories :]
    first = next((place for place, question in enumerate(told) if not question.own), 0)
    entries = [tried(entry, talk, room) for entry in facts.entries]
    return {
        "cards": [card(question, talk, room, place == first) for place, question in enumerate(told)],
        "brief": [brief(question, talk) for question in rest],
        "entries": entries,
        "how_to_answer": how_to_answer(entries, talk),
        "answered_entries": [tried(entry, talk, room) for entry in facts.answered],
    }


def _greeting(frame: Frame, talk: Speech) -> str:
    name = one_line(frame.recipient_name)
    if talk.now.astimezone(talk.zone).hour < MORNING:
        return talk.gettext("Good morning %(name)s,", name=name)
    return talk.gettext("Hello %(name)s,", name=name)


def _opening(frame: Frame, facts: DigestFacts, talk: Speech) -> list[str]:
    """Long enough that no preview line of a plain text reaches what a member wrote."""
    task = task_line(frame, talk)
    said = [talk.gettext("this is your group’s Monday mail.")]
    if task:
        said = [talk.gettext("what we are working on: %(task)s.", task=task)]
    others = [question.number for question in facts.questions if not question.own]
    if others:
        said.append(
            talk.ngettext(
                "This question still needs an idea.", "These questions still need an idea.", len(others)
            )
        )
        example = idea(talk, others[0])
        said.append(
            talk.gettext("Have one? Just reply with the question’s number, like “%(idea)s”.", idea=example)
        )
    elif facts.questions:
        said.append(
            talk.gettext("Your question is still open; the others have it before them this morning, too.")
        )
    else:
        said.append(
            talk.gettext("No question is open. This is what the others have tried and what came of it.")
        )
    return said


def _headline(facts: DigestFacts, talk: Speech) -> str:
    counted: list[str] = []
    if facts.questions:
        counted.append(
            talk.ngettext("%(count)s open question", "%(count)s open questions", len(facts.questions))
        )
    if facts.solved:
        counted.append(talk.ngettext("%(count)s solved", "%(count)s solved", len(facts.solved)))
    if not counted and facts.answered:
        return talk.gettext("new answers")
    return ", ".join(counted) or talk.gettext("what was tried")


def _solved(one: SolvedQuestion, talk: Speech) -> Solved:
    thanks = (
        talk.gettext("Thank you, %(names)s.", names=talk.names(one.helper_names))
        if one.helper_names
        else None
    )
    return Solved(
        one.number, Said(gist(lines(one.text), SOLVED_LINE), one.lang), thanks, _takeaway(one, talk)
    )


def _takeaway(one: SolvedQuestion, talk: Speech) -> Part | None:
    if not one.takeaway:
        return None
    words = cut_said(one.takeaway, one.takeaway_lang, ROOMS[0].text)
    if one.asker_name is None:
        return Part(talk.gettext("Taken away:"), words)
    return Part(talk.gettext("%(name)s takes away:", name=one_line(one.asker_name)), words)
