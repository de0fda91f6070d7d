"""Owns the recognition of a signature that nothing marks but the writer's own full name. It must never take a name
inside a sentence for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digest.reading.wording.sentences import ASKING
from digest.reading.wording.wording import Word, folded, words_of
from digest.reading.written.reply_blocks import LeftOut, ReplyText

_MOST_LINES = 12
_LONGEST_LINE = 140


def without_own_signature(written: ReplyText, display_name: str) -> ReplyText:
    """What was written, without the lines at its end that begin with the writer's full name; they are left out as a
    signature. A name of one word signs a letter, and is no sign of more."""
    name = frozenset(folded(display_name))
    if len(name) < 2 or not written.blocks:
        return written
    last = written.blocks[-1]
    lines = last.text.split("\n")
    at = _signature_start(lines, name)
    if at is None or (at == 0 and len(written.blocks) == 1):
        return written
    kept = "\n".join(lines[:at]).rstrip()
    blocks = (*written.blocks[:-1], *([replace(last, text=kept)] if kept else []))
    left_out = (LeftOut("signature", "\n".join(lines[at:])), *written.left_out)
    return ReplyText(blocks, left_out)


def _signature_start(lines: Sequence[str], name: frozenset[str]) -> int | None:
    """The first of the last lines that begins with the full name, if all after it could be a signature."""
    for at in range(max(len(lines) - _MOST_LINES, 0), len(lines)):
        if _begins_with_name(lines[at], name) and all(_could_sign(line) for line in lines[at:]):
            return at
    return None


def _begins_with_name(line: str, name: frozenset[str]) -> bool:
    words = words_of(line[:_LONGEST_LINE])[: len(name)]
    return len(words) == len(name) and all(word.folded in name for word in words) and _ends_name(line, words)


def _ends_name(line: str, words: Sequence[Word]) -> bool:
    """Whether the name fills the line, or a mark sets off what follows ("Mira Novak | Technik")."""
    behind = line[words[-1].end :].strip()
    return not behind or (not behind[0].isalnum() and behind[0] not in ".'’:")


def _could_sign(line: str) -> bool:
    return len(line) <= _LONGEST_LINE and not any(mark in ASKING for mark in line)
