"""Owns where a long text is cut: after a sentence, else after a word. It must never tear a character."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

ELLIPSIS = "…"
_ENDS = frozenset(".!?…。！？؟।")
_CLOSERS = frozenset("\"'”’“»«)]」』")
_JOINERS = frozenset("\u200d\ufe0f\ufe0e")


@dataclass(frozen=True)
class Shortened:
    """The words that are left, with an ellipsis where a sentence was cut, and whether anything was."""

    text: str
    cut: bool


def shorten(text: str, limit: int) -> Shortened:
    """At most `limit` code points of `text`, which should be clean (`clean_text.lines`)."""
    if len(text) <= limit:
        return Shortened(text, False)
    start = text[:limit]
    end = _sentence_end(text, limit)
    if end > limit // 3:
        return Shortened(start[:end].rstrip(), True)
    room = _whole_character(text, limit - 2)
    word = max(start.rfind(" ", 0, room), start.rfind("\n", 0, room))
    return Shortened(
        start[: word if word > limit // 3 else room].rstrip(" \n,;:–-") + "\u00a0" + ELLIPSIS, True
    )


def gist(text: str, limit: int = 40) -> str:
    """The beginning of a text on one line, for a link's words."""
    line = " ".join(text[: limit * 8].split())
    if len(line) <= limit:
        return line
    room = _whole_character(line, limit - 2)
    word = line.rfind(" ", 0, room)
    return line[: word if word > limit // 3 else room].rstrip(" ,;:–-.") + "\u00a0" + ELLIPSIS


def _sentence_end(text: str, limit: int) -> int:
    """The last place up to `limit` where a sentence or a line ends; 0 where there is none."""
    for end in range(limit, 0, -1):
        if text[end].isspace() and _closes(text, end):
            return end
        if text[end - 1] in "。！？":
            return end
    return 0


def _closes(text: str, end: int) -> bool:
    last = end - 1
    while last > 0 and text[last] in _CLOSERS and end - last < 4:
        last -= 1
    return text[end] == "\n" or (text[last] in _ENDS and not _number_before(text, last))


def _number_before(text: str, dot: int) -> bool:
    """Neither "am 3. Mai" nor "z. B." ends a sentence there."""
    if text[dot] != ".":
        return False
    return text[dot - 1].isdigit() or (text[dot - 1].isalpha() and not text[max(dot - 2, 0)].isalnum())


def _whole_character(text: str, end: int) -> int:
    """`end`, moved back so that no accent or joined sign is torn from what it belongs to."""
    while end > 0 and (_belongs(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return end


def _belongs(sign: str) -> bool:
    """Whether it is drawn into the sign before it: an accent, a variation selector, a skin tone."""
    return sign in _JOINERS or unicodedata.combining(sign) > 0 or "\U0001f3fb" <= sign <= "\U0001f3ff"
