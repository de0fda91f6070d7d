"""Owns where a sentence ends. It must never end one inside an address, a number, a date, a shortened word or a
quotation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.reading.wording.remembered import remembered

ASKING = frozenset("?؟？\u037e")
_ENDING = frozenset(".!…。！") | ASKING
_MARK = re.compile(f"[{''.join(_ENDING)}]")
_GREEK_MARK = re.compile(f"[;{''.join(_ENDING)}]")
_CLOSING = frozenset("\"'”’»«)]}*_")
# Behind "3." a capital begins a sentence, except in German, where it may be "3. Mai" unless one of these follows.
_GERMAN_OPENINGS = frozenset(
    {
        "Aber", "Am", "Da", "Dann", "Das", "Der", "Die", "Doch", "Ein", "Eine", "Er", "Es", "Ich", "Im", "In", "Jetzt",
        "Leider", "Nur", "Sie", "Und", "Was", "Wer", "Wie", "Wir", "Zwei",
    }
)  # fmt: skip
_SHORTENED = frozenset(
    {
        "approx", "bzw", "etc", "evtl", "exkl", "inkl", "incl", "max", "min", "resp", "usw", "vgl", "tel", "nro",
        "ggf", "sog", "zzgl", "abs", "str", "ca", "nr", "no", "st", "dr", "mr", "ms", "vs", "tj", "np", "tzn", "ul",
        "eg", "ie", "zb",
    }
)  # fmt: skip
_LONGEST_ADDRESS = 500
_CAPITAL_BEGINS = re.compile(r"[.!?]\s{1,4}[^\W\d_a-zß-öø-ÿа-яα-ω]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]` of a paragraph; `mark` is what ends it, or an empty string."""

    text: str
    start: int
    end: int
    mark: str


@remembered
def sentences_of(text: str, language: str | None = None) -> tuple[Sentence, ...]:
    """The sentences of one paragraph, in order; together they hold all its words."""
    found: list[Sentence] = []
    small = _writes_small(text)
    start = position = 0
    marks = _GREEK_MARK if language == "el" else _MARK
    while mark := marks.search(text, position):
        position = mark.start()
        end = _run_end(text, position)
        if _ends_here(text, position, end, language, small):
            _add(found, text, start, end, text[position:end])
            start = end
        position = end
    _add(found, text, start, len(text), "")
    return tuple(found)


def _add(found: list[Sentence], text: str, start: int, end: int, mark: str) -> None:
    body = text[start:end]
    if body.strip():
        begin = start + len(body) - len(body.lstrip())
        found.append(Sentence(body.strip(), begin, begin + len(body.strip()), mark))


def _run_end(text: str, position: int) -> int:
    """Behind the marks that stand together ("?!", "...", '?"')."""
    end = position + 1
    while end < len(text) and (text[end] in _ENDING or text[end] in _CLOSING):
        end += 1
    return end


def _writes_small(text: str) -> bool:
    """Whether the writer begins sentences with small letters, as many do on a phone."""
    return text[:1].islower() and not _CAPITAL_BEGINS.search(text)


def _ends_here(text: str, position: int, end: int, language: str | None, small: bool) -> bool:
    if end < len(text) and not text[end].isspace():
        return text[position] in ASKING and not _inside_address(text, position) and text[end].isupper()
    following = text[end : end + 40].lstrip()
    if text[position] in ASKING or text[position] in "!…":
        return text[position] in "!…" or not following[:1].islower() or small
    return _dot_ends(text, position, following, language, small)


def _dot_ends(text: str, position: int, following: str, language: str | None, small: bool) -> bool:
    word = _word_before(text, position)
    if following[:1].islower():
        return small and len(word) > 1 and word.isalpha() and word.lower() not in _SHORTENED
    if word.isdigit():
        if not text[: position - len(word)].rpartition("\n")[2].strip(" \t([#*-"):
            return False  # the number of a list item
        opens = language != "de" or _first_word(following) in _GERMAN_OPENINGS
        return len(word) > 2 or not following[:1].isalpha() or opens
    return not (len(word) == 1 and word.isalpha() and following[:1].isalpha())


def _first_word(text: str) -> str:
    return text.split(maxsplit=1)[0].rstrip(",;:") if text else ""


def _word_before(text: str, position: int) -> str:
    start = position
    while start > 0 and position - start < 40 and text[start - 1].isalnum():
        start -= 1
    return text[start:position]


def _inside_address(text: str, position: int) -> bool:
    chunk = text[max(0, position - _LONGEST_ADDRESS) : position].rsplit(maxsplit=1)[-1:]
    return bool(chunk) and ("://" in chunk[0] or chunk[0].startswith("www."))
