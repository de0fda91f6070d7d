"""Owns which letters follow one another in a language, learned from the phrases of its file. It must never be asked
about more than a few languages at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from math import log

from digest.languages import languages, normal

_WORD = re.compile(r"[^\W\d_]{2,40}")
_ROW = 3
_UNSEEN = 0.1
_KINDS_OF_ROWS = 10_000
_MOST_WORDS = 60


def likeness(plain: str, tags: Sequence[str]) -> dict[str, float]:
    """How well the words of a normal text look like each language: the mean logarithm of how common their rows of
    three letters are there; only differences mean anything."""
    rows = [row for word in _WORD.findall(plain)[:_MOST_WORDS] for row in _rows(word)]
    if not rows:
        return dict.fromkeys(tags, 0.0)
    return {tag: sum(_weight(tag, row) for row in rows) / len(rows) for tag in tags}


def _rows(word: str) -> Iterator[str]:
    padded = f" {word} "
    for at in range(len(padded) - _ROW + 1):
        yield padded[at : at + _ROW]


def _weight(tag: str, row: str) -> float:
    counts, totals = _learned(tag)
    return log((counts.get(row, 0) + _UNSEEN) / (totals[_is_latin(row)] + _UNSEEN * _KINDS_OF_ROWS))


def _is_latin(row: str) -> bool:
    return max(row) < "\u0250"


@cache
def _learned(tag: str) -> tuple[Counter[str], Counter[bool]]:
    """How often each row stands in the words of this language, each word counted once, and all rows of a script."""
    language = next(language for language in languages() if language.tag == tag)
    phrases = [*language.common]
    for area in (language.reply, language.letter, language.automatic):
        for key in area.__slots__:
            phrases += getattr(area, key)
    counts = Counter(row for word in set(_WORD.findall(normal("\n".join(phrases)))) for row in _rows(word))
    totals: Counter[bool] = Counter()
    for row, count in counts.items():
        totals[_is_latin(row)] += count
    return counts, totals
