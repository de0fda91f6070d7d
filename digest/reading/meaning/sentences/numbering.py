"""Owns how people number what they write: "1.", "(2)", "3 -", "b)", "iii.", "1️⃣". It must never say what a number
means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.remembered import remembered
from digest.reading.wording.wording import folded, words_of

_CIRCLED = {chr(0x2460 + n): n + 1 for n in range(20)} | {chr(0x2776 + n): n + 1 for n in range(10)}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_LETTER = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}
_LONGEST_LEAD, _MOST_LEADING_WORDS = 60, 4
_KEYCAP = "\ufe0f\u20e3"
# Each alternative begins with another character, and nothing is repeated without a bound.
_DIGITS = re.compile(r"[(\[]?[#@]?[ ]?(\d{1,4})(?:st|nd|rd|th|º|ª|°)?(?=[^\w]|$)")
_SIGN = re.compile(r"[(\[]?([A-Za-z]{1,3})(?=[.)\]:])")
_AFTER = re.compile(r"[.)\]:/]{0,3}[ \t]{0,8}(?:[-–—:=>→]{1,2}(?=\s|$)|[)\]])?[ \t]{0,8}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at the start of a line: its value, the line's rest from `end` on, and whether a mark such as
    a dot, a bracket or a dash sets it off."""

    value: int
    end: int
    marked: bool
    style: str


@remembered
def number_at(line: str) -> Number | None:
    """The number that this line begins with, or None; a decimal ("2.5 kg") or a time ("9:30") is none."""
    start = len(line) - len(line.lstrip(" \t*_#"))
    start -= line[start - 1 : start] == "#" and line[start : start + 1].isdigit()
    first = line[start : start + 1]
    if first in _CIRCLED:
        return _set_off(line, start + 1, _CIRCLED[first], "circled", marked=True)
    if line[start + 1 : start + 3] == _KEYCAP and first.isdigit():
        return _set_off(line, start + 3, int(first), "circled", marked=True)
    return _in_digits(line, start) or _in_letters(line, start)


def _in_digits(line: str, start: int) -> Number | None:
    found = _DIGITS.match(line, start)
    if not found:
        return None
    follows = line[found.end() : found.end() + 2]
    if follows[:1] in (".", ",", ":", "/", "-") and follows[1:].isdigit():
        return None
    marked = follows[:1] in (".", ")", "]", ":", "/") or found[0][:1] in "([#@"
    return _set_off(line, found.end(), int(found[1]), "digit", marked=marked)


def _in_letters(line: str, start: int) -> Number | None:
    found = _SIGN.match(line, start)
    if not found:
        return None
    sign = found[1].lower()
    value, style = (_ROMAN[sign], "roman") if sign in _ROMAN else (_LETTER.get(sign, 0), "letter")
    return _set_off(line, found.end(), value, style, marked=True) if value else None


def _set_off(line: str, end: int, value: int, style: str, *, marked: bool) -> Number:
    after = _AFTER.match(line, end)
    stop = after.end() if after else end
    return Number(value, stop, marked or stop > end + 1, style)


def lead_to_number(line: str, lexicons: Sequence[Lexicon]) -> int:
    """How many characters of words that lead to a number the line begins with ("to 14", "Frage Nr. 14"), or 0."""
    head = line[:_LONGEST_LEAD]
    for index, word in enumerate(folded(head)[:_MOST_LEADING_WORDS]):
        if word.isdigit():
            return words_of(head)[index].start if index else 0
        if not any(_leads(word, one, first=index == 0) for one in lexicons):
            return 0
    return 0


def _leads(word: str, one: Lexicon, *, first: bool) -> bool:
    return word in one.small.to or (not first and word in one.small.common)
