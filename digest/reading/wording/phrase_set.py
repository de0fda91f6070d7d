"""Owns the search for known phrases in a line, in one pass over its words. It must never see more than a
line: cost grows with words times the longest phrase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_WORD = re.compile(r"[^\W_]+(?:['.\-/()]{1,2}[^\W_]+)*", re.UNICODE)
# Scripts that write no space between words: a phrase is found anywhere in a line.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def words_of(normal_line: str) -> list[str]:
    """The words of a line that `spelling.normal` made, without punctuation around them."""
    return _WORD.findall(normal_line)


def behind_words(text: str, count: int) -> str:
    """What stands after the first `count` words of a text, without the punctuation that ends them."""
    for index, match in enumerate(_WORD.finditer(text), start=1):
        if index == count:
            return text[match.end() :].lstrip(" \t?!.:;,)*_-–—\u00a0")
    return ""


def is_unspaced(text: str) -> bool:
    """Whether a text is in a script without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


@dataclass(frozen=True)
class PhraseSet:
    """Phrases of all languages, ready to be found in a line."""

    whole: frozenset[str]
    by_words: frozenset[tuple[str, ...]] = field(repr=False)
    unspaced: tuple[str, ...] = field(repr=False)
    #: Of the phrases by their first word, the longest first.
    sizes: dict[str, tuple[int, ...]] = field(repr=False)

    def find(self, words: Sequence[str], at: int) -> int:
        """How many words from position `at` make the longest phrase; 0 if none does."""
        for size in self.sizes.get(words[at], ()) if at < len(words) else ():
            if at + size <= len(words) and tuple(words[at : at + size]) in self.by_words:
                return size
        return 0


def phrase_set(phrases: Iterable[str]) -> PhraseSet:
    """The set for phrases in the spelling of `spelling.normal`."""
    whole = frozenset(phrases)
    split = frozenset(words for phrase in whole if (words := tuple(words_of(phrase))))
    unspaced = tuple(sorted((phrase for phrase in whole if is_unspaced(phrase)), key=len, reverse=True))
    sizes: dict[str, set[int]] = {}
    for words in split:
        sizes.setdefault(words[0], set()).add(len(words))
    by_first = {word: tuple(sorted(found, reverse=True)) for word, found in sizes.items()}
    return PhraseSet(whole, split, unspaced, by_first)
