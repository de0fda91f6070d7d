"""Owns the recognition of header blocks ("From: … Sent: … To: … Subject: …") by labels and by shape. It
must never take a list of things for one ("Date: … Time: … Place: …")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.languages import normal
from digest.reading.written.history.when import moment_in
from digest.reading.written.history.words import labels

_LABEL = re.compile(r"[*_]{0,3}([^:：*_<>@\d]{1,40}?)[*_]{0,3}\s?[:：][*_]{0,3}(?:\s|(?=\S))")
_MOST_LINES = 30
_MOST_CHARACTERS = 400
_ADDRESS = re.compile(r"[^\s<>\[\]()]@[^\s<>\[\]()]")
_SAME_LINE = re.compile(r"\s[*_]{0,2}([^\W\d_]{2,15})[*_]{0,2}\s?:[*_]{0,2}\s")


@dataclass(frozen=True)
class _Field:
    """One labelled line: what its label may mean (nothing for an unknown one), and the value. `inside`: it
    stands on the line of another."""

    label: str
    meanings: frozenset[str]
    value: str
    bold: bool = False
    inside: bool = False


def block_end(texts: Sequence[str], start: int, *, announced: bool) -> int | None:
    """The line after the header block that begins at line `start`, or None where none begins.

    `announced`: a marker line or a drawn line stands above, so that less evidence is enough.
    """
    first = _field(texts[start])
    if first is None:
        return None
    fields, end = [first, *_same_line(first)], start + 1
    # Blank lines stand below the first two.
    spaced = bool(first.meanings) and not any(texts[start + 1 : start + 4 : 2])
    for index in range(start + 1, min(len(texts), start + _MOST_LINES)):
        field = _field(texts[index])
        if field is not None:
            fields, end = [*fields, field, *_same_line(field)], index + 1
        elif not texts[index]:
            if not spaced or index > end:
                break
        elif index == end and _continues(texts[index]):
            end = index + 1
        else:
            break
    return end if _is_header(fields, announced) else None


def could_open(text: str) -> bool:
    """Whether a line may begin a header block: a cheap question, asked of every line."""
    return ":" in text[:60] or "：" in text[:60]


def _field(text: str) -> _Field | None:
    if not could_open(text):
        return None
    match = _LABEL.match(text.strip()[:_MOST_CHARACTERS])
    if match is None or len(match[1].split()) > 4:
        return None
    label = normal(match[1].strip(" .\t\u200e\u200f\u202b\u202c"))
    value = text.strip()[match.end() : _MOST_CHARACTERS]
    return _Field(label, labels().get(label, frozenset()), value, bold=match[0].lstrip().startswith("*"))


def _same_line(field: _Field) -> list[_Field]:
    """Further fields on one line, as some clients flatten them."""
    names = [normal(label) for label in _SAME_LINE.findall(" " + field.value)]
    return [_Field(name, labels()[name], field.value, inside=True) for name in names if name in labels()]


def _continues(text: str) -> bool:
    """Whether a line without label belongs to the field above it: a wrapped list of addresses."""
    return text[0] in " \t<" or text.endswith((";", ",")) or bool(_ADDRESS.search(text[:_MOST_CHARACTERS]))


def _is_header(fields: Sequence[_Field], announced: bool) -> bool:
    known = [field for field in fields if field.meanings]
    if len(fields) == 1 and not known:
        return False
    first = fields[0]
    telling = first.meanings or first.bold or _ADDRESS.search(first.value) or _is_moment(first.value)
    if known and not (announced or telling):
        return False  # a list that its writer made may stand directly above
    if _is_two_lists(known):
        return False
    moment = any(_is_moment(field.value) for field in fields)
    if len(fields) >= 3 and moment and all(field.bold for field in fields):
        return True
    address = any(_ADDRESS.search(field.value) for field in fields)
    return _is_known(known, address) or _has_shape(fields, announced, address, moment)


def _is_known(known: Sequence[_Field], address: bool) -> bool:
    """Whether labels that we know make a header: who, and when or to whom or about what, with values that
    fit."""
    meanings = frozenset(meaning for field in known for meaning in field.meanings)
    dated = any("sent" in field.meanings and _is_moment(field.value) for field in known)
    if "from" in meanings and len(known) >= 2:
        kinds = len(meanings & {"from", "sent", "to", "subject"})
        return (kinds >= 3 and "subject" in meanings) or (kinds >= 2 and (address or dated))
    if {"sent", "to"} <= meanings:
        return (address and dated) or ("subject" in meanings and (address or dated))
    return False


def _has_shape(fields: Sequence[_Field], announced: bool, address: bool, moment: bool) -> bool:
    """Whether labels in a language that we do not know stand in front of an address and a moment."""
    return len(fields) >= (2 if announced else 3) and address and (moment or announced)


def _is_two_lists(known: Sequence[_Field]) -> bool:
    """Whether a meaning comes twice: then a list of the writer's own stands directly above a header block."""
    lines = [field.meanings for field in known if not field.inside]
    for meaning in ("from", "subject", "sent"):
        if sum(meaning in meanings for meanings in lines) > 1:
            return meaning != "sent" or "from" not in lines[0]
    return False


def _is_moment(value: str) -> bool:
    found = moment_in(value[:200])
    return found.date or (found.time and found.day) or (found.year and found.day)
