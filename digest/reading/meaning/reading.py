"""Owns the value that says how a reply was read. It must never hold a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digest.reading.written.reply_blocks import LeftOut

Intent = Literal[
    "entry",
    "skip",
    "correction",
    "answer",
    "help",
    "thanks",
    "unsubscribe",
    "command",
    "automatic",
    "unknown",
]
Command = Literal["yes", "undo", "anonymous", "later", "withdraw", "pause", "stop", "resume"]


@dataclass(frozen=True)
class Reading:
    """How one reply was read. `reply` is all that is newly written; `automatic` the reason why no person wrote it;
    `undecided` is kept for its writer alone; `numbered` holds (question number, words), `helps` numbers, `sames` those
    of whom has the same (empty: it names none). `said` are the words of an answer without a number; `just_you`: answers
    are for their askers alone."""

    reply: str
    intent: Intent
    automatic: str | None = None
    command: Command | None = None
    tried: str | None = None
    failed: str | None = None
    questions: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    anonymous: bool = False
    language: str | None = None
    left_out: tuple[LeftOut, ...] = ()
    numbered: tuple[tuple[int, str], ...] = ()
    helps: tuple[int, ...] = ()
    sames: tuple[int, ...] | None = None
    said: str = ""
    just_you: bool = False
