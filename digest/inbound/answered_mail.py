"""Owns the telling which of our mails a reply answers, from what it quotes. It must never be more certain than that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

from digest.inbound.labels import section_named
from digest.inbound.lexicon import Lexicon
from digest.inbound.numbering import number_at
from digest.inbound.wording import words_of

AnsweredKind = Literal["prompt", "questions"]
_MOST_LINES = 400
_LONGEST_NAME = 90


def answered_kind(asked: Iterable[str], lexicons: Sequence[Lexicon]) -> AnsweredKind | None:
    """What these lines of ours are: `prompt` if they name several parts, `questions` if they number anything else."""
    lines = [line.lstrip("> \t") for line in islice(asked, _MOST_LINES)]
    named = {
        section_named(words_of(line), lexicons, strict=True) for line in lines if len(line) < _LONGEST_NAME
    }
    if len(named - {None}) > 1:
        return "prompt"
    numbers = [number for line in lines if (number := number_at(line)) and number.marked]
    return "questions" if numbers else None
