"""Owns headings in words that no list of ours has ("what bombed:"): among three of one kind the others tell what they
name. It must never take a sentence for one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from digest.reading.wording.lexicon import SECTIONS, Section
from digest.reading.wording.wording import words_of

_WITH_COLON = re.compile(r"[ \t*_/#>•·–-]{0,6}([^:：\n]{1,60})[:：](?![/\d])[*_/]{0,3}[ \t]{0,4}")
_MOST_WORDS = 8
_SENTENCE_ENDS = ".!?,;:"

Head = tuple[int, int]
Named = tuple[int, int, Section]


def own_heads(text: str, known: Sequence[Named], asks: Callable[[str], bool]) -> list[Named]:
    """All three headings, if there are exactly three in one form, those that are known keep their part, and the
    order is that in which the parts were asked for; else none. `asks` tells whether a text is a question."""
    for heads in (_colon_heads(text), _line_heads(text)):
        if len(heads) == len(SECTIONS) and not text[: heads[0][0]].strip():
            sections = _in_order(heads, known)
            asking = asks(text[heads[-1][1] :]) or any(section == "question" for _, _, section in known)
            if sections and asking:
                return [(start, end, section) for (start, end), section in zip(heads, sections, strict=True)]
    return []


def _in_order(heads: Sequence[Head], known: Sequence[Named]) -> tuple[Section, ...] | None:
    """The three parts: two that are known leave the third; else the usual order, if nothing known speaks against it."""
    at: dict[int, Section] = {start: section for start, _, section in known}
    if set(at) - {start for start, _ in heads}:
        return None
    missing: list[Section] = [section for section in SECTIONS if section not in at.values()]
    if len(at) == len(SECTIONS) - 1 and len(missing) == 1:
        return tuple([at.get(start, missing[0]) for start, _ in heads])
    if any(at.get(start, section) != section for (start, _), section in zip(heads, SECTIONS, strict=True)):
        return None
    return SECTIONS


def _colon_heads(text: str) -> list[Head]:
    found: list[Head] = []
    for start, line in _lines(text):
        match = _WITH_COLON.match(line)
        if match and len(words_of(match[1])) <= _MOST_WORDS and "://" not in match[0]:
            found.append((start, start + match.end()))
    return found


def _line_heads(text: str) -> list[Head]:
    """Short lines without a full stop, each the first of a paragraph that goes on below it."""
    lines = list(_lines(text))
    found: list[Head] = []
    for index, (start, line) in enumerate(lines):
        opens = index == 0 or not lines[index - 1][1].strip()
        goes_on = index + 1 < len(lines) and bool(lines[index + 1][1].strip())
        if opens and goes_on and _is_short(line):
            found.append((start, start + len(line)))
    return found


def _is_short(line: str) -> bool:
    return 0 < len(words_of(line)) <= _MOST_WORDS and line.rstrip()[-1:] not in _SENTENCE_ENDS


def _lines(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    position = 0
    for line in text.split("\n"):
        found.append((position, line))
        position += len(line) + 1
    return found
