"""Owns the way from a message's visible lines to the words that its sender newly wrote. It must never drop
a line without saying so in `left_out`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from digest.reading.visible.line import Line
from digest.reading.visible.visible_text import VisibleText
from digest.reading.written.history.line_repair import repaired
from digest.reading.written.letter.parts import letter_parts
from digest.reading.written.pages import Label
from digest.reading.written.quotation import labelled
from digest.reading.written.reply_blocks import Block, BlockKind, LeftOut, ReplyText
from digest.reading.written.sent_text import SentText, heading_of, ours, sent_text, split_heading

_MOST_RUNS = 2_000  # of which each is looked at for a greeting, a closing, a signature

__all__ = ["Block", "LeftOut", "ReplyText", "SentText", "cut", "sent_text"]


@dataclass
class _Reply:
    """What is found so far; `under` and `heading` say what is quoted above the next words."""

    sent: SentText | None
    blocks: list[Block] = field(default_factory=list[Block])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
    under: tuple[str, ...] = ()
    heading: str | None = None


def cut(visible: VisibleText, sent: SentText | None = None, own_addresses: Sequence[str] = ()) -> ReplyText:
    """The newly written words in these lines, with their places, and what was left out.

    `sent` is what we sent and is quoted here, where that is known; `own_addresses` are addresses of ours
    that can stand in an attribution.
    """
    names = {name.lower() for name in (*own_addresses, *visible.addressees)} | set(sent.names if sent else ())
    seen = repaired(visible.lines)
    known = ours(seen, sent) if sent is not None else None
    if sent is not None and known is not None:
        seen = _taken_out(seen, known, sent)
    runs = list(_runs(seen, labelled(seen, known, names)))
    pieces = sum(label in ("own", "doubtful") for label, _ in runs)
    found = _Reply(sent)
    for index, (label, lines) in enumerate(runs):
        texts = [line.text for line in lines]
        if label in ("own", "doubtful") and _MOST_RUNS < index < len(runs) - 2:
            _add_block(found, "words", texts, doubtful=label == "doubtful")
        elif label in ("own", "doubtful"):
            _add_own(found, texts, alone=pieces == 1, doubtful=label == "doubtful")
        else:
            found.left_out.append(LeftOut(label, _as_stood(lines)))
            _note_quotation(found, lines)
    return ReplyText(tuple(found.blocks), tuple(found.left_out))


def _taken_out(lines: Sequence[Line], known: Sequence[bool], sent: SentText) -> list[Line]:
    """Answers typed after a heading of ours, on its very line inside the quotation, are not quoted."""
    return [
        Line(line.text)
        if line.depth and not ours_too and split_heading(line.text, sent) is not None
        else line
        for line, ours_too in zip(lines, known, strict=True)
    ]


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


def _add_own(found: _Reply, texts: Sequence[str], *, alone: bool, doubtful: bool) -> None:
    for part in letter_parts(texts, alone=alone):
        lines = texts[part.start : part.end]
        if part.kind == "words":
            _add_words(found, lines, doubtful=doubtful)
        elif part.kind in ("greeting", "closing"):
            _add_block(found, part.kind, lines, doubtful=doubtful)
        else:
            found.left_out.append(LeftOut(part.kind, "\n".join(lines).strip("\n")))


def _add_words(found: _Reply, texts: Sequence[str], *, doubtful: bool) -> None:
    """Words in one block, or in one for each heading of ours that was typed or left in front of an answer."""
    lines: list[str] = []
    for text in texts:
        answered = split_heading(text, found.sent) if found.sent is not None and text else None
        if answered is None:
            lines.append(text)
            continue
        _add_block(found, "words", lines, doubtful=doubtful)
        found.heading, answer = answered
        found.under = (found.heading,)
        found.left_out.append(LeftOut("quote", text[: len(text) - len(answer)].strip()))
        lines = [answer]
    _add_block(found, "words", lines, doubtful=doubtful)


def _add_block(found: _Reply, kind: BlockKind, lines: Sequence[str], *, doubtful: bool) -> None:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        headed = found.heading is not None and found.under[-1:] == (found.heading,)
        found.blocks.append(Block(kind, text, found.under, found.heading, doubtful and not headed))


def _note_quotation(found: _Reply, lines: Sequence[Line]) -> None:
    """Remembers what stands above the next words: the last paragraph, and the last of our headings."""
    texts = [line.text.strip() for line in lines]
    while texts and not texts[-1]:
        texts.pop()
    start = len(texts)
    while start and texts[start - 1]:
        start -= 1
    found.under = tuple(texts[start:])
    if found.sent is not None:
        headings = [heading for text in texts if (heading := heading_of(text, found.sent)) is not None]
        found.heading = headings[-1] if headings else found.heading


def _as_stood(lines: Sequence[Line]) -> str:
    return "\n".join(f"{'> ' * line.depth}{line.text}".rstrip() for line in lines).strip("\n")
