"""Owns how words are written into a header field. It must never let anybody's line break through."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from string import ascii_letters, digits

from digest.outbound.form.shorten import gist
from digest.words.clean_text import one_line

LINE = 76  # RFC 2047, 2: a line that holds an encoded word
WORD = 75  # RFC 2047, 2: an encoded word
NAME = 64  # code points of a display name; longer ones are cut at a word
_LITERAL = frozenset((ascii_letters + digits + "!*+-/").encode())  # RFC 2047, 5 (3): safe in a phrase too
_ATEXT = frozenset(ascii_letters + digits + "!#$%&'*+-/=?^_`{|}~ ")  # RFC 5322, 3.2.3
_FRAME = len("=?utf-8?q??=")


@lru_cache(maxsize=4096)
def unstructured(name: str, text: str) -> str:
    """An unstructured field (Subject), folded at 76: plain where it fits in ASCII, else encoded words."""
    line = one_line(text)
    if _plain(line) and len(name) + 2 + len(line) <= LINE:
        return f"{name}: {line}"
    return f"{name}: " + "\r\n ".join(encoded_words(line, len(name) + 2))


@lru_cache(maxsize=4096)
def display_name(name: str, before: int) -> str:
    """A phrase (RFC 5322, 3.2.5) for a mailbox; `before` is how many octets stand before it on its line."""
    line = gist(one_line(name), NAME)
    if not _plain(line):
        return "\r\n ".join(encoded_words(line, before))
    if all(sign in _ATEXT for sign in line):
        return line
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def encoded_words(text: str, before: int) -> list[str]:
    """RFC 2047 words of at most 75 octets, the first after `before` octets; no character is split."""
    pieces, size, room = [""], 0, LINE - before - _FRAME
    use_q = _q_size(text) <= len(text.encode()) * 4 // 3
    for sign in text:
        size += _q_size(sign) if use_q else len(sign.encode())
        if (size if use_q else -(-size // 3) * 4) > room and pieces[-1]:
            pieces.append("")
            size, room = _q_size(sign) if use_q else len(sign.encode()), WORD - _FRAME
        pieces[-1] += sign
    return [_q(piece) if use_q else _b(piece) for piece in pieces]


def _plain(line: str) -> bool:
    return line.isascii() and "=?" not in line


def _q_size(text: str) -> int:
    return sum(1 if byte in _LITERAL or byte == 0x20 else 3 for byte in text.encode())


def _q(text: str) -> str:
    signs = (chr(b) if b in _LITERAL else "_" if b == 0x20 else f"={b:02X}" for b in text.encode())
    return f"=?utf-8?q?{''.join(signs)}?="


def _b(text: str) -> str:
    return f"=?utf-8?b?{b64encode(text.encode()).decode('ascii')}?="
