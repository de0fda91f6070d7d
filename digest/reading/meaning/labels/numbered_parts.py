"""Owns the reading of 1, 2 and 3 as the three parts that were asked for. It must never read a list of three things
that way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digest.reading.meaning.labels.marks import Mark, line_starts
from digest.reading.meaning.sentences.numbering import lead_to_number, number_at
from digest.reading.wording.lexicon import SECTIONS, Lexicon
from digest.reading.wording.sentences import sentences_of
from digest.reading.wording.wording import folded

_WITHIN_LINE = re.compile(r"(?<=[\s,;.!?])[(\[]?([23])[.)\]:/]{1,2}(?=\s)[ \t]*")

_LONGEST_ORDINAL = 40
_BEHIND_ORDINAL = re.compile(r"[ ]{0,2}(?:[:：,;.]|[-–—]{1,2}(?=\s))[ \t]{0,4}")


@dataclass(frozen=True, slots=True)
class _Numbered:
    start: int
    content: int
    value: int
    marked: bool


def number_marks(
    text: str, is_question: Callable[[str], bool], lexicons: Sequence[Lexicon] = ()
) -> list[Mark]:
    """The parts that this text numbers 1 to 3, in figures or in words; empty where its numbers mean something else."""
    found = _at_lines(text, lexicons) or _in_words(text, lexicons)
    if not found or text[: found[0].start].strip():
        return []
    if len(found) == 1 and found[0].value == 1:
        found += _within_line(text, found[0])
    parts = _contents(text, found)
    if not _are_parts(found, [is_question(part) for part in parts]):
        return []
    return [Mark(one.start, one.content, SECTIONS[min(one.value, 3) - 1]) for one in found]


def _at_lines(text: str, lexicons: Sequence[Lexicon]) -> list[_Numbered]:
    found: list[_Numbered] = []
    for start in line_starts(text):
        end = text.find("\n", start)
        line = text[start : len(text) if end < 0 else end]
        lead = lead_to_number(line, lexicons)
        number = number_at(line[lead:])
        if number:
            found.append(_Numbered(start, start + lead + number.end, number.value, number.marked))
    marked = [one for one in found if one.marked]
    return marked if len(marked) != 0 else found


def _in_words(text: str, lexicons: Sequence[Lexicon]) -> list[_Numbered]:
    """ "First: ..., second: ...": at least two, at the beginning of lines or sentences."""
    starts = {*line_starts(text), *(sentence.start for sentence in sentences_of(text))}
    found = [one for start in sorted(starts) if (one := _ordinal_at(text, start, lexicons))]
    return found if len(found) > 1 else []


def _ordinal_at(text: str, start: int, lexicons: Sequence[Lexicon]) -> _Numbered | None:
    head = text[start : start + _LONGEST_ORDINAL].split("\n", 1)[0]
    mark = _BEHIND_ORDINAL.search(head)
    words = folded(head[: mark.start()]) if mark else ()
    for one in lexicons:
        for value, ways in enumerate(one.small.ordinals, 1):
            if mark and words in ways:
                return _Numbered(start, start + mark.end(), value, marked=True)
    return None


def _within_line(text: str, first: _Numbered) -> list[_Numbered]:
    """ "1) ... 2) ... 3) ..." in one line: the next numbers in their order."""
    found: list[_Numbered] = []
    wanted = 2
    for match in _WITHIN_LINE.finditer(text, first.content):
        if int(match[1]) == wanted:
            found.append(_Numbered(match.start(), match.end(), wanted, marked=True))
            wanted += 1
    return found


def _contents(text: str, found: list[_Numbered]) -> list[str]:
    ends = [one.start for one in found[1:]] + [len(text)]
    return [text[one.content : end] for one, end in zip(found, ends, strict=True)]


def _are_parts(found: list[_Numbered], asks: list[bool]) -> bool:
    """Ascending from 1 to 3 (a fourth and fifth may be further questions), and not a mere list of questions."""
    values = [one.value for one in found]
    if values != sorted(set(values)) or values[0] > 3:
        return False
    if not all(one.marked for one in found):
        return values in ([1, 2, 3], [1, 2])
    if values[-1] > 3 and not all(asked for one, asked in zip(found, asks, strict=True) if one.value >= 3):
        return False
    statements = [asked for one, asked in zip(found, asks, strict=True) if one.value < 3]
    return not (len(statements) > 1 and all(statements)) and not (values == [1] and asks[0])
