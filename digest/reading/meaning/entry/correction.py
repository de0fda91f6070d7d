"""Owns replies that change an earlier one: "please replace my question by ...". It must never take a story about a
mistake for one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.reading.wording.lexicon import Lexicon, Section
from digest.reading.wording.phrase_tree import hits_in
from digest.reading.wording.wording import words_of

_LEAD = re.compile(r"[^:\n]{1,160}(?=:)|[^:\n\"“„«»]{1,160}")
_QUOTED = '"“”„«»'
_MOST_WORDS = 16
_MOST_WORDS_NAMING = 6


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be put in place: `text`, for `section` where one was named."""

    section: Section | None
    text: str


def correction_in(text: str, lexicons: Sequence[Lexicon]) -> Correction | None:
    """The correction that this text opens with, or None."""
    lead = _LEAD.match(text)
    if lead is None:
        return None
    found = next((found for one in lexicons if (found := _by(one, text, lead[0]))), None)
    return (_named_behind(found.text, lexicons) or found) if found and found.section is None else found


def _named_behind(text: str, lexicons: Sequence[Lexicon]) -> Correction | None:
    """ "Correction: my question should be ...": the part is named after the first colon."""
    bare = text.strip()
    lead = _LEAD.match(bare)
    if lead is None or lead.end() == len(bare):
        return next((found for one in lexicons if lead and (found := _by(one, bare, lead[0]))), None)
    words = [word.folded for word in words_of(lead[0])]
    section: Section | None = None
    for one in lexicons:
        section = section or _section_in(words[:_MOST_WORDS], one)
    return (
        Correction(section, _new_words(bare, lead.end()))
        if section and len(words) <= _MOST_WORDS_NAMING
        else None
    )


def _by(one: Lexicon, text: str, lead: str) -> Correction | None:
    words = words_of(lead)
    folded = [word.folded for word in words]
    first = next(
        (hit for hit in one.hits(folded[:8]) if hit.meaning.kind == "correction" and hit.start <= 2), None
    )
    if first is None:
        return None
    section = _section_in(folded[:_MOST_WORDS], one)
    set_off = text[len(lead) : len(lead) + 1]
    if set_off and len(words) <= _MOST_WORDS:
        return Correction(section, _new_words(text, len(lead)))
    unmarked = _unmarked(one, text, section, first.end, folded, [word.end for word in words])
    says_so = first.start == 0 and first.end > 1 and len(words) <= _MOST_WORDS
    return unmarked or (Correction(None, text) if says_so else None)


def _unmarked(
    one: Lexicon, text: str, section: Section | None, end: int, folded: list[str], ends: list[int]
) -> Correction | None:
    """No colon: the new words begin after the small ones ("replace my question by which glue ...")."""
    last = max(
        (hit.end for hit in one.hits(folded) if hit.meaning.kind == "correction" and hit.start <= 2),
        default=end,
    )
    while last < len(folded) and (folded[last] in one.small.around or folded[last] in one.question_words):
        last += 1
    if section is None or last >= len(folded):
        return None
    return Correction(section, _new_words(text, ends[last - 1]))


def _new_words(text: str, end: int) -> str:
    """What stands after the lead, as far to the right as it stood: its width shows where lines were wrapped."""
    while end < len(text) and text[end] in ": \t\n,-–—":
        end += 1
    new = text[end:].rstrip()
    if (
        len(new) > 1
        and new[0] in _QUOTED
        and new[-1] in _QUOTED
        and not any(mark in _QUOTED for mark in new[1:-1])
    ):
        new = new[1:-1]
    return " " * (end - text.rfind("\n", 0, end) - 1) + new


def _section_in(folded: list[str], one: Lexicon) -> Section | None:
    """The part that the lead names."""
    hits = list(hits_in(one.label_tree, folded))
    kinds = {hit.meaning.kind for hit in sorted(hits, key=lambda hit: hit.start - hit.end)[:1]}
    return next((section for section in ("question", "failed", "tried") if section in kinds), None)
