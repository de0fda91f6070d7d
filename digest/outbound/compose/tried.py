"""Owns how what was tried, and did not work, stands in a mail to the group: with its number, and the answers to it.

It must never show more of a text than the room it is given, nor a name where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from digest.outbound.compose.letterhead import idea
from digest.outbound.compose.open_questions import Room, cut_said, heard
from digest.outbound.compose.section_words import Part, shown
from digest.outbound.facts import EntryShown
from digest.words.clean_text import one_line
from digest.words.speech import Speech


@dataclass(frozen=True)
class Entry:
    """One member's entry as the template lays it out."""

    number: int | None
    name: str | None
    parts: list[Part]
    answers: list[Part]
    add: str  # "Anything to add?", where somebody has answered
    whole_url: str | None


def tried(entry: EntryShown, talk: Speech, room: Room) -> Entry:
    """The parts and the newest answers, each cut to the room."""
    parts = [shown(passage, talk) for passage in entry.passages]
    texts = [*(part.said.text for part in parts), *(answer.text for answer in entry.answers)]
    most = max(room.answers, 1)
    cut = any(len(text) > room.text for text in texts) or len(entry.answers) > most
    return Entry(
        number=entry.number,
        name=entry.name and one_line(entry.name),
        parts=[Part(part.label, cut_said(part.said.text, part.said.lang, room.text)) for part in parts],
        answers=[
            heard(answer, talk, room, talk.gettext("Whoever tried it adds:"))
            for answer in entry.answers[-most:]
        ],
        add=_add(entry, talk) if entry.answers else "",
        whole_url=entry.whole_url if cut else None,
    )


def how_to_answer(entries: list[Entry], talk: Speech) -> str:
    """That these can be answered, too; "" where none has a number."""
    number = next((entry.number for entry in entries if entry.number), None)
    if number is None:
        return ""
    example = idea(talk, number)
    return talk.gettext("A thought on one of these? Reply with its number, like “%(idea)s”.", idea=example)


def _add(entry: EntryShown, talk: Speech) -> str:
    example = idea(talk, entry.number or 0)
    return talk.gettext("Anything to add? Reply “%(idea)s”.", idea=example)
