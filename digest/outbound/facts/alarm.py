"""Owns what the mail to the person who runs the service says. It must never hold a name, an address, or a word of a
member."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AlarmFacts:
    """Finished sentences in the operator's language: what is wrong now, and what was and is over."""

    standing: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
