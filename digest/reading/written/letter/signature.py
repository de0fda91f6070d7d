"""Owns the recognition of signatures: after a delimiter, after a drawn line, or by their phone numbers
and addresses. It must never take a list or a text between lines for one."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DELIMITERS = frozenset({"--", "—", "---", "- -", "–", "__"})
_MOST_LINES = 30
_ADDRESS = re.compile(r"[^\s<>()\[\]@]{1,64}@[^\s<>()\[\]@]{1,190}\.[^\s<>()\[\]@.]{2,24}")
_URL = re.compile(r"(?:https?://|www\.)\S{2,300}", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\(?\d[\d ()/.\u00a0\-]{5,24}\d")
_LABELLED = re.compile(
    r"(?:tel|telephone|telefon|phone|fon|mob|mobil|mobile|cell|handy|fax|direct|office|skype|web|www|e-?mail"
    r"|tél|téléphone|tlf|puh|[tmfpew])\b\s?[.:)/]",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"!\[[^\]]{0,200}\]\([^)]{0,500}\)|\[(?:image|cid|bild|logo|inline)\b[^\]]{0,200}\]|<?cid:\S{1,300}>?",
    re.IGNORECASE,
)


def is_delimiter(text: str) -> bool:
    """Whether a line is the mark that stands above a signature (RFC 3676, 4.3), or a common slip of it."""
    return text.strip() in _DELIMITERS


def is_picture(text: str) -> bool:
    """Whether a line is nothing but what stands for a picture in plain text."""
    text = text.strip()
    return 3 < len(text) <= 700 and text[0] in "![<cC" and _PICTURE.fullmatch(text) is not None


def is_contact(text: str) -> bool:
    """Whether a short line names a phone, an address, a web page or a picture and hardly anything else."""
    text = text.strip()
    if not text or len(text) > 160:
        return False
    if _PICTURE.fullmatch(text):
        return True
    rest = _NUMBER.sub(" ", _URL.sub(" ", _ADDRESS.sub(" ", text)))
    if rest == text:
        return bool(_LABELLED.match(text)) and len(text.split()) <= 6
    return len(re.findall(r"[^\W\d_]{2,}", rest)) <= 5


def is_remnant(text: str) -> bool:
    """Whether a line is what is left of a broken link: no blank, and signs that no word has."""
    text = text.strip()
    return bool(text) and (
        is_contact(text) or (not any(map(str.isspace, text)) and any(sign in text for sign in "=/&?_%#"))
    )


def is_short(text: str) -> bool:
    """Whether a line could be a name, a title, a company or a street: few words, no sentence."""
    text = text.strip()
    return len(text) <= 60 and len(text.split()) <= 7 and not text.endswith(("?", "!", ":", ";"))


def is_title(text: str) -> bool:
    """Whether a short line could stand on a visiting card: most of its words begin with a capital, or have none."""
    words = re.findall(r"[^\W\d_]+", text)
    return is_short(text) and sum(word[0].islower() for word in words) * 2 <= len(words)


def looks_signed(texts: Sequence[str]) -> bool:
    """Whether lines below a delimiter or a drawn line can be a signature as a whole: short, few, and with
    contacts."""
    filled = [text for text in texts if text.strip()]
    if not filled or len(filled) > _MOST_LINES:
        return False
    contacts = sum(map(is_contact, filled))
    short = sum(is_contact(text) or is_title(text) for text in filled)
    return contacts >= 1 and short * 3 >= len(filled) * 2
