"""Owns which lines of a message are quoted or forwarded: it labels each line. It must never look at
signatures, and never at what the words mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from digest.inbound.attribution import could_end, start_of
from digest.inbound.header_block import block_end, could_open
from digest.inbound.line import Line
from digest.inbound.separator import separator

Label = Literal["own", "quote", "forwarded", "signature"]

_LINES_BETWEEN = 3
_MOST_CANDIDATES = 1_000  # of lines that are looked at closely: hostile text has any number of them


@dataclass
class _Pages:
    """The lines under work: `texts` are those that are still own, blank where a line is not."""

    lines: Sequence[Line]
    texts: list[str]
    labels: list[Label]
    candidates: int = 0

    def affords(self) -> bool:
        """Whether one more close look is affordable."""
        self.candidates += 1
        return self.candidates <= _MOST_CANDIDATES


def labelled(lines: Sequence[Line]) -> list[Label]:
    """One label a line: `quote` covers marked and unmarked history with its attribution and markers."""
    pages = _Pages(lines, [_plain(line) for line in lines], [_label(line) for line in lines])
    at = 0
    while at < len(lines):
        at = _next(pages, at)
    return pages.labels


def _plain(line: Line) -> str:
    return line.text if line.depth == 0 and line.role in ("text", "rule") else ""


def _label(line: Line) -> Label:
    if line.role == "signature" and line.depth == 0:
        return "signature"
    if line.role == "forwarded":
        return "forwarded"
    return "quote" if line.depth or line.role in ("history", "attribution") else "own"


def _next(pages: _Pages, at: int) -> int:
    """Looks at one line; labels what begins there, and says which line is next."""
    text = pages.texts[at]
    if not text:
        return at + 1
    found = _separated(pages, at) or _headed(pages, at, announced=False)
    if found is not None:
        end, label = found
        return _close(pages, at, end, label)
    return _attributed(pages, at)


def _separated(pages: _Pages, at: int) -> tuple[int, Label] | None:
    """A marker line with what belongs to it: the header block below, where there is one."""
    mark = separator(pages.texts[at])
    rule = pages.lines[at].role == "rule"
    if mark is None and not rule:
        return None
    below = _filled(pages, at + 1)
    headed = _headed(pages, below, announced=True) if below < len(pages.texts) else None
    label: Label = "forwarded" if mark is not None and mark.meaning == "forwarded" else "quote"
    if headed is not None:
        return headed[0], label
    return (at + 1, label) if mark is not None and mark.meaning in ("forwarded", "original") else None


def _headed(pages: _Pages, at: int, *, announced: bool) -> tuple[int, Label] | None:
    if not could_open(pages.texts[at]) or not pages.affords():
        return None
    end = block_end(pages.texts, at, announced=announced)
    return None if end is None else (end, "quote")


def _attributed(pages: _Pages, at: int) -> int:
    quoted = _quotation_follows(pages, at + 1)
    if not (quoted or could_end(pages.texts[at])) or not pages.affords():
        return at + 1
    start = start_of(pages.texts, at, quoted=quoted)
    return at + 1 if start is None else _close(pages, start, at + 1, "quote")


def _close(pages: _Pages, start: int, end: int, label: Label) -> int:
    """Labels an introduction, and all below it where no quote marks say how far the quotation goes."""
    if not _quotation_follows(pages, end):
        end = len(pages.lines)
    for index in range(start, end):
        if pages.labels[index] == "own":
            pages.labels[index] = label
            pages.texts[index] = ""
    return end


def _quotation_follows(pages: _Pages, at: int) -> bool:
    """Whether the next line with words is quoted, with few blank ones before it."""
    below = _filled_line(pages, at)
    return below < len(pages.lines) and pages.labels[below] in ("quote", "forwarded")


def _filled_line(pages: _Pages, at: int) -> int:
    end = min(len(pages.lines), at + _LINES_BETWEEN)
    while at < end and not pages.lines[at].text and not pages.lines[at].depth:
        at += 1
    return at


def _filled(pages: _Pages, at: int) -> int:
    end = min(len(pages.texts), at + _LINES_BETWEEN)
    while at < end and not pages.texts[at]:
        at += 1
    return at
