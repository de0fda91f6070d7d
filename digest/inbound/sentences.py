"""Owns where a sentence ends. It must never end one inside an address, a number, a date, an abbreviation or a quotation."""

from __future__ import annotations

from dataclasses import dataclass

ASKING = frozenset("?؟？\u037e")
_ENDING = frozenset(".!…。！") | ASKING
_CLOSING = frozenset("\"'”’»«)]}*_")
_OPENING = {"“": "”", "„": "“”", "«": "»", "»": "«", "‚": "‘’"}
# They write "3. Mai": a dot after digits counts there.
_DOTTED_ORDINALS = frozenset(
    [
        "de",
        "da",
        "nb",
        "is",
        "fi",
        "et",
        "lv",
        "lt",
        "pl",
        "cs",
        "sk",
        "hu",
        "sl",
        "hr",
        "bs",
        "sr",
        "tr",
        "eu",
        "mt",
    ]
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]` of a paragraph; `mark` is what ends it, or an empty string."""

    text: str
    start: int
    end: int
    mark: str


def sentences_of(text: str, language: str | None = None) -> list[Sentence]:
    """The sentences of one paragraph, in order; together they hold all its words."""
    found: list[Sentence] = []
    start = position = 0
    while position < len(text):
        if text[position] in _ENDING or (text[position] == ";" and language == "el"):
            end = _run_end(text, position)
            if _ends_here(text, position, end, language):
                _add(found, text, start, end, text[position:end])
                start = end
            position = end
        else:
            position += 1
    _add(found, text, start, len(text), "")
    return found


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


def _ends_here(text: str, position: int, end: int, language: str | None) -> bool:
    if end < len(text) and not text[end].isspace():
        return text[position] in ASKING and not _inside_address(text, position) and text[end].isupper()
    following = text[end : end + 40].lstrip()
    if text[position] != ".":
        return (
            text[position] in "!…" or not following or not following[0].islower() or text[position] in ASKING
        )
    return _dot_ends(text, position, following, language)


def _dot_ends(text: str, position: int, following: str, language: str | None) -> bool:
    word = _word_before(text, position)
    if following and following[0].islower():
        return False
    if word.isdigit():
        return len(word) > 2 or language not in _DOTTED_ORDINALS or not following[:1].isalpha()
    return not (len(word) == 1 and word.isalpha() and following[:1].isalpha())


def _word_before(text: str, position: int) -> str:
    start = position
    while start > 0 and position - start < 40 and text[start - 1].isalnum():
        start -= 1
    return text[start:position]


def _inside_address(text: str, position: int) -> bool:
    start = position
    while start > 0 and position - start < 2000 and not text[start - 1].isspace():
        start -= 1
    chunk = text[start:position]
    return "://" in chunk or chunk.startswith("www.")
