"""Owns the way from a message's visible lines to the words that its sender newly wrote. It must never drop
a line without saying so in `left_out`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from digest.inbound.letter_parts import letter_parts
from digest.inbound.line import Line
from digest.inbound.quotation import Label, labelled
from digest.inbound.reply_blocks import Block, LeftOut, ReplyText
from digest.inbound.visible_text import VisibleText

__all__ = ["Block", "LeftOut", "ReplyText", "cut"]


@dataclass
class _Reply:
    """What is found so far."""

    blocks: list[Block] = field(default_factory=list[Block])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
    under: tuple[str, ...] = ()


def cut(visible: VisibleText) -> ReplyText:
    """The newly written words in these lines, with their places, and what was left out."""
    found = _Reply()
    for label, lines in _runs(visible.lines, labelled(visible.lines)):
        if label == "own":
            _add_own(found, [line.text for line in lines])
        else:
            found.left_out.append(LeftOut(label, _as_stood(lines)))
            found.under = _last_paragraph(lines) or found.under
    return ReplyText(tuple(found.blocks), tuple(found.left_out))


def _runs(lines: Sequence[Line], labels: Sequence[Label]) -> Iterator[tuple[Label, list[Line]]]:
    """Lines of one label in a row; blank own lines between quoted ones are no piece of their own."""
    start = 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and labels[end] == labels[start]:
            continue
        run = list(lines[start:end])
        if any(line.text for line in run):
            yield labels[start], run
        start = end


def _add_own(found: _Reply, texts: Sequence[str]) -> None:
    for part in letter_parts(texts):
        text = "\n".join(texts[part.start : part.end]).strip("\n")
        if part.kind in ("greeting", "words", "closing"):
            found.blocks.append(Block(part.kind, text, under=found.under))
        else:
            found.left_out.append(LeftOut(part.kind, text))


def _as_stood(lines: Sequence[Line]) -> str:
    return "\n".join(f"{'> ' * line.depth}{line.text}".rstrip() for line in lines).strip("\n")


def _last_paragraph(lines: Sequence[Line]) -> tuple[str, ...]:
    texts = [line.text.strip() for line in lines]
    while texts and not texts[-1]:
        texts.pop()
    start = len(texts)
    while start and texts[start - 1]:
        start -= 1
    return tuple(texts[start:])
