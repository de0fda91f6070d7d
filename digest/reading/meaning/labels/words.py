"""Owns the finding of labels: the words by which a person names the part that follows ("Tried:", "nicht geklapt -").
It must never take a sentence for a label where only its first word is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from digest.reading.wording.edit_distance import nearly, slips_allowed
from digest.reading.wording.lexicon import SECTIONS, Lexicon, Section
from digest.reading.wording.phrase_tree import hits_at, hits_in
from digest.reading.wording.wording import Word, folded, words_of

SetOff = Literal["mark", "alone", "bare"]
_LONGEST = 90  # characters of a label and its marks
_MOST_WORDS = 10
_MOST_WORDS_MISSPELT = 6
_MOST_MARKS = 3
_SLIPPED_LETTERS = 4  # two slips change four letters of a set at most
_DECORATION = " \t\xa0*_#=~-•·–—‣▪●◦+[(/"
_PAIRS = {"*": "*", "_": "_", "/": "/", "[": "]", "(": ")", "=": "="}
# What sets a label off from its content. A hyphen needs a space after it: "e-mail" holds none.
_MARK = re.compile(
    r"[\])*_]{0,4}[ ]{0,4}(?:[:：=|\t]|[-–—>]{1,3}(?=[\s*_])|[→⇒]|(\?)(?=[:\s*_]|$)|\.{3}|…)[-–—:*_>\])]{0,4}"
)
_NUMBERED = re.compile(r"[*_]{0,2}[(\[]?\d{1,2}[.)\]:/]{1,2}[ \t*_]{0,4}")

_HINTS: dict[str, Section] = {
    **{section: section for section in SECTIONS},
    "tried_hints": "tried",
    "failed_hints": "failed",
    "ask_hints": "question",
}


@dataclass(frozen=True, slots=True)
class Label:
    """A label: what it names, where its content begins, and how it is set off: by a mark, alone on its line, or
    by nothing (then it may be a sentence)."""

    section: Section
    end: int
    set_off: SetOff


def label_at(text: str, start: int, lexicons: Sequence[Lexicon]) -> Label | None:
    """The label that begins at `start` of this text; list marks, emphasis and a number before it are passed over."""
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    begin = _past_decoration(text, start, line_end)
    head = text[begin : min(line_end, begin + _LONGEST)]
    whole = begin + len(head) == line_end
    return (
        _emphasised(text, head, begin, lexicons)
        or _marked(head, begin, lexicons)
        or (_alone(head, begin, lexicons) if whole else None)
        or _bare(head, begin, lexicons)
    )


def _past_decoration(text: str, start: int, line_end: int) -> int:
    begin = start
    while begin < line_end and text[begin] in _DECORATION:
        begin += 1
    number = _NUMBERED.match(text, begin, line_end)
    return number.end() if number else begin


def marked_label_at(text: str, start: int, lexicons: Sequence[Lexicon]) -> Label | None:
    """As `label_at`, in the middle of a line: only a known label with a mark after it counts there."""
    head = text[start : start + _LONGEST].split("\n", 1)[0]
    mark = _MARK.search(head)
    if mark is None or mark[1] is not None:
        return None
    section = _known(folded(head[: mark.start()]), lexicons)
    return Label(section, start + mark.end(), "mark") if section else None


def _emphasised(text: str, head: str, begin: int, lexicons: Sequence[Lexicon]) -> Label | None:
    """A label between signs, the content after them: "*Tried* new foil"."""
    closing = _PAIRS.get(text[begin - 1 : begin])
    end = head.find(closing) if closing else -1
    if end <= 0 or not head[end + 1 :].strip(f"{closing} "):
        return None
    section = section_named(words_of(head[:end]), lexicons, strict=True)
    while section and end < len(head) and head[end] in f"{closing}:-– ":
        end += 1
    return Label(section, begin + end, "mark") if section else None


def _marked(head: str, begin: int, lexicons: Sequence[Lexicon]) -> Label | None:
    """A label with a mark after it; of several marks the first that ends a label counts ("Tried (week 3): ...").
    With a question mark it must be a known question ("What did you try?")."""
    for mark in islice(_MARK.finditer(head), _MOST_MARKS):
        words = words_of(head[: mark.start()])
        if len(words) > _MOST_WORDS:
            return None
        asks = mark[1] is not None
        section = None if asks and len(words) < 2 else section_named(words, lexicons, strict=asks, hints=True)
        if section:
            return Label(section, begin + mark.end(), "mark")
    return None


def _alone(head: str, begin: int, lexicons: Sequence[Lexicon]) -> Label | None:
    """A label that fills its line; with a full stop it is a sentence."""
    if head.rstrip()[-1:] in ".!,;":
        return None
    words = words_of(head)
    section = section_named(words, lexicons) if len(words) <= _MOST_WORDS else None
    return Label(section, begin + len(head), "alone") if section else None


def _bare(head: str, begin: int, lexicons: Sequence[Lexicon]) -> Label | None:
    """The longest label that the line begins with, followed by more words. They are the whole line where the label
    may be the beginning of a sentence ("Tried to ...")."""
    words = words_of(head)
    folded = [word.folded for word in words]
    hits = [hit for one in lexicons for hit in hits_at(one.label_tree, folded, 0)]
    if not hits:
        return None
    longest = max(hits, key=lambda hit: hit.end)
    section = as_section(longest.meaning.kind)
    apart = _stands_apart(folded[longest.end :], section, lexicons)
    return Label(section, begin + (words[longest.end - 1].end if apart else 0), "bare")


def _stands_apart(rest: Sequence[str], section: Section, lexicons: Sequence[Lexicon]) -> bool:
    if section == "question":
        return any(
            hit.meaning.kind == "question_words" for one in lexicons for hit in hits_at(one.inside, rest, 0)
        )
    return bool(rest) and not any(rest[0] in one.small.common for one in lexicons)


def section_named(
    words: Sequence[Word], lexicons: Sequence[Lexicon], *, strict: bool = False, hints: bool = False
) -> Section | None:
    """What these words name as a heading: a known label, one with a slip in it, or (unless `strict`) one among words
    that only stand around it ("what I tried this week"); with `hints` also by phrases that tell of a part."""
    folded = tuple(word.folded for word in words)
    if not folded:
        return None
    return (
        _known(folded, lexicons)
        or _misspelt(folded, lexicons)
        or (None if strict else _surrounded(folded, lexicons, hints))
    )


def _known(words: tuple[str, ...], lexicons: Sequence[Lexicon]) -> Section | None:
    return next((one.labels[words] for one in lexicons if words in one.labels), None)


def _misspelt(words: tuple[str, ...], lexicons: Sequence[Lexicon]) -> Section | None:
    typed = "".join(words)
    if not slips_allowed(len(typed)) or len(words) > _MOST_WORDS_MISSPELT:
        return None
    return next((found for one in lexicons if (found := _near(typed, one))), None)


@lru_cache(maxsize=4_096)
def _near(typed: str, one: Lexicon) -> Section | None:
    """The label that `typed` is but for a slip; only those of about its length and its letters are measured."""
    letters = frozenset(typed)
    for length in range(len(typed) - 2, len(typed) + 3):
        for label, label_letters, section in one.labels_by_length.get(length, ()):
            if len(letters ^ label_letters) <= _SLIPPED_LETTERS and nearly(typed, label):
                return section
    return None


def _surrounded(words: tuple[str, ...], lexicons: Sequence[Lexicon], hints: bool) -> Section | None:
    """The longest label or hint inside, where all other words are small; what failed goes before what was tried."""
    best: tuple[int, int, Section] | None = None
    for one in lexicons:
        for hit in (*hits_in(one.label_tree, words), *(hits_in(one.inside, words) if hints else ())):
            section = _HINTS.get(hit.meaning.kind)
            if section and _small(words[: hit.start] + words[hit.end :], one):
                rank = (hit.end - hit.start, int(section == "failed"), section)
                best = rank if best is None or rank[:2] > best[:2] else best
    return best[2] if best else None


def _small(words: tuple[str, ...], one: Lexicon) -> bool:
    return all(word in one.small.around or word.isdigit() for word in words)


def as_section(kind: str) -> Section:
    """The section of a label's kind; ValueError for any other kind."""
    return SECTIONS[SECTIONS.index(kind)]  # type: ignore[arg-type]
