"""Owns what a statement shows of itself: that something was tried, that it did not work, or that it went well. It must
never weigh its place in the reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.phrase_tree import hits_at
from digest.reading.wording.wording import folded

_EARLY = 5  # words: who did it stands near the beginning
_SHORTEST_ENDING_WORD = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands in a statement: phrases of trying, of failing and of success, words of lack, and somebody who
    speaks of herself."""

    tried: bool
    failed: bool
    good: bool
    lacks: bool
    myself: bool


def evidence_in(statement: str, lexicons: Sequence[Lexicon]) -> Evidence:
    """What this statement shows, in any of these languages."""
    words = folded(statement)
    kinds = {hit.meaning.kind for one in lexicons for hit in one.hits(words)}
    opening = {hit.meaning.kind for one in lexicons for hit in hits_at(one.label_tree, words, 0)}
    return Evidence(
        tried="tried_hints" in kinds or "tried" in opening,
        failed="failed_hints" in kinds or "failed" in opening,
        good="good" in kinds,
        lacks=any(word in one.small.no for one in lexicons[:1] for word in words),
        myself=any(_of_myself(word, one) for one in lexicons[:1] for word in words[:_EARLY]),
    )


def _of_myself(word: str, one: Lexicon) -> bool:
    if word in one.small.myself:
        return True
    return len(word) >= _SHORTEST_ENDING_WORD and word.endswith(one.small.my_endings)
