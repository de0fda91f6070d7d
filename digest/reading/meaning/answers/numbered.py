"""Owns answers and offers that name a question by its number: "14: try ...", "zu 14 - ...", "help 14". It must never
take the 1, 2, 3 of an entry for them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.reading.meaning.commands.amounting import amounts_to
from digest.reading.meaning.labels.marks import line_starts
from digest.reading.meaning.sentences.numbering import lead_to_number, number_at
from digest.reading.wording.lexicon import Lexicon, stem, stems_of_kind
from digest.reading.wording.sentences import ASKING, sentences_of
from digest.reading.wording.wording import folded, words_of

_MOST_WORDS_OF_OFFER = 16
_MOST_WORDS_OF_LEAD = 8
_FEW_WORDS = 4
_LARGEST = 9_999
_SET_OFF = re.compile(r"[ \t]{0,4}[.)\]]?[ \t]{0,4}(?:[:：,]|[-–—=>]{1,2}(?=\s)|→|(?=\n)|$)[ \t]{0,4}")


# "14 and 15:", "14, 15 -", "14+15)"
_SEVERAL = re.compile(
    r"[#(]?(\d{1,4}(?:[ ]{0,2}(?:[,&+/]|[^\W\d_]{1,4})[ ]{0,2}#?\d{1,4}){1,4})[ ]{0,2}[:)–—-]{1,2}[ \t]{1,4}"
)
_NUMBER = re.compile(r"\d{1,4}")


def numbered_answers(text: str, lexicons: Sequence[Lexicon]) -> tuple[tuple[int, str], ...]:
    """(number, words) for each line that begins by naming a question, in order; empty unless the first line does, or
    the line that leads to it ("Two quick ones:")."""
    found = [(start, *named) for start in line_starts(text) if (named := _named(text, start, lexicons))]
    if not found or not _only_leads(text[: found[0][0]]):
        return ()
    ends = [start for start, _, _ in found[1:]] + [len(text)]
    parts = [
        (numbers, text[content:end].strip()) for (_, numbers, content), end in zip(found, ends, strict=True)
    ]
    return tuple((number, words) for numbers, words in parts if words for number in numbers)


def _only_leads(text: str) -> bool:
    bare = text.strip()
    return not bare or (
        len(words_of(bare)) <= _MOST_WORDS_OF_LEAD and "\n" not in bare and bare[-1] in ":,.!"
    )


def names_question(text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether the text begins with a word that leads to a number ("to 14", "Frage 14")."""
    return bool(lead_to_number(text.split("\n", 1)[0], lexicons))


def _named(text: str, start: int, lexicons: Sequence[Lexicon]) -> tuple[tuple[int, ...], int] | None:
    """The numbers and where the words to them begin."""
    line_end = text.find("\n", start)
    line = text[start : len(text) if line_end < 0 else line_end]
    lead = lead_to_number(line, lexicons)
    several = _SEVERAL.match(line, lead)
    if several:
        numbers = tuple(int(number) for number in _NUMBER.findall(several[1]))
        return numbers, start + several.end()
    number = number_at(line[lead:])
    if number is None or number.style != "digit" or not 0 < number.value <= _LARGEST:
        return None
    if number.marked:
        return (number.value,), start + lead + number.end
    set_off = _SET_OFF.match(text, start + lead + number.end)
    return ((number.value,), set_off.end()) if set_off and lead else None


def offers(text: str, lexicons: Sequence[Lexicon], *, strangers: int = 0) -> tuple[int, ...] | None:
    """The numbers of the questions that somebody offers to help with: "help 14"; an offer without a number is
    (); None is no offer. Behind an offer with a number more words may follow; `strangers` are words that may stand
    in one without ("I can help Mira with the glue")."""
    sentences = sentences_of(text)
    if not sentences or any(mark in text for mark in ASKING):
        return None
    words = folded(sentences[0].text)
    numbers = tuple(int(word) for word in words if word.isdecimal() and 0 < int(word[:5]) <= _LARGEST)
    if not _is_offer(words, lexicons, strangers=max(strangers, int(bool(numbers)))):
        return None
    return numbers if numbers or len(sentences) == 1 else None


def _is_offer(words: Sequence[str], lexicons: Sequence[Lexicon], *, strangers: int) -> bool:
    """Whether, numbers aside, these are words of helping and small ones."""
    plain = [word for word in words if not word.isdecimal()]
    leading = [word for word in plain if not any(word in one.small.to for one in lexicons)]
    if len(words) > _MOST_WORDS_OF_OFFER:
        return False
    numbered = len(plain) < len(words)
    return (numbered and any(_only_helping(plain, one) for one in lexicons)) or any(
        amounts_to(kept, "help", lexicons, strangers=strangers) for kept in (plain, leading)
    )


def _only_helping(words: Sequence[str], one: Lexicon) -> bool:
    """A few words of offers and small ones ("helping with")."""
    stems = stems_of_kind(one.tag, "help")
    telling = [word for word in words if not one.small.is_small(word) and word not in one.small.to]
    return 0 < len(words) <= _FEW_WORDS and bool(telling) and all(stem(word) in stems for word in telling)
