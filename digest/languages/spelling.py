"""Brings phrases and typed text to one spelling, so that they can be compared.

It must never be used on text that somebody will read: what it returns is only for comparing.
"""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import normalize

_INVISIBLE = (
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufe0e\ufe0f\ufeff"
)
_ISOLATES = "\u2066\u2067\u2068\u2069"
_ARABIC_MARKS = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_KEYBOARDS = {
    "'": "\u2018\u2019\u201a\u201b\u02b9\u02bc\u02bb\u00b4\u0060\u2032\u05f3\uff07",
    '"': "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u05f4\uff02",
    "-": "\u2010\u2011\u2012",
    "i": "\u0130",
    "ș": "\u015f\u015e\u0218",
    "ț": "\u0163\u0162\u021a",
    "е": "\u0451\u0401",
    "ا": "\u0623\u0625\u0622",
    "ی": "\u064a\u0649",
    "ک": "\u0643",
}
_DROPPED = _INVISIBLE + _ISOLATES + _ARABIC_MARKS
_SAME: dict[int, str | None] = {
    **{ord(letter): plain for plain, letters in _KEYBOARDS.items() for letter in letters},
    **{ord(letter): None for letter in _DROPPED},
}
_VARIANTS = tuple(map(chr, _SAME))
_STROKES = {"đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}


def normal(text: str) -> str:
    """``text`` casefolded, in NFC, with plain quotes, single spaces, and one spelling where keyboards differ.

    The length may change. Linear in the length of ``text``; never raises.
    """
    if not text.isascii():
        text = normalize("NFC", text).translate(_SAME)
    return " ".join(text.replace("`", "'").casefold().split())


def bare(text: str) -> str:
    """A normal text as typed without accents: ``později`` -> ``pozdeji``. Linear; never raises."""
    if text.isascii():
        return text
    for letter, plain in _STROKES.items():
        text = text.replace(letter, plain)
    apart = normalize("NFD", text)
    for mark in {letter for letter in set(apart) if "\u0300" <= letter <= "\u036f"}:
        apart = apart.replace(mark, "")
    return normalize("NFC", apart)


def normal_phrases(phrases: Iterable[str], *, also_bare: bool) -> frozenset[str]:
    """The phrases of a language file, each ``normal``, and ``bare`` too where asked.

    Does in one pass over all what ``normal`` does for each, because thousands are read at every start; so the
    phrases must be in NFC and single-spaced already (the tests hold the files to that).
    """
    text = "\n".join(phrases)
    if any(variant in text for variant in _VARIANTS):
        text = text.translate(_SAME)
    found = text.casefold().split("\n")
    if also_bare:
        # Only Latin and Greek letters, which stand before the Cyrillic ones, are typed without their accents.
        accented = [phrase for phrase in found if not phrase.isascii() and phrase[0] < "\u0400"]
        found += bare("\n".join(accented)).split("\n")
    return frozenset(filter(None, found))
