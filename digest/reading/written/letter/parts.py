"""Owns how lines that a person sent in one piece fall apart: greeting, words, closing, and what programs
added. It must never leave a line without a part, and never take the only words for a signature."""

from __future__ import annotations

from collections.abc import Sequence

from digest.reading.wording.letter import is_closing, is_greeting, is_name
from digest.reading.written.history.separator import separator
from digest.reading.written.letter.footer import is_banner, is_disclaimer, is_sent_from
from digest.reading.written.letter.piece import REACH, Part, Piece
from digest.reading.written.letter.signature import (
    is_contact,
    is_delimiter,
    is_picture,
    is_short,
    is_title,
    looks_signed,
)

_SIGNATURE_LINES = 30
_SIGNS = ("- ", "* ", "• ")
_BELOW_UNDERSCORES = 15
_CLOSING_REACH = 16
_UNDERSCORES = 5
_LEGAL_LENGTH = 80
_MOST_FOOTERS = 60
_MOST_WORDS_LINES = 2_000


def letter_parts(texts: Sequence[str], *, alone: bool = True) -> list[Part]:
    """The parts of a piece of own lines in their order; blank lines between them belong to none.

    `alone`: no other piece of the message holds words, so that this one cannot be a signature as a whole.
    """
    piece = Piece(texts, 0, len(texts), alone)
    piece.trim()
    _take_banners(piece)
    _take_footers(piece)
    _take_delimited(piece)
    _take_ruled(piece)
    _take_footers(piece)
    _take_closing(piece)
    if piece.end - piece.start > 1 and is_greeting(texts[piece.start]):
        piece.take_head("greeting", piece.start + 1)
    return [*piece.head, *_without_footers(piece), *reversed(piece.tail)]


def _without_footers(piece: Piece) -> list[Part]:
    """The words; a line that a phone added amid them, as a paragraph of its own, is left out."""
    parts, start = list[Part](), piece.start
    for at in range(piece.start + 2, min(piece.end - 2, piece.start + _MOST_WORDS_LINES)):
        text = piece.texts[at]
        if text and not piece.texts[at - 1] and not piece.texts[at + 1] and is_sent_from(text):
            parts += [Part("words", start, at), Part("footer", at, at + 1)]
            start = at + 1
    return [*parts, Part("words", start, piece.end)] if start < piece.end else parts


def _take_banners(piece: Piece) -> None:
    """What a gateway or a phone put above the words."""
    for _ in range(_MOST_FOOTERS):
        end = _paragraph_end(piece)
        if end >= piece.end:
            return
        if all(is_sent_from(text) for text in piece.texts[piece.start : end]):
            piece.take_head("footer", end)
        elif is_banner(piece.texts[piece.start : end]):
            piece.take_head("disclaimer", end)
        else:
            return


def _take_footers(piece: Piece) -> None:
    for _ in range(_MOST_FOOTERS):
        if not _take_last_paragraph(piece):
            return


def _take_delimited(piece: Piece) -> None:
    """The signature below the first delimiter that can only be one."""
    for at in piece.reach(piece.start):
        text = piece.texts[at]
        if len(text) <= 4 and is_delimiter(text) and _is_signature(piece, at):
            piece.take_tail("signature", at)
            return


def _is_signature(piece: Piece, at: int) -> bool:
    below = [text for text in piece.texts[at + 1 : piece.end] if text]
    if len(below) > _SIGNATURE_LINES or at < piece.start + piece.alone:
        return False
    if piece.texts[at] == "-- ":
        return True
    if any(text.strip() in ("--", "- -") or text[:2] in _SIGNS or text.endswith("?") for text in below):
        return False  # people part their answers, and the items of a list, like this
    return (
        piece.texts[at].strip() == "--"
        or looks_signed(below)
        or (0 < len(below) <= 3 and all(map(is_short, below)))
    )


def _take_ruled(piece: Piece) -> None:
    """What stands below a drawn line: an underscored one is drawn by programs, any other needs contacts
    below it."""
    drawn = 0
    for at in piece.reach(piece.start + piece.alone):
        text = piece.texts[at]
        mark = separator(text) if text and not text[-1].isalnum() else None
        if mark is None or mark.meaning != "rule":
            continue
        below = [text for text in piece.texts[at + 1 : piece.end] if text]
        underlines = at > piece.start and bool(piece.texts[at - 1])
        closed = any(is_closing(text) for text in piece.texts[max(piece.start, at - 3) : at] if text)
        added = _is_underscored(text) and (closed or (drawn == 0 and _could_be_added(below)))
        if not below or added or _is_signed(text, below, underlines=underlines):
            piece.take_tail("signature", at)
            return
        drawn += 1


def _could_be_added(below: Sequence[str]) -> bool:
    """Whether lines below an underscored one can be what a program added: few, no question, no further part."""
    parted = any(_is_underscored(text) for text in below[:-1])
    return len(below) <= _BELOW_UNDERSCORES and not parted and not any(text.endswith("?") for text in below)


def _is_underscored(text: str) -> bool:
    return len(text.strip()) >= _UNDERSCORES and not text.strip().strip("_")


def _is_signed(rule: str, below: Sequence[str], *, underlines: bool) -> bool:
    """Whether lines below a drawn line are a signature; a line that underlines words makes them a heading."""
    if underlines or any(text.endswith("?") for text in below):
        return False
    if looks_signed(below) or (is_picture(below[0]) and len(below) <= _BELOW_UNDERSCORES):
        return True
    return (
        rule.strip()[0] in "*.·•"
        and len(below) <= 3
        and all(is_short(text) and text[-1] != "." for text in below)
    )


def _take_last_paragraph(piece: Piece) -> bool:
    """Takes a last paragraph or line that programs added; says whether it did."""
    if piece.start >= piece.end:
        return False
    start = piece.end - 1
    while start > piece.start and piece.texts[start - 1] and piece.end - start < REACH:
        start -= 1
    lines = piece.texts[start : piece.end]
    if is_sent_from(lines[-1]) or is_picture(lines[-1]):
        piece.take_tail("footer", piece.end - 1)
    elif start == piece.start:
        return False
    elif is_disclaimer(" ".join(lines)):
        piece.take_tail("disclaimer", start)
    elif (
        is_name(lines[0])
        and not is_closing(lines[0])
        and sum(map(is_contact, lines)) >= 2
        and looks_signed(lines)
    ):
        piece.take_tail("signature", start)
    else:
        return _take_legal(piece)
    return True


def _take_legal(piece: Piece) -> bool:
    """A legal footer of several paragraphs, of which only the first begins like one."""
    for at in piece.reach(piece.start + 1):
        text = piece.texts[at]
        if text and not piece.texts[at - 1] and len(text) >= _LEGAL_LENGTH and is_disclaimer(text):
            piece.take_tail("disclaimer", at)
            return True
    return False


def _take_closing(piece: Piece) -> None:
    """The closing formula with the name below it; title, company and contacts below the name are a
    signature."""
    for at in range(piece.end - 1, max(piece.start, piece.end - _CLOSING_REACH) - 1, -1):
        if not is_closing(piece.texts[at]):
            continue
        below = [index for index in range(at + 1, piece.end) if piece.texts[index]]
        texts = [piece.texts[index] for index in below]
        if not all(is_contact(text) or is_short(text.rstrip(" !")) for text in texts):
            return
        named = 1 if below and is_name(texts[0]) and not is_contact(texts[0]) else 0
        if len(below) > named and _is_card(texts[named:], named=named):
            piece.take_tail("signature", below[named])
        elif len(below) > named:
            return
        if at > piece.start:
            piece.take_tail("closing", at)
        return


def _is_card(texts: Sequence[str], *, named: int) -> bool:
    """Whether lines below a closing formula are a visiting card, no words that go on (a list, a postscript)."""
    if not all(is_contact(text) or is_title(text.rstrip(" !")) for text in texts):
        return False
    if any(map(is_contact, texts)):
        return True
    return named == 1 and not any(
        text.lstrip()[:1] in "-*•" or text[:1].isdigit() or text[-1] == "." for text in texts
    )


def _paragraph_end(piece: Piece) -> int:
    end = piece.start
    while end < piece.end and piece.texts[end] and end - piece.start < REACH:
        end += 1
    return end
