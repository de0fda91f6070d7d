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
# Keys of `reply` whose phrases hold many different words.
_TELLING = (
    "tried_hints", "failed_hints", "ask_hints", "question", "failed", "tried", "correction", "help", "same", "skip",
    "thanks", "question_words", "unsubscribe",
)  # fmt: skip


def likeness(plain: str, tags: Sequence[str]) -> dict[str, float]:
    """How well the words of a normal text look like each language: the mean logarithm of how common their rows of
    three letters are there; only differences mean anything."""
    rows = [row for word in _WORD.findall(plain)[:_MOST_WORDS] for row in _rows(word)]
    if not rows:
        return dict.fromkeys(tags, 0.0)
    found: dict[str, float] = {}
    for tag in tags:
        weights, unseen = _learned(tag, _is_latin(rows[0]))
        found[tag] = sum([weights.get(row, unseen) for row in rows]) / len(rows)
    return found


def _rows(word: str) -> Iterator[str]:
    padded = f" {word} "
    for at in range(len(padded) - _ROW + 1):
        yield padded[at : at + _ROW]


def _is_latin(row: str) -> bool:
    return max(row) < "\u0250"


@cache
def _learned(tag: str, latin: bool) -> tuple[dict[str, float], float]:
    """The weight of each row of letters of one script in the words of this language, each word counted once, and that
    of any other."""
    language = next(language for language in languages() if language.tag == tag)
    phrases = [*language.common, *language.automatic.phrases, *language.letter.closings]
    for key in _TELLING:
        phrases += language.phrases("reply", key)
    words = {word for word in _WORD.findall(normal("\n".join(phrases))) if _is_latin(word) == latin}
    counts = Counter(row for word in words for row in _rows(word))
    total = counts.total() + _UNSEEN * _KINDS_OF_ROWS
    return {row: log((count + _UNSEEN) / total) for row, count in counts.items()}, log(_UNSEEN / total)
