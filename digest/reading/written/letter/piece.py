"""Owns the lines that a person sent in one piece while parts are taken off its ends. It must never know
what a part looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

PartKind = Literal["greeting", "words", "closing", "signature", "footer", "disclaimer"]

REACH = 120  # lines from the end within which signatures and footers stand


@dataclass(frozen=True, slots=True)
class Part:
    """Lines `start` to `end` (exclusive) of a piece."""

    kind: PartKind
    start: int
    end: int


@dataclass
class Piece:
    """The lines under work: what is not yet taken stands from `start` to `end`."""

    texts: Sequence[str]
    start: int
    end: int
    alone: bool
    head: list[Part] = field(default_factory=list[Part])
    tail: list[Part] = field(default_factory=list[Part])

    def trim(self) -> None:
        while self.start < self.end and not self.texts[self.start]:
            self.start += 1
        while self.start < self.end and not self.texts[self.end - 1]:
            self.end -= 1

    def reach(self, start: int) -> range:
        """The last lines, from `start` on."""
        return range(max(start, self.end - REACH), self.end)

    def take_head(self, kind: PartKind, end: int) -> None:
        self.head.append(Part(kind, self.start, end))
        self.start = end
        self.trim()

    def take_tail(self, kind: PartKind, start: int) -> None:
        self.tail.append(Part(kind, start, self.end))
        self.end = start
        self.trim()
