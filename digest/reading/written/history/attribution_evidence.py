"""Owns the evidence for an attribution line ("On Friday, Mira wrote:") that words and numbers give, in any
language. It must never decide: what is enough stands in `attribution`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from digest.languages import normal
from digest.reading.wording.phrase_set import is_unspaced, words_of
from digest.reading.written.history.when import Moment, moment_in
from digest.reading.written.history.words import months, openers, small_words, weekdays, wrote

COLONS = (":", "：", "៖", "׃")
EDGES = " \t*_-–—~=|\u00a0\u200e\u200f\u202a\u202b\u202c"
_MOST_CHARACTERS = 600
_ADDRESS = re.compile(
    r"[<\[(]?\s?(?:mailto:)?[^\s<>\[\]()\"',;:]{1,64}@[^\s<>\[\]()\"',;]{1,253}(?:\s?[>\])])*", re.IGNORECASE
)
_QUOTED_NAME = re.compile(r"[\"“”„«»]([^\"“”„«»]{1,80})[\"“”„«»]")
_URL = re.compile(r"<?\bhttps?://[^\s<>]{1,300}>?")
_LATE_NUMBER = re.compile(r"\W*[^\s\d:：]{1,15}[ .,\u00a0]{1,3}\d")


@dataclass(frozen=True)
class Evidence:
    """What speaks for an attribution in a line.

    `year`: clients always write it, people seldom. `ours`: an address that we sent from stands in it,
    `named`: that or our name. `leads`: it begins with a date or an opening word. `sentence`: it ends like
    one. `lower` counts the words in small letters that nothing explains, `common` those of them that are
    small words (of three letters and more) of a language that we know.
    """

    date: bool
    year: bool
    time: bool
    zone: bool
    address: bool
    verb: bool
    verb_last: bool
    colon: bool
    leads: bool
    names: int
    lower: int
    common: int
    sentence: bool
    words: int
    ours: bool
    named: bool


def evidence(text: str, ours: Collection[str] = ()) -> Evidence:
    """The evidence in a line, or in several that were wrapped and are joined; at most 600 characters count.

    `ours`: addresses and names, in lower case, from which the quoted message can have come.
    """
    text = text[:_MOST_CHARACTERS].strip(EDGES)
    whole = text.lower() if ours else ""
    colon = text.rstrip(' \t*_>"\u200e\u200f\u202c').endswith(COLONS)
    text = _URL.sub(" ", text) if "://" in text else text
    text, addresses = _ADDRESS.subn(" ", text) if "@" in text else (text, 0)
    text, quoted_names = _QUOTED_NAME.subn(" ", text)
    moment = moment_in(text)
    line = normal(moment.rest)
    words = words_of(line)
    kinds, verb_last = explained(words)
    verb = any(kind == "verb" for kind in kinds) or _unspaced_verb(line)
    month = any(kind == "month" for kind in kinds)
    weekday = any(kind == "weekday" for kind in kinds)
    unexplained = _unexplained(moment.rest, words, kinds)
    return Evidence(
        date=moment.date or _is_date(moment, month=month, weekday=weekday),
        year=moment.year or moment.date,
        time=moment.time,
        zone=moment.zone,
        address=addresses > 0,
        verb=verb,
        verb_last=verb_last,
        colon=colon,
        leads=_leads(text, words, kinds),
        names=quoted_names + sum(not word[0].islower() for word in unexplained),
        lower=sum(word[0].islower() for word in unexplained),
        common=_common([word for word in unexplained if word[0].islower() and len(word) > 2]),
        sentence=text.endswith((".", "?", "!", "…")),
        words=len(words),
        ours=any(name in whole for name in ours if "@" in name),
        named=any(name in whole for name in ours),
    )


def _is_date(moment: Moment, *, month: bool, weekday: bool) -> bool:
    """A day beside a month or weekday; beside a year and a time it is one in any language."""
    if moment.day and (month or weekday or (moment.year and moment.time)):
        return True
    return month and moment.year


def explained(words: Sequence[str]) -> tuple[list[str], bool]:
    """What each word is known as (`""` for nothing), and whether a verb ends the line."""
    kinds = [""] * len(words)
    verbs, days, names = wrote(), weekdays(), months()
    at = 0
    while at < len(words):
        word = words[at]
        size = 1
        if verb_size := verbs.find(words, at):
            kinds[at : at + verb_size] = ["verb"] * verb_size
            size = verb_size
        elif word in days and (len(word) > 2 or at == 0 or kinds[:at] == ["opener"]):
            kinds[at] = "weekday"  # short names of weekdays are words in other languages
        elif word in names:
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


def _common(words: Sequence[str]) -> int:
    """How many of these are small words of one language: of a sentence many, of a foreign attribution
    hardly any."""
    if not words:
        return 0
    languages = Counter(language for word in words for language in small_words().get(word, ()))
    return max(languages.values(), default=0)


def _leads(text: str, words: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether the line begins like an attribution: with a number, maybe after one word, a weekday, a
    month, or an opening word."""
    if text.lstrip("([ ")[:1].isdigit() or _LATE_NUMBER.match(text):
        return True
    return bool(words) and kinds[0] in ("opener", "weekday", "month")
