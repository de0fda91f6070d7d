"""Owns the reading of plain text as lines with quote marks. It must never drop a line that has words."""

from __future__ import annotations

import re
from collections import Counter

from digest.reading.visible.line import Line

_MARKS = re.compile(r"[ \t\u200e\u200f\u202a-\u202e\ufeff]{0,4}(?:>[ \t]?)+")
_INITIALS = re.compile(r"^([A-Z][A-Za-z]{0,11})>(?:[ \t]|$)", re.MULTILINE)
# Some clients quote with bars; a table has words between its bars, and no bar alone on a line.
_BARS = re.compile(r"^\|[ \t]*\n\|[ \t]", re.MULTILINE)
_BAR = re.compile(r"^\|(?=[ \t]|$)", re.MULTILINE)
_BLANK_LINES_KEPT = 2
# Blanks of all widths, marks of direction, and the signs with which senders fill the preview line.
_UNSEEN = (
    " \t\u00a0\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060"
    "\u2061\u2062\u2063\u2064\u3000\u3164\ufeff\uffa0"
)
SIGNATURE_MARK = "-- "  # RFC 3676, section 4.3: the only line whose last blank counts
_MARK = Line(SIGNATURE_MARK)
_BLANK = Line("")
_BLANK_QUOTED = Line("", 1)


def text_lines(text: str) -> list[Line]:
    """The lines of a text (line breaks are `\\n`), `>` counted and taken off (RFC 3676, 4.5)."""
    if _BARS.search(text):
        text = _BAR.sub(">", text)
    lines: list[Line] = []
    initials = _initials(text)
    blank_before = 0
    raw_before: str | None = None
    for raw in text.split("\n"):
        if raw == raw_before and blank_before >= _BLANK_LINES_KEPT:
            continue
        line = _line(raw, initials)
        blank_before = 0 if line.text else blank_before + 1 if _same_depth(lines, line) else 1
        if blank_before <= _BLANK_LINES_KEPT:
            lines.append(line)
        raw_before = raw
    return lines


def _line(raw: str, initials: frozenset[str]) -> Line:
    if ">" not in raw:
        if raw == SIGNATURE_MARK:
            return _MARK
        return Line(raw.rstrip()) if raw and not is_blank(raw) else _BLANK
    if raw == ">":
        return _BLANK_QUOTED
    name, sign, rest = raw.partition(">")
    if name in initials and sign:
        return Line(rest.strip(), 1)
    marks = _MARKS.match(raw)
    if marks is None:
        return Line(raw.rstrip())
    return Line(raw[marks.end() :].rstrip(), marks.group().count(">"))


def is_blank(text: str) -> bool:
    """Whether nothing of a line can be seen: only blanks and the signs that fill a preview line."""
    return not text.isascii() and not text.strip(_UNSEEN)


def _initials(text: str) -> frozenset[str]:
    """Names that some clients put before the mark ("MW> quoted"): each begins two lines and more."""
    found = Counter(_INITIALS.findall(text)) if ">" in text else Counter[str]()
    return frozenset(name for name, count in found.items() if count > 1)


def _same_depth(lines: list[Line], line: Line) -> bool:
    return bool(lines) and lines[-1].depth == line.depth
