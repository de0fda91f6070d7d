"""Owns how an answer to "did it help?" is read: yes, not yet, and what she takes away. It must never take a doubt for
a yes.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from digest.reading.wording.wording import folded, words_of

_WORDS = Path(__file__).with_name("helped_words.toml")
_MARKS = " \t\n,.;:!–—-"
_LONGEST = 6  # words of a beginning


@dataclass(frozen=True)
class Helped:
    """Whether it helped, and her line for the others, where there is one."""

    yes: bool
    take_away: str | None = None


def helped(text: str) -> Helped | None:
    """How the newly written words are meant; None where there are none. A "no" in front is never a yes."""
    if not folded(text):
        return None
    if _beginning(text, "not_yet"):
        return Helped(False)
    rest = text[_beginning(text, "yes") :].lstrip(_MARKS).rstrip()
    return Helped(True, rest or None)


def _beginning(text: str, key: str) -> int:
    """Where the longest known beginning of that kind ends; 0 where there is none."""
    words = words_of(text[:200])
    for count in range(min(_LONGEST, len(words)), 0, -1):
        if tuple(word.folded for word in words[:count]) in _known()[key]:
            return words[count - 1].end
    return 0


@cache
def _known() -> dict[str, frozenset[tuple[str, ...]]]:
    with _WORDS.open("rb") as file:
        return {
            key: frozenset(folded(phrase) for phrase in phrases)
            for key, phrases in tomllib.load(file).items()
        }
