"""Owns what a reader would see of a message: its lines, with the quotation and the roles that its client
marked. It must never decide which lines are newly written."""

from __future__ import annotations

from dataclasses import dataclass

from digest.reading.mime.message import ParsedMessage
from digest.reading.visible.html_text import html_lines
from digest.reading.visible.line import Line
from digest.reading.visible.plain_text import text_lines

__all__ = ["Line", "VisibleText", "see"]


@dataclass(frozen=True)
class VisibleText:
    """The lines of a message in reading order; never more than two blank ones in a row.

    `addressees` are the addresses that it was sent to: an attribution in it names them.
    """

    lines: tuple[Line, ...]
    addressees: tuple[str, ...] = ()


def see(message: ParsedMessage) -> VisibleText:
    """The lines of the HTML body, which knows quotations best, else those of the plain text; maybe none."""
    lines = html_lines(message.html) if message.html is not None else []
    if not any(line.text for line in lines) and message.text is not None:
        lines = text_lines(message.text)
    return VisibleText(tuple(lines), message.to)
