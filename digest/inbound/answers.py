"""Owns answers and offers that name a question by its number: "14: try ...", "zu 14 - ...", "help 14". It must never
take the 1, 2, 3 of an entry for them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.inbound.amounting import amounts_to
from digest.inbound.lexicon import Lexicon
from digest.inbound.marks import line_starts
from digest.inbound.numbering import number_at
from digest.inbound.sentences import ASKING, sentences_of
from digest.inbound.wording import folded, words_of

_MOST_WORDS_OF_OFFER = 16
_MOST_WORDS_OF_LEAD = 8
_LARGEST = 9_999
_SET_OFF = re.compile(r"[ \t]{0,4}[.)\]]?[ \t]{0,4}(?:[:：,]|[-–—=>]{1,2}(?=\s)|→|(?=\n)|$)[ \t]{0,4}")


def numbered_answers(text: str, lexicons: Sequence[Lexicon]) -> tuple[tuple[int, str], ...]:
    """(number, words) for each line that begins by naming a question, in order; empty unless the first line does, or
    the line that leads to it ("Two quick ones:")."""
    found = [(start, *named) for start in line_starts(text) if (named := _named(text, start, lexicons))]
    if not found or not _only_leads(text[: found[0][0]]):
        return ()
    ends = [start for start, _, _ in found[1:]] + [len(text)]
    parts = [
        (number, text[content:end].strip()) for (_, number, content), end in zip(found, ends, strict=True)
    ]
    return tuple((number, words) for number, words in parts if words)


def _only_leads(text: str) -> bool:
    bare = text.strip()
    return not bare or (
        len(words_of(bare)) <= _MOST_WORDS_OF_LEAD and "\n" not in bare and bare[-1] in ":,.!"
    )


def names_question(text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether the text begins with a word that leads to a number ("to 14", "Frage 14")."""
    return bool(_lead(text, 0, lexicons))


def _named(text: str, start: int, lexicons: Sequence[Lexicon]) -> tuple[int, int] | None:
    """The number and where the words to it begin."""
    line_end = text.find("\n", start)
    line = text[start : len(text) if line_end < 0 else line_end]
    lead = _lead(text, start, lexicons)
    number = number_at(line[lead:])
    if number is None or number.style != "digit" or not 0 < number.value <= _LARGEST:
        return None
    if number.marked:
        return number.value, start + lead + number.end
    set_off = _SET_OFF.match(text, start + lead + number.end)
    return (number.value, set_off.end()) if set_off and lead else None


def _lead(text: str, start: int, lexicons: Sequence[Lexicon]) -> int:
    """How many characters before the number lead to it."""
    words = words_of(text[start : start + 60].split("\n", 1)[0])
    for index, word in enumerate(words[:4]):
        if word.folded.isdigit():
            return word.start if index else 0
        if not any(word.folded in one.small.to for one in lexicons):
            return 0
    return 0


def offers(text: str, lexicons: Sequence[Lexicon]) -> tuple[int, ...] | None:
    """The numbers of the questions that somebody offers to help with: "help 14"; an offer without a number is
    (); None is no offer. Behind an offer with a number more words may follow."""
    sentences = sentences_of(text)
    if not sentences or any(mark in text for mark in ASKING):
        return None
    words = folded(sentences[0].text)
    numbers = tuple(int(word) for word in words if word.isdecimal() and 0 < int(word[:5]) <= _LARGEST)
    if not _is_offer(words, lexicons, numbered=bool(numbers)):
        return None
    return numbers if numbers or len(sentences) == 1 else None


def _is_offer(words: Sequence[str], lexicons: Sequence[Lexicon], *, numbered: bool) -> bool:
    """Whether, numbers aside, these are words of helping and small ones."""
    plain = [word for word in words if not word.isdecimal()]
    leading = [word for word in plain if not any(word in one.small.to for one in lexicons)]
    return len(words) <= _MOST_WORDS_OF_OFFER and any(
        amounts_to(kept, "help", lexicons, strangers=int(numbered)) for kept in (plain, leading)
    )
