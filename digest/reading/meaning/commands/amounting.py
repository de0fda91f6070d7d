"""Owns whether a clause amounts to a known phrase, words between and around it allowed as far as they say nothing else.
It must never overlook a word that does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digest.reading.wording.lexicon import Lexicon, phrases_by_stem, stem, stems_of_kind
from digest.reading.wording.sentences import sentences_of
from digest.reading.wording.wording import folded

_CLAUSE = re.compile(r"[^.!?;:,()\n–—…،؛]{1,300}")
_MOST_WORDS = 24
_WIDEST_GAP = 4


def amounts_to(words: Sequence[str], kind: str, lexicons: Sequence[Lexicon], *, strangers: int = 1) -> bool:
    """Whether these words are, in order, a phrase of this kind in one of the languages; at most `strangers` of the
    others are neither small nor used in such phrases, none where the phrase is a single word."""
    return len(words) <= _MOST_WORDS and any(_amounts(words, kind, one, strangers) for one in lexicons)


def could_amount(words: Sequence[str], kind: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether all words of a phrase of this kind are among these: a cheap question, asked of every text."""
    stems = frozenset(map(stem, words))
    by_stems = (phrases_by_stem(one.tag, kind) for one in lexicons)
    return any(
        stems.issuperset(phrase)
        for phrases in by_stems
        for first in phrases.keys() & stems
        for phrase in phrases[first]
    )


def clauses_of(text: str) -> Iterator[tuple[str, ...]]:
    """The words of each sentence and of each clause in it."""
    for sentence in sentences_of(text):
        yield folded(sentence.text)
    for clause in _CLAUSE.finditer(text):
        yield folded(clause[0])


def _amounts(words: Sequence[str], kind: str, one: Lexicon, strangers: int) -> bool:
    stems = [stem(word) for word in words]
    by_stem = phrases_by_stem(one.tag, kind)
    standing = [
        phrase
        for start, first in enumerate(stems)
        for phrase in by_stem.get(first, ())
        if _stands_in(phrase, stems, start)
    ]
    if not standing:
        return False
    own = stems_of_kind(one.tag, kind)
    known = [
        stems[at] in own or word.isdecimal() or one.small.is_small(word) for at, word in enumerate(words)
    ]
    unknown = known.count(False)
    return unknown <= strangers and any(len(phrase) > 1 or not unknown for phrase in standing)


def _stands_in(phrase: Sequence[str], words: Sequence[str], start: int) -> bool:
    """Whether the phrase's words follow one another here, a few words apart at most."""
    at = start
    for word in phrase[1:]:
        reach = words[at + 1 : at + 2 + _WIDEST_GAP]
        if word not in reach:
            return False
        at += 1 + reach.index(word)
    return True
