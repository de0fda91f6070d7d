"""Owns the replies that mean one thing as a whole: a command word, thanks, "nothing this week". It must never find one
inside a longer text: "Stop der Linie 3" is an entry."""

from __future__ import annotations

from collections.abc import Sequence

from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.wording import folded

_MOST_WORDS = 14


def whole_meanings(text: str, lexicons: Sequence[Lexicon]) -> frozenset[str]:
    """What this text means if it is nothing but a known phrase, politeness around it aside: keys of a language
    file's `reply` table ("undo", "thanks", "skip", ...)."""
    words = folded(text)
    if not words or len(words) > _MOST_WORDS:
        return frozenset()
    found: set[str] = set()
    for one in lexicons:
        found |= one.whole.get(words, frozenset())
    return frozenset(found) or _politely(words, lexicons)


def _politely(words: tuple[str, ...], lexicons: Sequence[Lexicon]) -> frozenset[str]:
    """The same without "please" and "thank you" at either end."""
    found: set[str] = set()
    for one in lexicons:
        start, end = 0, len(words)
        while start < end and words[start] in one.small.please:
            start += 1
        while end > start and words[end - 1] in one.small.please:
            end -= 1
        for bare in (words[start:end], words[start:], words[:end]):
            found |= one.whole.get(bare, frozenset())
    return frozenset(found)
