"""Owns the recognition of lines that programs add to a message: mobile footers, list footers, legal
footers. It must never take a sentence that only begins like one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from digest.languages import normal, phrases
from digest.reading.wording.phrase_set import words_of

_TARGET = re.compile(
    r"[<(\[]{1,2}\s?(?:https?://|mailto:|cid:)[^\s<>()\[\]]{1,500}[>)\]]{0,2}|https?://[^\s<>()]{1,500}"
)
_EDGES = " \t*_~[](){}<>.!|-–—•\u200e\u200f\u202a\u202b\u202c\u00a0"
_MOST_CHARACTERS = 200
_MOST_NAME_WORDS = 6
_LEGAL_LENGTH = 80
_BANNER_LENGTH = 400
_BANNER_WORDS = 8
# Stems of what a gateway's warning names: the outside, a mail or its sender, links or attachments.
_BANNER = (
    ("extern", "estern", "outside", "außerhalb", "zewnętrz", "külső", "внешн", "зовнішн", "ulkopuol"),
    (
        "mail",
        "sender",
        "message",
        "nachricht",
        "expéditeur",
        "mensaje",
        "wiadomoś",
        "üzenet",
        "письм",
        "viesti",
    ),
    (
        "link",
        "anhäng",
        "attach",
        "pièce",
        "adjunto",
        "allegat",
        "bijlage",
        "załącz",
        "mellékl",
        "вложен",
        "liit",
    ),
)
# Names of devices and mail programs: the same in every language.
_PRODUCTS = frozenset(
    "ipad ipod android galaxy samsung huawei xiaomi redmi oneplus nokia motorola htc"
    " sony xperia blackberry windows outlook gmail yahoo aol gmx web.de protonmail tutanota spark airmail"
    " thunderbird bluemail typeapp mailbird mailbox k-9 fairemail acompli edison superhuman zoho mail.ru"
    " yandex seznam email.cz onet virgilio t-online freenet fastmail sailfish".split()
)
_INFLECTED = ("iphon", "ipad", "android", "galaxy", "samsung", "outlook", "huawei")
_ANY_DEVICE = frozenset("app mobile smartphone phone".split())
_TRACKER = "ᐧ"  # a letter that a tracking add-on leaves at the end of a mail
_SENTENCE = re.compile(r"[.!?…](?=\s)")


def is_sent_from(text: str) -> bool:
    """Whether a whole line is what a phone or a mail program signs with ("Sent from my …"), in any
    language."""
    if not 3 <= len(text.strip()) <= _MOST_CHARACTERS:
        return text.strip() == _TRACKER
    line = normal(_TARGET.sub(" ", text) if ":" in text else text).strip(_EDGES)
    if _fits(line):
        return True
    first = _SENTENCE.split(line, maxsplit=1)
    return len(first) == 2 and _fits(first[0].strip(_EDGES)) and len(words_of(first[1])) <= 8


def _fits(line: str) -> bool:
    words = words_of(line)
    if not words:
        return False
    candidates = _patterns().get(words[0], ())
    if line.endswith(_endings()):
        candidates += _patterns()[""]
    return any(_matches(line, pieces) and _speaks(pieces, words) for pieces in candidates)


def _speaks(pieces: tuple[str, ...], words: Sequence[str]) -> bool:
    """Whether the known words of a footer, with a product's name in its gap where they are few, say enough."""
    if len(pieces) == 1 or sum(len(words_of(piece)) for piece in pieces) >= 3:
        return True
    return any(
        word in _PRODUCTS or word.startswith(_INFLECTED) or (len(pieces) == 2 and word in _ANY_DEVICE)
        for word in words
    )


def _matches(line: str, pieces: tuple[str, ...]) -> bool:
    """Whether a line is these pieces with a name of at most six words in each gap."""
    if len(pieces) == 1:
        return line == pieces[0]
    if not (line.startswith(pieces[0]) and line.endswith(pieces[-1])):
        return False
    at, end = len(pieces[0]), len(line) - len(pieces[-1])
    for piece in pieces[1:-1]:
        found = line.find(piece, at, end)
        if found <= at or not _is_name(line[at:found]):
            return False
        at = found + len(piece)
    return at < end and _is_name(line[at:end])


def _is_name(text: str) -> bool:
    return bool(text.strip()) and len(text.split()) <= _MOST_NAME_WORDS and "?" not in text


@cache
def _patterns() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The known footers split at their gaps, by their first word; by "" where a gap comes first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases("history", "sent_from")):
        pieces = tuple(piece for piece in phrase.strip(_EDGES.replace("{", "").replace("}", "")).split("{}"))
        words = words_of(pieces[0])
        if words or len(words_of(pieces[-1])) >= 2:
            found.setdefault(words[0] if words else "", []).append(pieces)
    return {word: tuple(patterns) for word, patterns in found.items()}


@cache
def _endings() -> tuple[str, ...]:
    """How the known footers end that begin with a gap."""
    return tuple({pieces[-1] for pieces in _patterns().get("", ())})


def is_banner(texts: Sequence[str]) -> bool:
    """Whether a first paragraph is the warning that gateways put above mail from outside: it names what is
    external, a mail or sender, and links or attachments."""
    text = " ".join(texts)[:_BANNER_LENGTH]
    line = normal(text)
    if len(text) == _BANNER_LENGTH or len(line.split()) < _BANNER_WORDS or not _is_titled(text):
        return False
    return all(any(stem in line for stem in stems) for stems in _BANNER)


def _is_titled(text: str) -> bool:
    """Whether a text begins as warnings do: in capitals, with a sign, or with a word and a colon."""
    first = text.split(None, 1)[0]
    return not first[0].isalnum() or (len(first) > 3 and first.isupper()) or ":" in text[:25]


def is_disclaimer(text: str) -> bool:
    """Whether a paragraph begins like a legal footer: a short one with four known words and more, since a
    sentence may begin with fewer."""
    line = normal(text[:_MOST_CHARACTERS]).strip(_EDGES)
    words = words_of(line)
    fewest = 2 if len(text) >= _LEGAL_LENGTH else 4
    if any(tuple(words[:size]) in _disclaimers() for size in range(fewest, min(8, len(words)) + 1)):
        return True
    titled = len(words) == 1 or line[len(words[0]) :].lstrip().startswith(":") if words else False
    return titled and (words[0],) in _disclaimers()


@cache
def _disclaimers() -> frozenset[tuple[str, ...]]:
    return frozenset(
        words for phrase in phrases("letter", "disclaimers") if (words := tuple(words_of(phrase)))
    )
