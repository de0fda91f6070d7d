"""Owns what makes a sentence a question to the group: its mark, or the words by which people ask without one.
It must never take a `?` inside an address or a quotation for a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.phrase_tree import hits_at
from digest.reading.wording.sentences import ASKING, Sentence
from digest.reading.wording.wording import folded, words_of

_QUOTES = {"“": "”", "„": "“”", "«": "»", "»": "«", "‚": "‘’", '"': '"', "”": "”"}
_TRAILING = " \t\n\"'”’»«)]}*_!.…"
_MOST_WORDS_UNMARKED = 28


@dataclass(frozen=True, slots=True)
class Asked:
    """How a sentence asks: by its mark, by its words; whether it speaks to somebody, and whether in words of asking."""

    marked: bool
    worded: bool
    to_others: bool
    hinted: bool = False

    @property
    def is_question(self) -> bool:
        return self.marked or self.worded


def asked(sentence: Sentence, lexicons: Sequence[Lexicon]) -> Asked:
    """How this sentence asks, in any of these languages."""
    words = folded(sentence.text)
    hits = [hit for one in lexicons for hit in one.hits(words)]
    hinted = any(hit.meaning.kind == "ask_hints" for hit in hits)
    to_others = hinted or any(word in one.small.anyone for one in lexicons for word in words)
    marked = ends_asking(sentence.text)
    worded = (
        not marked
        and len(words) <= _MOST_WORDS_UNMARKED
        and _asks_in_words(sentence, words, lexicons, hinted)
    )
    return Asked(marked, worded, to_others, hinted)


def ends_asking(text: str) -> bool:
    """Whether the sentence ends with a question mark of its own."""
    body = text.rstrip(_TRAILING)
    if not body or (body[-1] not in ASKING and not (body[-1] == ";" and _is_greek(body))):
        return False
    return not _ends_in_address(body) and not _ends_in_quotation(text, len(body))


def _is_greek(text: str) -> bool:
    return any("\u0370" <= letter <= "\u03ff" for letter in text)


def _ends_in_address(body: str) -> bool:
    last = body.split()[-1]
    return "://" in last or last.startswith("www.")


def _ends_in_quotation(text: str, mark_end: int) -> bool:
    """Whether the mark belongs to words that are quoted inside a longer sentence."""
    closing = text[mark_end : mark_end + 1]
    if not closing or closing.isspace():
        return False
    opening = next((at for at in range(mark_end - 1, -1, -1) if closing in _QUOTES.get(text[at], "")), -1)
    return opening > 0 and bool(words_of(text[:opening]))


def _asks_in_words(
    sentence: Sentence, words: Sequence[str], lexicons: Sequence[Lexicon], hinted: bool
) -> bool:
    """Without a mark: words of asking near the beginning, or a question word first and no full stop."""
    if hinted and any(
        hit.meaning.kind == "ask_hints" and hit.start <= 3 for one in lexicons for hit in one.hits(words)
    ):
        return True
    if sentence.mark or "," in sentence.text or sentence.text[-1] in ":;-" or len(words) < 3:
        return False
    return any(
        hit.meaning.kind == "question_words" for one in lexicons for hit in hits_at(one.inside, words, 0)
    )
