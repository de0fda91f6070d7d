"""Owns the telling which of our mails a reply answers, from what it quotes. It must never be more certain than that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from digest.inbound.labels import section_named
from digest.inbound.lexicon import Lexicon
from digest.inbound.numbering import number_at
from digest.inbound.wording import words_of

AnsweredKind = Literal["prompt", "questions"]
_MOST_LINES = 400


def answered_kind(quoted: Iterable[str], lexicons: Sequence[Lexicon]) -> AnsweredKind | None:
    """`prompt` if the quotation names the three parts, `questions` if it numbers questions otherwise, else None."""
    lines = [line.lstrip("> \t") for part in quoted for line in part.split("\n")][:_MOST_LINES]
    numbered = [
        (number.value, line[number.end :]) for line in lines if (number := number_at(line)) and number.marked
    ]
    named = {section_named(words_of(line)[:12], lexicons) for line in lines if len(line) < 90} - {None}
    if len(named) > 1:
        return "prompt"
    return "questions" if any(value for value, _ in numbered) else None
