"""Owns how typed words are compared: case, accents and typography aside. It must never change text that is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from digest.reading.wording.remembered import remembered

# Letters that Unicode does not decompose, as people write them on a keyboard without them.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"}
)
# A mark follows a letter at once, so that each character is looked at once.
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")

_PLAIN_WORD = re.compile(r"[^\W_]+")


class Word(NamedTuple):
    """One word of a text: its folded form, and where it stands (`text[start:end]`)."""

    folded: str
    start: int
    end: int


@lru_cache(maxsize=32_768)
def fold(word: str) -> str:
    """The word for comparing: lower case, no accents, plain letters."""
    lowered = word.casefold()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)).translate(_PLAIN)


@remembered
def words_of(text: str) -> tuple[Word, ...]:
    """The words of this text in order; digits count as words, marks and underscores do not."""
    if text.isascii():  # then no letter changes its place
        found = _PLAIN_WORD.finditer(text.lower())
        return tuple([Word(match[0][:64], match.start(), match.end()) for match in found])
    return tuple([Word(fold(match[0][:64]), match.start(), match.end()) for match in _WORD.finditer(text)])


@remembered
def folded(text: str) -> tuple[str, ...]:
    """The folded words alone."""
    if text.isascii():
        return tuple([word[:64] for word in _PLAIN_WORD.findall(text.lower())])
    return tuple([fold(word[:64]) for word in _WORD.findall(text)])


def folded_phrases(phrases: Iterable[str]) -> list[tuple[str, ...]]:
    """The folded words of each of many phrases, in one pass; none holds a line break."""
    lines = "\n".join(phrases).casefold()
    if not lines.isascii():
        decomposed = unicodedata.normalize("NFKD", lines).translate(_PLAIN)
        lines = "".join([mark for mark in decomposed if mark < "\u0300" or not unicodedata.combining(mark)])
    return [tuple(_PLAIN_WORD.findall(line)) for line in lines.split("\n")] if lines else []
