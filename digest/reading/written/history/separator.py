"""Owns the recognition of marker lines: drawn lines, "Original Message", "Begin forwarded message". It must
never take a heading between dashes for one unless its words are known or a header block follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digest.languages import normal
from digest.reading.wording.phrase_set import words_of
from digest.reading.written.history.words import forwarded_message, original_message

_DRAWN = frozenset("-_=*~–—―─━═.·•#+ \t\u00a0")
_RULE = frozenset("-_=*~–—―─━═.·• \t\u00a0")
_SIDES = " \t-_=*~–—―─━═:：.\u00a0\u200e\u200f"
_DOTS = frozenset(".·•")
_MOST_CHARACTERS = 120  # of words between the dashes

Meaning = Literal["original", "forwarded", "heading", "rule"]


@dataclass(frozen=True)
class Separator:
    """A marker line. `heading` is one between dashes whose words are not known, `rule` a drawn line without
    words."""

    meaning: Meaning


def separator(text: str) -> Separator | None:
    """What kind of marker a line is, or None for any other line."""
    text = text.strip()[:_MOST_CHARACTERS]
    if len(text) < 2:
        return None
    if text[0] in "-_=*~–—―─━═.·•":
        return _drawn(text)
    if text.endswith((":", "：")) or " " in text:
        return _undrawn(text)
    return None


def _drawn(text: str) -> Separator | None:
    if all(character in _RULE for character in text):
        drawn = sum(not character.isspace() for character in text)
        return Separator("rule") if drawn >= (5 if text[0] in _DOTS else 3) else None
    inner = normal(_inside(text))
    opened, closed = _side(text), _side(text[::-1])
    if opened < 2 and not text.startswith(("—", "―", "━")):
        return None
    if inner in forwarded_message():
        return Separator("forwarded")
    if inner in original_message():
        return Separator("original")
    return Separator("heading") if opened >= 3 and closed >= 3 and len(words_of(inner)) <= 8 else None


def _inside(text: str) -> str:
    """The words between the dashes; what follows closing dashes on the same line belongs to the history."""
    inner = text.lstrip(_SIDES)
    closing = inner.find("---")
    return (inner if closing < 0 else inner[:closing]).strip(_SIDES)


def _side(text: str) -> int:
    """How many drawn characters the text begins with, blanks not counted."""
    count = 0
    for character in text:
        if character not in _DRAWN:
            break
        count += not character.isspace()
    return count


def _undrawn(text: str) -> Separator | None:
    """A marker without dashes: only whole lines that are known, and long enough or closed by a colon."""
    inner = normal(text.strip(_SIDES))
    colon = text.endswith((":", "："))
    if inner in forwarded_message() and (colon or len(words_of(inner)) >= 4):
        return Separator("forwarded")
    if inner in original_message() and len(words_of(inner)) >= 5:
        return Separator("original")
    return None
