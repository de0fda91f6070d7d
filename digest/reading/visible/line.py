"""Owns one line of a message as a reader sees it. It must never hold rules, only what the writing client
marked."""

from __future__ import annotations

from typing import Literal, NamedTuple

Role = Literal["text", "attribution", "history", "forwarded", "signature", "rule", "excerpt"]


class Line(NamedTuple):
    """One line: `text` without quote marks and trailing blanks, indent kept; `depth` is how often it is
    quoted.

    `role` is what the client's markup says: `history` is a quotation without marks, `rule` a drawn line,
    `excerpt` a quotation that no mail client marked as its own: its writer may have set it.
    """

    text: str
    depth: int = 0
    role: Role = "text"
