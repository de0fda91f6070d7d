"""Owns the shape of typed text: lines that a person broke, paragraphs, list items. It must never change a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from digest.reading.meaning.sentences.numbering import number_at

_BULLETS = frozenset("-*•–—·‣▪●◦+→>")
_WRAP = 60  # no mail program wraps earlier than this, so a shorter line was ended by its writer
_COUNTED = re.compile(r"[^\W\d_]\d{1,2}[.):][ \t]{1,4}")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def paragraphs_of(text: str) -> list[str]:
    """What blank lines set apart; indents are kept."""
    return [part.strip("\n").rstrip() for part in _BLANK_LINES.split(text) if part.strip()]


def without_blank_ends(text: str) -> str:
    """The text from its first line with words on, whose indent is kept."""
    start = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, start) + 1 :].rstrip()


def paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs as `text[start:end]`."""
    position = 0
    for paragraph in paragraphs_of(text):
        position = text.index(paragraph, position)
        yield position, position + len(paragraph)
        position += len(paragraph)


def is_item(line: str) -> bool:
    """Whether this line is an item of a list: a bullet and a space, or a number set off."""
    bare = line.lstrip()
    if bare[:1] in _BULLETS and bare[1:2] in (" ", "\t", "\xa0"):
        return True
    number = number_at(line)
    return (number is not None and number.marked) or _COUNTED.match(bare) is not None


def without_bullet(line: str) -> str:
    """The item's words without its bullet."""
    bare = line.lstrip()
    return bare[1:].lstrip() if bare[:1] in _BULLETS and bare[1:2] in (" ", "\t", "\xa0") else bare


def item_words(line: str) -> str:
    """An item without its bullet or its number ("2." or "Q2:")."""
    bare = without_bullet(line)
    counted = _COUNTED.match(bare)
    number = number_at(bare)
    if counted:
        return bare[counted.end() :]
    return bare[number.end :] if number and number.marked else bare


def ended_by_writer(line: str, following: str, width: int) -> bool:
    """Whether the writer, not a mail program, ended this line: the next word would still have fitted."""
    first = following.split(maxsplit=1)[0] if following.strip() else ""
    return len(line.rstrip()) + 1 + len(first) <= max(_WRAP, width)


def lines_as_meant(paragraph: str) -> list[str]:
    """The lines of a paragraph as its writer meant them: wrapped ones stay together, with their line breaks."""
    lines = paragraph.split("\n")
    width = max(len(line) for line in lines)
    meant = [lines[0]]
    for before, line in pairwise(lines):
        if (
            is_item(line)
            or (is_item(before) and line[:1] not in " \t")
            or ended_by_writer(before, line, width)
        ):
            meant.append(line)
        else:
            meant[-1] += "\n" + line
    return meant


def typed_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines as meant of all paragraphs, each with the place where it begins."""
    position = 0
    for paragraph in paragraphs_of(text):
        for line in lines_as_meant(paragraph):
            position = text.index(line, position)
            yield position, line
            position += len(line)
