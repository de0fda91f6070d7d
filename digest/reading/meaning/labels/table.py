"""Owns tables whose columns are the parts: labels in the first row, words below. It must never take a row of labels and
words for one."""

from __future__ import annotations

from collections.abc import Sequence

from digest.reading.meaning.labels.words import section_named
from digest.reading.wording.lexicon import Lexicon, Section
from digest.reading.wording.wording import words_of

_BETWEEN = "\t"


def columns_of(text: str, lexicons: Sequence[Lexicon]) -> list[tuple[Section, str]]:
    """(part, words) for each cell below a row in which every cell names a part; else nothing."""
    rows = [
        [cell.strip() for cell in line.split(_BETWEEN)]
        for line in text.strip("\n").split("\n")
        if line.strip()
    ]
    if len(rows) < 2 or len(rows[0]) < 2:
        return []
    named: list[Section | None] = [section_named(words_of(cell), lexicons) for cell in rows[0]]
    found: list[tuple[Section, str]] = []
    for row in rows[1:]:
        for section, cell in zip(named, row, strict=False):
            if section is not None:
                found.append((section, cell))
    return found if all(named) else []
