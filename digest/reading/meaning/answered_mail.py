"""Owns the telling which of our mails a reply answers, from what it quotes. It must never be more certain than that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

from digest.reading.meaning.labels import section_named
from digest.reading.meaning.numbering import number_at
from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.sentences import ASKING
from digest.reading.wording.wording import Word, words_of

AnsweredKind = Literal["prompt", "questions"]
_MOST_LINES = 400
_LONGEST_NAME = 90


def answered_kind(asked: Iterable[str], lexicons: Sequence[Lexicon]) -> AnsweredKind | None:
    """What these lines of ours are: `prompt` if they name several parts or put three short questions of ours (behind a
    colon it is a member's), `questions` if they number anything else."""
    lines = [line.lstrip("> \t") for line in islice(asked, _MOST_LINES)]
    short = [line for line in lines if len(line) < _LONGEST_NAME]
    named = {section_named(_without_number(line), lexicons, strict=True) for line in short} - {None}
    numbered = {
        number.value: len(line) < _LONGEST_NAME and line.rstrip()[-1:] in ASKING and ":" not in line
        for line in lines
        if (number := number_at(line)) and number.marked and number.style == "digit"
    }
    if len(named) > 1 or (sorted(numbered) == [1, 2, 3] and all(numbered.values())):
        return "prompt"
    return "questions" if numbered else None


def names_asked(asked: Iterable[str]) -> tuple[str, ...]:
    """The names behind the numbers in these lines of ours ("14. Mira asks ..."), among other words that stand there."""
    lines = [line.lstrip("> \t") for line in islice(asked, _MOST_LINES)]
    first = [words[0] for line in lines if number_at(line) and (words := _without_number(line))]
    return tuple(dict.fromkeys(word.folded for word in first))


def _without_number(line: str) -> list[Word]:
    number = number_at(line)
    return words_of(line[number.end :] if number else line)
