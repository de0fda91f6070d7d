"""Owns the second look at labelled lines: what was broken off a quotation, and what is kept in doubt. It
must never label a line own that a first look took for history."""

from __future__ import annotations

from collections.abc import Sequence

from digest.reading.visible.line import Line
from digest.reading.written.letter.signature import is_remnant
from digest.reading.written.pages import Label, Pages

_LONG = 55  # characters of a quoted line, from which on clients break it


def label_remains(pages: Pages) -> None:
    """A line between two quoted ones was quoted too where its client broke a long one in two, or broke a
    link."""
    for at in range(1, len(pages.lines) - 1):
        if not pages.texts[at] or not pages.lines[at - 1].depth or not pages.lines[at + 1].depth:
            continue
        above, text = pages.lines[at - 1].text, pages.texts[at]
        wrapped = len(above) >= _LONG and above[-1] not in ".?!:;…" and text[0].islower()
        if wrapped or is_remnant(text):
            pages.give("quote", at, at + 1)


def keep_excerpts(pages: Pages) -> None:
    """What its writer set as a quotation amid own words is kept in doubt: the client's own quotation stands
    below."""
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


def doubt_answers(pages: Pages, sent: Sequence[bool] | None) -> None:
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
