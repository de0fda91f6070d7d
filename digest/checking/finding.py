"""Owns one line of what was found: "note" is what may stay as it is; what is wrong says what to do.
It must never hold a secret, an address of a member or a word that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

State = Literal["ok", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """`words` is the English sentence with its gaps, by which a translation is found; `values` fill them."""

    state: State
    words: str
    values: dict[str, object] = field(default_factory=dict[str, object])

    def said(self, gettext: Callable[[str], str]) -> str:
        return gettext(self.words) % self.values if self.values else gettext(self.words)

    @property
    def sentence(self) -> str:
        return self.said(str)

    @property
    def line(self) -> str:
        return f"{self.state:<6} {self.sentence}"


def N_(words: str) -> str:
    """Marks a sentence for the catalogue; it is translated when it is said."""
    return words


def ok(words: str, **values: object) -> Finding:
    return Finding("ok", words, values)


def note(words: str, **values: object) -> Finding:
    return Finding("note", words, values)


def wrong(words: str, **values: object) -> Finding:
    return Finding("wrong", words, values)
