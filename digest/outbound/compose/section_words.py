"""Owns how the parts of an entry are named: asked in a prompt, read back to their writer, shown to the others.

It must never name a part in a way that blames: "did not work", never "failed".
"""

from __future__ import annotations

from dataclasses import dataclass

from digest.outbound.compose.letterhead import Said, said
from digest.outbound.facts import Passage, Section
from digest.words.clean_text import one_line
from digest.words.speech import Speech


def N_(message: str) -> str:
    """Marks words that are translated where they are used; the name is the one that Babel looks for."""
    return message


ASKED = {
    "tried": N_("What did you try?"),
    "failed": N_("What did not work?"),
    "question": N_("What would you like to ask the others?"),
    "friction": N_("What went wrong this week?"),
    "done": N_("What did you do about it?"),
    "understand": N_("What would you like to understand?"),
    "meaning": N_("What does this mean for us?"),
}
SHOWN = {
    "tried": N_("Tried:"),
    "failed": N_("Did not work:"),
    "question": N_("Question:"),
    "friction": N_("Went wrong:"),
    "done": N_("Done about it:"),
    "understand": N_("To understand:"),
    "meaning": N_("What it means for us:"),
}
READ_BACK = {**SHOWN, "tried": N_("You tried:"), "failed": N_("Did not work:")}
NAMED, UNNAMED = N_("You ask, with your name:"), N_("You ask, without your name:")


@dataclass(frozen=True)
class Part:
    """A label of ours and somebody's words beneath it."""

    label: str
    said: Said


def asked(section: Section, speech: Speech) -> str:
    """The question of a prompt: the facilitator's words, else ours."""
    if section.label:
        return one_line(section.label)
    return speech.gettext(ASKED[section.key]) if section.key in ASKED else section.key


def shown(passage: Passage, speech: Speech) -> Part:
    return Part(_label(passage, SHOWN, speech), said(passage.text, passage.lang))


def read_back(passage: Passage, speech: Speech, named: bool) -> Part:
    if passage.key == "question" and not passage.label:
        return Part(speech.gettext(NAMED if named else UNNAMED), said(passage.text, passage.lang))
    return Part(_label(passage, READ_BACK, speech), said(passage.text, passage.lang))


def _label(passage: Passage, ours: dict[str, str], speech: Speech) -> str:
    if not passage.label:
        return speech.gettext(ours[passage.key]) if passage.key in ours else f"{passage.key}:"
    label = one_line(passage.label)
    return label if label.endswith(("?", ":", ".", "…")) else f"{label}:"
