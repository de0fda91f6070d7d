"""Owns which characters of people's words may stand among ours. It must never change a visible word."""

from __future__ import annotations

_LINE_BREAKS = {ord(c): "\n" for c in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"}
_CONTROLS = {c: None for c in (*range(0x20), *range(0x7F, 0xA0)) if chr(c) not in "\t\n"}
# U+202D and U+202E turn the words around them round; the rest only frame a passage (Unicode UAX 9, 2)
_OVERRIDES = dict.fromkeys((0x202D, 0x202E))
_FRAMES = dict.fromkeys((*range(0x202A, 0x202D), *range(0x2066, 0x206A)))
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")

_IN_LINES = {**_CONTROLS, **_LINE_BREAKS, **_OVERRIDES, **_SURROGATES}
_IN_ONE = {**_IN_LINES, **_FRAMES}


def one_line(text: str) -> str:
    """A name or label on one line: every run of white space is one space, no control character is left."""
    return " ".join(text.replace("\r", "\n").translate(_IN_ONE).split())


def lines(text: str) -> str:
    """Somebody's words with their lines: "\\n" between them, at most one of them empty at a time."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").translate(_IN_LINES).split("\n"):
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept).strip()
