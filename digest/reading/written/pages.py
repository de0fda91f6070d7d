"""Owns the lines of a message while they are labelled: what each is known to be so far. It must never
decide what a line is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from digest.reading.visible.line import Line

# `doubtful` lines stand inside history without marks, and are not what we sent: answers, or a gateway's words.
Label = Literal["own", "doubtful", "quote", "forwarded", "signature"]

LINES_BETWEEN = 3
_MOST_CANDIDATES = 1_000  # of lines that are looked at closely: hostile text has any number of them


@dataclass
class Pages:
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

    def quotation_follows(self, at: int) -> bool:
        """Whether the next line with words is quoted, with few blank ones before it."""
        end = min(len(self.lines), at + LINES_BETWEEN)
        while at < end and not self.lines[at].text and not self.lines[at].depth:
            at += 1
        return at < len(self.lines) and self.labels[at] in ("quote", "forwarded")


def first_label(line: Line, ours: bool) -> Label:
    if line.role == "forwarded":
        return "forwarded"
    if ours or line.depth or line.role in ("history", "attribution"):
        return "quote"
    return "signature" if line.role == "signature" else "own"
