"""Owns "same here" to a question: "same 14", "geht mir auch so", "+1 14". It must never take an answer for it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.reading.meaning.commands.amounting import amounts_to
from digest.reading.meaning.commands.known_phrase import whole_meanings
from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.sentences import ASKING
from digest.reading.wording.wording import folded

_MOST_WORDS = 10
_LARGEST = 9_999
_PLUS_ONE = re.compile(r"(?<!\w)\+[ ]?1(?!\d)")


def same_numbers(text: str, lexicons: Sequence[Lexicon]) -> tuple[int, ...]:
    """The numbers of the questions of which somebody says that she has the same; empty where she says more or else."""
    bare, plus = _PLUS_ONE.subn(" ", text.strip(), count=1)
    words = folded(bare)
    numbers = tuple(int(word) for word in words if word.isdecimal() and 0 < int(word[:5]) <= _LARGEST)
    rest = [word for word in words if not word.isdecimal()]
    if not numbers or any(mark in text for mark in ASKING) or "\n\n" in bare:
        return ()
    only_plus = bool(plus) and all(_leads(word, lexicons) for word in rest)
    return tuple(dict.fromkeys(numbers)) if only_plus or _says_same(rest, lexicons) else ()


def is_same(words: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether these words, without a number, say nothing but that."""
    bare, plus = _PLUS_ONE.subn(" ", words.strip(), count=1)
    if any(mark in words for mark in ASKING):
        return False
    return (bool(plus) and not folded(bare)) or _says_same(list(folded(bare)), lexicons)


def _says_same(words: Sequence[str], lexicons: Sequence[Lexicon]) -> bool:
    if not words or len(words) > _MOST_WORDS:
        return False
    led = [word for word in words if not _leads(word, lexicons)]
    if any("same" in whole_meanings(" ".join(kept), lexicons) for kept in (words, led)):
        return True
    refused = any(word in one.small.no for one in lexicons[:1] for word in words)
    return not refused and any(amounts_to(kept, "same", lexicons, strangers=0) for kept in (words, led))


def _leads(word: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether it is a word that stands before a number, or between two."""
    return any(word in one.small.to or word in one.small.common for one in lexicons)
