"""Owns the recognition of attribution lines ("On Friday, Mira wrote:") by their shape, in any language. It
must never take a sentence for one: words that are lost are worse than a line too many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.inbound.history_words import months, openers, verb_endings, weekdays, wrote
from digest.inbound.phrase_set import is_unspaced, words_of
from digest.inbound.when import Moment, moment_in
from digest.languages import normal

MOST_LINES = 6
_MOST_CHARACTERS = 600
_MOST_WORDS = 40
_EDGES = " \t*_-–—~=|\u00a0\u200e\u200f\u202a\u202b\u202c"
_ADDRESS = re.compile(
    r"[<\[(]?\s?(?:mailto:)?[^\s<>\[\]()\"',;:]{1,64}@[^\s<>\[\]()\"',;]{1,253}(?:\s?[>\])])*", re.IGNORECASE
)
_QUOTED_NAME = re.compile(r"[\"“”„«»]([^\"“”„«»]{1,80})[\"“”„«»]")
_ZONE_MARK = re.compile(r"\b(?:GMT|UTC)\b")
_URL = re.compile(r"<?\bhttps?://[^\s<>]{1,300}>?")


@dataclass(frozen=True)
class Evidence:
    """What speaks for an attribution in a line. `lower` counts the words in small letters that nothing
    explains, `long_lower` those of them with four letters and more."""

    date: bool
    time: bool
    zone: bool
    address: bool
    verb: bool
    verb_last: bool
    colon: bool
    leads: bool
    names: int
    lower: int
    long_lower: int
    words: int


def evidence(text: str) -> Evidence:
    """The evidence in a line, or in several that were wrapped and are joined; at most 600 characters count."""
    text = text[:_MOST_CHARACTERS].strip(_EDGES)
    colon = text.rstrip(' \t*_>"\u200e\u200f\u202c').endswith((":", "："))
    text, addresses = _ADDRESS.subn(" ", _URL.sub(" ", text))
    text, quoted_names = _QUOTED_NAME.subn(" ", text)
    moment = moment_in(text)
    line = normal(moment.rest)
    words = words_of(line)
    explained, verb_last = _explained(words)
    verb = any(kind == "verb" for kind in explained) or _unspaced_verb(line)
    month = any(kind == "month" for kind in explained)
    weekday = any(kind == "weekday" for kind in explained)
    unexplained = _unexplained(moment.rest, words, explained)
    return Evidence(
        date=moment.date or _is_date(moment, month=month, weekday=weekday),
        time=moment.time,
        zone=moment.zone,
        address=addresses > 0,
        verb=verb,
        verb_last=verb_last,
        colon=colon,
        leads=_leads(text, words, explained),
        names=quoted_names + sum(not word[0].islower() for word in unexplained),
        lower=sum(word[0].islower() for word in unexplained),
        long_lower=sum(word[0].islower() and len(word) > 3 for word in unexplained),
        words=len(words),
    )


def _is_date(moment: Moment, *, month: bool, weekday: bool) -> bool:
    """A day beside a month or weekday; beside a year and a time it is one in any language."""
    if moment.day and (month or weekday or (moment.year and moment.time)):
        return True
    return month and moment.year


def _explained(words: Sequence[str]) -> tuple[list[str], bool]:
    """What each word is known as (`""` for nothing), and whether a verb ends the line."""
    kinds = [""] * len(words)
    at = 0
    while at < len(words):
        word = words[at]
        size = 1
        if verb_size := wrote().find(words, at):
            kinds[at : at + verb_size] = ["verb"] * verb_size
            size = verb_size
        elif word in weekdays():
            kinds[at] = "weekday"
        elif word in months():
            kinds[at] = "month"
        elif at == 0 and (opener_size := openers().find(words, 0)):
            kinds[:opener_size] = ["opener"] * opener_size
            size = opener_size
        at += size
    return kinds, bool(kinds) and kinds[-1] == "verb"


def _unspaced_verb(line: str) -> bool:
    return is_unspaced(line) and any(verb in line for verb in wrote().unspaced)


def _unexplained(rest: str, words: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """The words that are neither verb nor date, as written: names begin with a capital, sentences do not."""
    written = words_of(rest)
    if len(written) != len(words):
        written = list(words)
    return [word for word, kind in zip(written, kinds, strict=True) if not kind]


def _leads(text: str, words: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether the line begins like an attribution: with a number, a weekday, a month, or an opening word."""
    return text.lstrip("([ ")[:1].isdigit() or (bool(words) and kinds[0] in ("opener", "weekday", "month"))


def introduces_quotation(found: Evidence) -> bool:
    """Whether such a line is an attribution, given that a quotation with marks follows."""
    if found.lower > 6 or found.words > _MOST_WORDS:
        return False
    ends = found.colon or found.verb_last
    if found.verb and (found.date or found.time or found.address):
        return ends or (found.date and found.time)
    if found.date and (found.address or (found.time and found.colon)):
        return True
    if found.date and (found.time or found.names):
        return found.lower <= (3 if found.colon else 0)
    if found.address and found.time:
        return ends and found.lower <= 5
    if found.address or found.verb:
        return ends and found.lower <= 2 and found.words <= 8
    return False


def introduces_history(found: Evidence) -> bool:
    """Whether such a line is an attribution although no quote marks follow: then all below is history."""
    if found.lower > 4 or found.words > _MOST_WORDS:
        return False
    ends = found.colon or found.verb_last
    if found.verb and found.address:
        return ends and (found.date or found.time or found.lower <= 1)
    if found.verb and found.date:
        return ends and (found.time or found.lower <= 2) and (found.leads or found.time)
    if found.date and found.time and found.address:
        return found.lower <= 3
    if not (found.date and found.time and found.leads and 0 < found.names <= 5):
        return False
    return found.long_lower == 0 and found.lower <= 2 and (found.colon or (found.zone and found.lower == 0))


def could_end(text: str) -> bool:
    """Whether a line may end an attribution that no quote marks follow: a cheap question, asked of every
    line."""
    tail = text[-80:].rstrip(_EDGES + '>"')
    if tail.endswith((":", "：")) or _ZONE_MARK.search(text[:40]):
        return True
    last = words_of(normal(tail.rsplit(None, 1)[-1])) if tail else []
    return bool(last) and last[-1] in verb_endings()


def start_of(texts: Sequence[str], end: int, *, quoted: bool) -> int | None:
    """The first line of the attribution that ends at line `end`, or None if none does.

    Long ones are wrapped: the lines above are taken in, up to six in all and no blank one, until the date
    is found.
    """
    accepts = introduces_quotation if quoted else introduces_history
    best: int | None = None
    for start in range(end, max(-1, end - MOST_LINES), -1):
        if not texts[start]:
            break
        found = evidence(" ".join(texts[start : end + 1]))
        if accepts(found):
            best = start
            if found.date or found.time:
                break
        elif best is not None or found.lower > 6:
            break
    if best is not None and best > 0 and _is_opening(texts[best - 1]):
        return best - 1
    return best


def _is_opening(text: str) -> bool:
    """Whether a short line above can only be the beginning of an attribution ("On Wednesday,")."""
    if not text or len(text) > 30 or not text.rstrip().endswith((",", "،", "、")):
        return False
    kinds, _ = _explained(words_of(normal(text)))
    return bool(kinds) and all(kinds)
