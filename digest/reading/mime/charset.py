"""Owns how bytes of a named charset become text, as mail clients do it. It must never raise and never drop
bytes."""

from __future__ import annotations

import codecs
from functools import lru_cache

# What senders call one thing and mean another (WHATWG Encoding, section 4.2: labels).
_MEANT = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "8bit": "utf-8",
    "unknown-8bit": "utf-8",
    "iso-8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "x-mac-roman": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "tis-620": "cp874",
}
_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})


def decode(octets: bytes, charset: str | None) -> str:
    """Text of these octets: in the charset named, else in UTF-8, else in Windows-1252; NULs left out."""
    codec = _codec(charset or "utf-8")
    for candidate in (codec, "utf-8"):
        text = _strictly(octets, candidate)
        if text is not None:
            return text
    return _clean(
        octets.decode(
            "cp1252" if codec in (None, "utf-8") and _mostly_latin(octets) else codec or "cp1252", "replace"
        )
    )


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    """Python's name of a text codec, or None for a charset that nobody knows."""
    label = charset.strip("\"' ").lower()
    name = _MEANT.get(label, label)
    try:
        found = codecs.lookup(name)
        b"".decode(name)
    except (LookupError, ValueError):
        return None
    return None if found.name.replace("-", "_") in _NO_TEXT else found.name


def _strictly(octets: bytes, codec: str | None) -> str | None:
    if codec is None:
        return None
    try:
        text = octets.decode(codec)
        text.encode("utf-8")  # a codec can make lone surrogates, which are no text
    except (LookupError, UnicodeError):
        return None
    return _clean(text)


def _mostly_latin(octets: bytes) -> bool:
    """Whether more bytes stand alone than belong to UTF-8 sequences."""
    broken = octets.decode("utf-8", "replace").count("\ufffd")
    return broken * 2 >= sum(octet >= 0x80 for octet in octets[:100_000])


def _clean(text: str) -> str:
    return text.replace("\x00", "") if "\x00" in text else text
