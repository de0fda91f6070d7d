"""Owns the repair of lines before they are judged: words that share a line with an attribution, marks that
were typed. It must never take away or add a word."""

from __future__ import annotations

from collections.abc import Sequence

from digest.reading.visible.line import Line
from digest.reading.written.history.attribution import shared_at
from digest.reading.written.history.attribution_evidence import COLONS

_CODE_DEPTH = 3


def repaired(lines: Sequence[Line]) -> list[Line]:
    """The lines as they were meant."""
    return _parted(_unmarked(lines))


def _parted(lines: Sequence[Line]) -> list[Line]:
    """An attribution that stands after words becomes a line of its own."""
    apart: list[Line] = []
    for line in lines:
        candidate = line.depth == 0 and line.role == "text" and line.text.endswith(COLONS)
        at = shared_at(line.text) if candidate else None
        if at is None:
            apart.append(line)
        else:
            apart += [Line(line.text[:at].rstrip(" \t-–—")), Line(line.text[at:])]
    return apart


def _unmarked(lines: Sequence[Line]) -> list[Line]:
    """Lines with three marks and more amid lines without any are typed (`>>> print(1)`), no quotation."""
    if all(line.depth < _CODE_DEPTH for line in lines):
        return list(lines)
    meant, start = list(lines), 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and (lines[end].depth > 0) == (lines[start].depth > 0):
            continue
        beside = [lines[index].text for index in (start - 1, end) if 0 <= index < len(lines)]
        if any(beside) and min(line.depth for line in lines[start:end]) >= _CODE_DEPTH:
            for index in range(start, end):
                meant[index] = Line(f"{'>' * lines[index].depth} {lines[index].text}", 0, lines[index].role)
        start = end
    return meant
