"""Owns which lines of a message are quoted or forwarded: it labels each line. It must never look at
signatures, and never at what the words mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from digest.inbound.attribution import (
    could_end,
    introduces_history,
    introduces_quotation,
    may_introduce_history,
    start_of,
)
from digest.inbound.header_block import block_end, could_open
from digest.inbound.line import Line
from digest.inbound.separator import separator
from digest.inbound.signature import is_remnant

# `doubtful` lines stand inside history without marks, and are not what we sent: answers, or a gateway's words.
Label = Literal["own", "doubtful", "quote", "forwarded", "signature"]

_LINES_BETWEEN = 3
_MOST_CANDIDATES = 1_000  # of lines that are looked at closely: hostile text has any number of them
_MOST_LINES = 20_000
_MOST_CHARACTERS = 600


@dataclass
class _Pages:
    """The lines under work: `texts` are those that are still own, blank where a line is not. `sent_known`:
    we know what we sent, so that quoted lines are recognised by their words."""

    lines: Sequence[Line]
    texts: list[str]
    labels: list[Label]
    names: Collection[str]
    sent_known: bool
    openings: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    unmarked_from: int = 0
    candidates: int = 0

    def affords(self) -> bool:
        """Whether one more close look is affordable."""
        self.candidates += 1
        return self.candidates <= _MOST_CANDIDATES

    def give(self, label: Label, start: int, end: int) -> None:
        """Labels lines that are still own."""
        for index in range(start, end):
            if self.labels[index] == "own":
                self.labels[index], self.texts[index] = label, ""


def labelled(
    lines: Sequence[Line], sent: Sequence[bool] | None = None, names: Collection[str] = ()
) -> list[Label]:
    """One label a line: `quote` covers marked and unmarked history with its attribution and markers.

    `sent` says of each line whether its words are what we sent, None where that is not known; `names` are
    the addresses and names, in lower case, that can stand in an attribution of our mail.
    """
    labels: list[Label] = [
        _label(line, ours) for line, ours in zip(lines, sent or [False] * len(lines), strict=True)
    ]
    texts = [line.text if label == "own" else "" for line, label in zip(lines, labels, strict=True)]
    pages = _Pages(lines, texts, labels, names, sent is not None and any(sent), unmarked_from=len(lines))
    _look(pages)
    _label_remains(pages)
    _keep_excerpts(pages)
    if not any(pages.texts) and (pages.openings or "signature" in pages.labels):
        return _reopened(pages)
    _doubt(pages, sent)
    return pages.labels


def _label(line: Line, ours: bool) -> Label:
    if line.role == "forwarded":
        return "forwarded"
    if ours or line.depth or line.role in ("history", "attribution"):
        return "quote"
    return "signature" if line.role == "signature" else "own"


def _look(pages: _Pages) -> None:
    """Looks at each line in turn; nobody answers below twenty thousand of them."""
    at = 0
    while at < min(len(pages.lines), _MOST_LINES):
        at = _next(pages, at)


def _next(pages: _Pages, at: int) -> int:
    """Looks at one line; labels what begins there, and says which line is next."""
    if not pages.texts[at]:
        return at + 1
    found = _separated(pages, at) or _headed(pages, at, announced=False)
    if found is not None:
        return _close(pages, at, *found)
    return _attributed(pages, at)


def _separated(pages: _Pages, at: int) -> tuple[int, Label] | None:
    """A marker line with what belongs to it: the header block below, where there is one."""
    mark = separator(pages.texts[at])
    if mark is None and pages.lines[at].role != "rule":
        return None
    below = at + 1
    while below < min(len(pages.texts), at + 1 + _LINES_BETWEEN) and not pages.texts[below]:
        below += 1
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
    if not (quoted or could_end(pages.texts[at]) or _names_us(pages, at)) or not pages.affords():
        return at + 1
    accepts = introduces_quotation if quoted else introduces_history
    start = start_of(pages.texts, at, accepts, pages.names)
    if start is None and not quoted and _stands_alone(pages, at) and not pages.sent_known:
        start = start_of(pages.texts, at, may_introduce_history, pages.names)
    return at + 1 if start is None else _close(pages, start, at + 1, "quote")


def _names_us(pages: _Pages, at: int) -> bool:
    text = pages.texts[at][:_MOST_CHARACTERS].lower() if pages.names else ""
    return any(name in text for name in pages.names)


def _stands_alone(pages: _Pages, at: int) -> bool:
    """Whether a line is a paragraph of its own, with words above and below."""
    texts = pages.texts
    return 2 <= at < len(texts) - 2 and not texts[at - 1] and not texts[at + 1] and any(texts[:at])


def _close(pages: _Pages, start: int, end: int, label: Label) -> int:
    """Labels an introduction, and all below it where no quote marks say how far the quotation goes."""
    if _quotation_follows(pages, end):
        if not any(line.depth for line in pages.lines[end : end + _LINES_BETWEEN]):
            pages.unmarked_from = min(pages.unmarked_from, end)
        pages.give(label, start, end)
        return end
    if label == "quote":
        pages.openings.append((start, end))
    pages.give(label, start, len(pages.lines))
    return len(pages.lines)


def _quotation_follows(pages: _Pages, at: int) -> bool:
    """Whether the next line with words is quoted, with few blank ones before it."""
    end = min(len(pages.lines), at + _LINES_BETWEEN)
    while at < end and not pages.lines[at].text and not pages.lines[at].depth:
        at += 1
    return at < len(pages.lines) and pages.labels[at] in ("quote", "forwarded")


def _label_remains(pages: _Pages) -> None:
    """A line between two quoted ones that holds no words was quoted too: its client broke a long line."""
    for at in range(1, len(pages.lines) - 1):
        between = pages.texts[at] and pages.lines[at - 1].depth and pages.lines[at + 1].depth
        if between and is_remnant(pages.texts[at]):
            pages.give("quote", at, at + 1)


def _keep_excerpts(pages: _Pages) -> None:
    """What its writer set as a quotation amid own words is kept in doubt: the client's own quotation stands below."""
    last = max(
        (at for at, line in enumerate(pages.lines) if line.depth and line.role != "excerpt"), default=0
    )
    last = max(
        last,
        *(at for at, label in enumerate(pages.labels) if label == "quote" and not pages.lines[at].depth),
        0,
    )
    above: Label = "own"
    for at in range(last):
        if pages.lines[at].role == "excerpt" and pages.lines[at].depth == 1 and above != "quote":
            pages.labels[at] = "doubtful"
        elif pages.lines[at].text:
            above = pages.labels[at]


def _reopened(pages: _Pages) -> list[Label]:
    """Nothing stands above the history: what stands below its introduction may be the answer, so it is kept
    in doubt."""
    if not pages.openings:
        return ["doubtful" if label == "signature" else label for label in pages.labels]
    _, end = pages.openings[0]
    below = _Pages(pages.lines[end:], [], [], pages.names, pages.sent_known)
    below.labels = [_label(line, ours=False) for line in below.lines]
    below.texts = [
        line.text if label == "own" else "" for line, label in zip(below.lines, below.labels, strict=True)
    ]
    _look(below)
    return [*pages.labels[:end], *("doubtful" if label == "own" else label for label in below.labels)]


def _doubt(pages: _Pages, sent: Sequence[bool] | None) -> None:
    """Where we know what we sent: other lines amid it are answers, or what a gateway put in."""
    if not pages.sent_known or sent is None:
        return
    for index in range(pages.unmarked_from, len(pages.lines)):
        if pages.labels[index] == "own":
            pages.labels[index] = "doubtful"
    for start, end in _marked_runs(pages.lines):
        filled = [index for index in range(start, end) if pages.lines[index].text]
        known = [index for index in filled if sent[index]]
        if known and len(known) * 5 >= len(filled) * 3:
            for index in filled:
                if known[0] < index < known[-1] and not sent[index]:
                    pages.labels[index] = "doubtful"


def _marked_runs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Where lines of quotation depth one stand in a row."""
    runs: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if line.depth == 1:
            if runs and runs[-1][1] == index:
                runs[-1] = (runs[-1][0], index + 1)
            else:
                runs.append((index, index + 1))
    return runs
