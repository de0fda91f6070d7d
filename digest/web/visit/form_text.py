"""Owns how typed text comes out of a form. It must never drop a visible character, except beyond a stated length."""

from __future__ import annotations

LONGEST = 20_000  # characters of one part

# What no text holds: control characters, and the halves of characters that no database takes (RFC 3629, section 3)
_CONTROLS = {c: None for c in (*range(0x20), *range(0x7F, 0xA0)) if chr(c) not in "\t\n"}
_NO_CHARACTERS = {**_CONTROLS, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


def lines(text: str) -> str:
    """Somebody's words with their lines; a form sends CRLF (WHATWG HTML, 4.10.21.4)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(_NO_CHARACTERS)
    return "\n".join(line.rstrip() for line in plain.split("\n")).strip()[:LONGEST]


def one_line(text: str, longest: int) -> str | None:
    """The words on one line; None where there are none."""
    return " ".join(lines(text).split())[:longest].strip() or None
