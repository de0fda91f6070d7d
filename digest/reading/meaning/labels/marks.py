"""Owns the cutting of a text at its labels and numbers. It must never cut inside a list that belongs to one part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.reading.meaning.labels.own_heads import own_heads
from digest.reading.meaning.labels.words import Label, label_at, marked_label_at
from digest.reading.meaning.sentences.question_list import asks
from digest.reading.wording.lexicon import Lexicon, Section
from digest.reading.wording.sentences import sentences_of

_SEPARATORS = re.compile(r"[;,/|](?=\s)")
_FENCE = ("```", "~~~")
_INDENT = ("    ", "\t")


@dataclass(frozen=True, slots=True)
class Mark:
    """A part begins: its label or number stands at `start`, its content at `content`."""

    start: int
    content: int
    section: Section


def label_marks(text: str, lexicons: Sequence[Lexicon]) -> list[Mark]:
    """The labels by which this text names its parts, in order; empty where it names none."""
    found = [(start, label) for start in line_starts(text) if (label := label_at(text, start, lexicons))]
    sure = [(start, label) for start, label in found if label.set_off == "mark"]
    heads = own_heads(text, _named(sure) or _named(found), lambda part: asks(part, lexicons))
    if heads:
        return [Mark(start, content, section) for start, content, section in heads]
    sure += _alone(text, found, sure)
    sure += _bare(found, sure)
    sure += _within_lines(text, lexicons, {start for start, _ in sure})
    return [Mark(start, label.end, label.section) for start, label in sorted(sure, key=lambda pair: pair[0])]


def line_starts(text: str) -> list[int]:
    """Where lines begin that may name a part: not those of code, nor quoted ones."""
    starts, position, fenced = list[int](), 0, False
    for line in text.split("\n"):
        bare = line.lstrip()
        if bare.startswith(_FENCE):
            fenced = not fenced
        elif bare and not fenced and not bare.startswith(">") and not line.startswith(_INDENT):
            starts.append(position)
        position += len(line) + 1
    return starts


Found = list[tuple[int, Label]]


def _named(found: Found) -> list[tuple[int, int, Section]]:
    return [(start, label.end, label.section) for start, label in found if label.set_off != "bare"]


def _alone(text: str, found: Found, sure: Found) -> Found:
    """Labels that fill a line: believed at the top, or where there are several parts, and only above words."""
    alone = [(start, label) for start, label in found if label.set_off == "alone"]
    named = {label.section for _, label in alone + sure}
    at_top = bool(alone) and not text[: alone[0][0]].strip()
    if len(named) < 2 and not at_top:
        return []
    return [(start, label) for start, label in alone if text[label.end :].strip() or len(named) > 2]


def _bare(found: Found, sure: Found) -> Found:
    """Labels with nothing after them: believed beside surer labels of other parts, or if all three are there."""
    bare = [(start, label) for start, label in found if label.set_off == "bare"]
    named = {label.section for _, label in sure}
    if sure:
        return [(start, label) for start, label in bare if label.section not in named]
    return bare if len({label.section for _, label in bare}) == 3 else []


def _within_lines(text: str, lexicons: Sequence[Lexicon], taken: set[int]) -> Found:
    """Labels in the middle of a line: at the beginning of a sentence or after a separator."""
    found: Found = []
    for start in _clause_starts(text):
        label = None if start in taken else marked_label_at(text, start, lexicons)
        if label:
            found.append((start, label))
    return found


def _clause_starts(text: str) -> list[int]:
    starts = [sentence.start for sentence in sentences_of(text)]
    starts += [mark.start() + 2 for mark in _SEPARATORS.finditer(text)]
    return sorted(start for start in set(starts) if _stands_within(text, start))


def _stands_within(text: str, start: int) -> bool:
    """Whether words stand before this place in its line, and the line is no code."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return (
        bool(line.strip()) and text[start : start + 1].strip() != "" and not line.startswith((*_INDENT, ">"))
    )
