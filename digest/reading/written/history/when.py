"""Owns the recognition of dates and times of day, in the forms that mail clients write in any language. It
must only be given short text: the caller bounds it, a line or two of an attribution."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The digits of Arabic, Persian, Devanagari, Bengali, Thai and full-width writing, each as ten letters in a row.
_ZEROS = (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10)
_DIGITS = {zero + digit: str(digit) for zero in _ZEROS for digit in range(10)}

_TIME = re.compile(
    r"(?<![\d.:])(?:[01]?\d|2[0-4])\s?(?:[:.h\uff1a]\s?[0-5]\d(?![\d.]\d)(?:[:.][0-5]\d)?|\s?[時时시点點])"
    r"(?:\s?[0-5]?\d\s?[分분])?(?:\s?[ap]\.?\s?m\b\.?)?"
    r"|(?<![\d.:])(?:1[0-2]|0?[1-9])\s?[ap]\.?m\b\.?",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<!\d)\d{4}\s?[年년]\s?\d{1,2}\s?[月월](?:\s?\d{1,2}\s?[日일])?"
    r"|(?<!\d)\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r"|(?<!\d)\d{4}([-/.])\s?\d{1,2}\1\s?\d{1,2}(?!\d)"
    r"|(?<!\d)\d{1,2}([-/.])\s?\d{1,2}\2\s?\d{2,4}(?!\d)|(?<!\d)\d{2}/\d{1,2}/\d{1,2}(?!\d)"
)
_ZONE = re.compile(
    r"\b(?:GMT|UTC|CES?T|EE?S?T|WES?T|[ECMP][SD]T|BST|IST|MSK|JST|KST)(?:\s?[+-]\d{1,2}:?(?:\d{2})?)?\b"
    r"|(?<![\w:])[+-]\d{4}\b|\(\s*[+-]?\d{2}:?\d{2}\s*\)"
)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d\d(?!\d)")
_DAY = re.compile(r"(?<![\d:.])(?:[12]\d|3[01]|0?[1-9])(?![\d:])(?:st|nd|rd|th|er|ª|º|\.)?")


@dataclass(frozen=True)
class Moment:
    """What a text says of a point in time: which parts are there, and the text without the numbers of them."""

    date: bool
    time: bool
    zone: bool
    year: bool
    day: bool
    rest: str


def plain_digits(text: str) -> str:
    """The text with the digits of other scripts as 0 to 9."""
    return text if text.isascii() else text.translate(_DIGITS)


def moment_in(text: str) -> Moment:
    """The dates and times in a short text. `date` is one wholly in numbers; with a month's name the caller
    finds `year` or `day` beside it."""
    text = plain_digits(text)
    if not _DIGIT.search(text):
        text, zones = _ZONE.subn(" ", text)
        return Moment(date=False, time=False, zone=zones > 0, year=False, day=False, rest=text)
    text, dates = _DATE.subn(" ", text)
    text, zones = _ZONE.subn(" ", text)
    text, times = _TIME.subn(" ", text)
    text, years = _YEAR.subn(" ", text)
    text, days = _DAY.subn(" ", text)
    return Moment(dates > 0, times > 0, zones > 0, years > 0, days > 0, text)
