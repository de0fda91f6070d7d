"""Owns the lines that grow while an HTML body is read: words, breaks, gaps, list signs, table rows. It must
never know an element or a client."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from digest.reading.visible.line import Line, Role

_WORD_SIGN = re.compile(r"^(?:[·•▪§o\uf0b7\uf0a7]|([\da-zA-Z]{1,3}[.)]))\s+")


@dataclass
class LineWriter:
    """Lines so far, and the one under work. `depth` and `role` are given to each line when it is ended.

    `sign` is put before the next words; `listed` says that Word wrote a sign of its own before them.
    """

    depth: int = 0
    role: Role = "text"
    lines: list[Line] = field(default_factory=list[Line])
    sign: str = ""
    listed: bool = False
    _pieces: list[str] = field(default_factory=list[str])
    _gap: bool = False
    _outer: list[list[Line]] = field(default_factory=list[list[Line]])
    _rows: list[list[list[Line]]] = field(default_factory=list[list[list[Line]]])

    def write(self, text: str, *, kept: bool = False) -> None:
        """Adds words; blanks and line breaks count as one blank unless they are `kept`."""
        if not kept:
            text = _with_single_blanks(text)
            if text[:1] == " " and (not self._pieces or self._pieces[-1][-1:] == " "):
                text = text[1:]
            if text:
                self._pieces.append(text)
            return
        first, *others = text.replace("\r\n", "\n").replace(" ", "\u00a0").split("\n")
        self._pieces.append(first)
        for other in others:
            self.break_line()
            self._pieces.append(other)

    def shows(self, words: str) -> bool:
        """Whether the last words of the line under work hold these."""
        return words in "".join(self._pieces[-4:])[-400:]

    def break_line(self) -> None:
        """Ends the line, also an empty one (`<br>`)."""
        self._add("".join(self._pieces))
        self._pieces.clear()

    def end_block(self) -> None:
        """Ends the line if there is one."""
        if self._pieces:
            if "".join(self._pieces).strip(" "):
                self.break_line()
            self._pieces.clear()

    def leave_gap(self) -> None:
        """Asks for a blank line before the next words."""
        self._gap = True

    def draw_rule(self) -> None:
        """A drawn line."""
        self.end_block()
        self.lines.append(Line("-" * 10, self.depth, "rule" if self.role == "text" else self.role))

    def _add(self, raw: str) -> None:
        text = raw.strip(" ").replace("\u00a0", " ").rstrip()
        if text and self._gap and self.lines and self.lines[-1].text:
            self.lines.append(Line("", min(self.depth, self.lines[-1].depth), self.role))
        if text and self.listed:
            text = _WORD_SIGN.sub(lambda sign: f"{sign[1] or '-'} ", text, count=1)
        if text:
            text, self.sign, self.listed, self._gap = self.sign + text, "", False, False
        if text or not (len(self.lines) >= 2 and not self.lines[-1].text and not self.lines[-2].text):
            self.lines.append(Line(text, self.depth, self.role))

    def open_row(self) -> None:
        self.end_block()
        self._rows.append([])

    def close_row(self) -> None:
        """A row whose cells hold one line each becomes one line, with tabs; else cell stands under cell."""
        self.end_block()
        cells = [cell for cell in self._rows.pop() if any(line.text for line in cell)] if self._rows else []
        words = [[line for line in cell if line.text] for cell in cells]
        if len(words) > 1 and all(len(cell) == 1 for cell in words):
            first = words[0][0]
            self.lines.append(
                Line("\t".join(cell[0].text.strip() for cell in words), first.depth, first.role)
            )
        else:
            for cell in cells:
                self.lines.extend(cell)

    def open_cell(self) -> None:
        self.end_block()
        self._outer.append(self.lines)
        self.lines = []

    def close_cell(self) -> None:
        self.end_block()
        cell, self.lines = self.lines, self._outer.pop()
        if self._rows:
            self._rows[-1].append(cell)
        else:
            self.lines.extend(cell)


def _with_single_blanks(text: str) -> str:
    """Each run of blanks and line breaks as one blank; a pass halves the runs, so that few are enough."""
    for blank in "\t\r\n\f":
        text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text
