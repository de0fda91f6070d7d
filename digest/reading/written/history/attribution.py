"""Owns the recognition of attribution lines ("On Friday, Mira wrote:") by their shape. It must never take a
sentence for one: words that are lost are worse than a line too many."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from digest.languages import normal
from digest.reading.wording.phrase_set import words_of
from digest.reading.written.history.attribution_evidence import COLONS, EDGES, Evidence, evidence, explained
from digest.reading.written.history.words import openers, verb_endings

_MOST_LINES = 6
_MOST_WORDS = 40
_FEW_WORDS = 12
_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", ")")
_OPEN_ENDS = ("<", "(")
_DATED = re.compile(r"\d\.$")
_MOST_CHARACTERS = 400
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD_START = re.compile(r"(?<![^\s\-–—*>.!?,])[^\W\d_]")
_ZONE_MARK = re.compile(r"\b(?:GMT|UTC)\b")


def introduces_quotation(found: Evidence) -> bool:
    """Whether such a line is an attribution, given that a quotation with marks follows."""
    ends = found.colon or found.verb_last
    if found.words > _MOST_WORDS or found.lower > (12 if found.time and found.address and ends else 6):
        return False
    if found.verb and (found.date or found.time or found.address):
        return ends
    if found.date and found.address:
        return ends or (found.leads and found.lower <= 3)
    if found.date and found.colon:
        return found.time or (found.names > 0 and found.lower <= 3)
    if found.address and found.time:
        return ends
    if found.ours or (found.named and (found.date or found.time)):
        return ends
    if found.address or found.verb:
        return ends and found.lower <= 2 and found.words <= 8
    return False


def introduces_next_line(found: Evidence) -> bool:
    """Whether such a line is an attribution without a colon, given that the very next line is quoted."""
    if not (found.date and found.time) or found.sentence or found.words > _FEW_WORDS or found.lower > 3:
        return False
    return found.verb or found.address or (found.leads and found.names > 0)


def introduces_history(found: Evidence) -> bool:
    """Whether such a line is an attribution although no quote marks follow: then all below is history."""
    if found.lower > (8 if found.address else 5) or found.words > _MOST_WORDS:
        return False
    ends = found.colon or found.verb_last
    if found.named and found.date and found.time:
        return found.ours or (ends and found.lower <= 4 and found.common <= 1)
    if found.verb and found.address:
        return ends and (found.date or found.time or found.lower <= 1)
    if found.verb and found.date:
        return ends and found.year and (found.time or (found.leads and found.lower <= 2) or found.lower == 0)
    if found.date and found.time and found.address:
        return found.lower <= (8 if found.colon else 3)
    return (
        found.date and found.time and found.zone and found.lower == 0 and found.leads and 0 < found.names <= 5
    )


def may_introduce_history(found: Evidence) -> bool:
    """Whether such a line is one by its numbers and names alone, in a language without a file: it must then
    stand between blank lines, below words."""
    if not (found.date and found.time and found.colon and found.leads) or found.words > _FEW_WORDS:
        return False
    return 0 < found.names <= 5 and found.lower <= 4 and found.common <= 1


def begins_broken(text: str) -> bool:
    """Whether a line has date, time and name, so that a line with the address alone can be its end."""
    found = evidence(text)
    return found.date and found.time and found.leads and 0 < found.names <= 5 and found.lower <= 1


def could_end(text: str) -> bool:
    """Whether a line may end an attribution that no quote marks follow: a cheap question, asked of every
    line."""
    tail = text[-80:].rstrip(EDGES + '>"')
    if tail.endswith(COLONS) or _ZONE_MARK.search(text[:40]):
        return True
    last = words_of(normal(tail.rsplit(None, 1)[-1])) if tail else []
    return bool(last) and last[-1] in verb_endings()


def start_of(
    texts: Sequence[str], end: int, accepts: Callable[[Evidence], bool], ours: Collection[str] = ()
) -> int | None:
    """The first line of the attribution that ends at line `end`, or None if none does.

    Long ones are wrapped: lines above are taken in, six in all and no blank one, as long as they add a
    date, an address or a verb that is missing below.
    """
    best, parts = None, 0
    for start in range(end, max(-1, end - _MOST_LINES), -1):
        if not texts[start] or (start < end and _is_sentence_end(texts[start])):
            break
        found = evidence(" ".join(texts[start : end + 1]), ours)
        if found.lower > 12 or (start < end and not (found.colon or found.verb_last or found.address)):
            break
        gained, dangling = _parts(found), texts[start].endswith(_OPEN_ENDS)
        if accepts(found) and _belongs(found, texts[start], best is None, gained > parts, dangling):
            best, parts = start, gained
        whole = best is not None and found.date and (found.address or found.verb)
        if whole and not _goes_on_above(texts, start, found):
            break
    if best is not None and best > 0 and _is_opening(texts[best - 1]):
        return best - 1
    return best


def _parts(found: Evidence) -> int:
    return found.date + found.time + found.address + found.verb


def _belongs(found: Evidence, first: str, lowest: bool, gains: bool, dangling: bool) -> bool:
    """Whether a further line is part of the attribution: it adds what was missing, or ends amid an address."""
    return dangling or (gains and (lowest or _continues(found, first)))


def _goes_on_above(texts: Sequence[str], start: int, found: Evidence) -> bool:
    """Whether an attribution cannot begin here: the line above ends amid an address, or this one amid a
    clause."""
    if start == 0 or not texts[start - 1]:
        return False
    return texts[start - 1].endswith(_OPEN_ENDS) or (
        texts[start][0].islower() and not found.leads and not found.address
    )


def _is_sentence_end(text: str) -> bool:
    """Whether a line ends like a sentence, so that no attribution goes on below it; a day's number ends
    with a dot."""
    return text.endswith(_SENTENCE_ENDS) and "@" not in text and not _DATED.search(text)


def _continues(found: Evidence, first: str) -> bool:
    """Whether a line above can be the beginning of a wrapped attribution, and no sentence of its own."""
    if found.leads and found.date and found.time and (found.verb or found.address):
        return found.lower <= 7
    if "@" in first:
        return found.lower <= 8
    return found.lower <= 4 and (found.leads or found.common == 0)


def _is_opening(text: str) -> bool:
    """Whether a short line above can only be the beginning of an attribution ("On Wednesday,")."""
    if not text or len(text) > 30 or not text.rstrip().endswith((",", "،", "、")):
        return False
    kinds, _ = explained(words_of(normal(text)))
    return bool(kinds) and all(kinds)


def shared_at(text: str) -> int | None:
    """Where on a line an attribution begins after words of the person's own, as clients that lose a line
    break make it; None where none does."""
    text = text[:_MOST_CHARACTERS]
    if not text.endswith(COLONS) or ("@" not in text and not _YEAR.search(text)):
        return None
    for match in _WORD_START.finditer(text, 1):
        if not match[0].isupper():
            continue
        words = words_of(normal(text[match.start() : match.start() + 40]))
        if openers().find(words, 0):
            if not _is_sentence(text[: match.start()]):
                continue
            found = evidence(text[match.start() :])
            if found.verb and found.date and found.colon and found.leads and found.lower <= 2:
                return match.start()
    return None


def _is_sentence(head: str) -> bool:
    """Whether words in front of an attribution are a person's, and not a name that belongs to it."""
    return head.rstrip().endswith((".", "!", "?", "-", "–", "—")) or any(
        word[0].islower() for word in words_of(head)
    )
