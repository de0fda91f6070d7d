"""Owns the telling which of our mails a reply answers, from what it quotes. It must never be more certain than that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from digest.reading.meaning.labels.words import section_named
from digest.reading.meaning.sentences.numbering import Number, number_at
from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.sentences import ASKING
from digest.reading.wording.wording import Word, words_of

AnsweredKind = Literal["prompt", "questions"]
_MOST_LINES = 400
_LONGEST_NAME = 90
_BEGINNING = 2 * _LONGEST_NAME  # characters of a line that are looked at


@dataclass(frozen=True, slots=True)
class _Asked:
    """The beginning of a line of ours: its number, and the words after that, or its first ones."""

    text: str
    number: Number | None
    words: Sequence[Word]

    @property
    def is_short(self) -> bool:
        return len(self.text) < _LONGEST_NAME

    @property
    def asks(self) -> bool:
        return self.is_short and self.text.rstrip()[-1:] in ASKING and ":" not in self.text


def answered_kind(asked: Iterable[str], lexicons: Sequence[Lexicon]) -> AnsweredKind | None:
    """What these lines of ours are: `prompt` if they name several parts or put three short questions of ours (after a
    colon it is a member's), `questions` if they number anything else."""
    lines = list(_lines(asked))
    named = {section_named(line.words, lexicons, strict=True) for line in lines if line.is_short} - {None}
    numbered = {
        line.number.value: line.asks
        for line in lines
        if line.number and line.number.marked and line.number.style == "digit"
    }
    if len(named) > 1 or (sorted(numbered) == [1, 2, 3] and all(numbered.values())):
        return "prompt"
    return "questions" if numbered else None


def names_asked(asked: Iterable[str]) -> tuple[str, ...]:
    """The names after the numbers in these lines of ours ("14. Mira asks ..."), among other words that stand there."""
    first = [line.words[0] for line in _lines(asked) if line.number and line.words]
    return tuple(dict.fromkeys(word.folded for word in first))


def _lines(asked: Iterable[str]) -> Iterator[_Asked]:
    return (_read(line.lstrip("> \t")[:_BEGINNING]) for line in islice(asked, _MOST_LINES))


@lru_cache(maxsize=1024)  # our mails share most of the lines that stand above an answer
def _read(text: str) -> _Asked:
    number = number_at(text)
    return _Asked(text, number, words_of(text[number.end :] if number else text))
