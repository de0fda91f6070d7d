"""Owns the words that mail clients write around quoted messages, of all languages, ready for search. It
must never decide what a line is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from digest.languages import common_words, phrases
from digest.reading.wording.phrase_set import PhraseSet, phrase_set

_MEANINGS = {
    "from_": "from",
    "sent": "sent",
    "date": "sent",
    "to": "to",
    "cc": "to",
    "bcc": "to",
    "subject": "subject",
    "reply_to": "other",
    "attachments": "other",
}


@cache
def wrote() -> PhraseSet:
    """Verbs of attribution lines."""
    return phrase_set(phrases("history", "wrote"))


@cache
def verb_endings() -> frozenset[str]:
    """The last word of each verb of attribution lines."""
    return frozenset(words[-1] for words in wrote().by_words)


@cache
def openers() -> PhraseSet:
    """Words that begin an attribution line."""
    return phrase_set(phrases("history", "on"))


@cache
def months() -> frozenset[str]:
    """Names of months, full and short, without the dot of an abbreviation."""
    return frozenset(name.rstrip(".") for name in phrases("history", "months"))


@cache
def weekdays() -> frozenset[str]:
    """Names of weekdays, full and short, without the dot of an abbreviation."""
    return frozenset(name.rstrip(".") for name in phrases("history", "weekdays"))


@cache
def small_words() -> Mapping[str, tuple[str, ...]]:
    """The most frequent words, each with the languages that have it: sentences are full of them."""
    found: dict[str, list[str]] = {}
    for language, words in common_words().items():
        for word in words:
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


@cache
def labels() -> Mapping[str, frozenset[str]]:
    """For each label of a header block, what it may stand for: `from`, `sent`, `to`, `subject`, `other`."""
    found: dict[str, set[str]] = {}
    for key, meaning in _MEANINGS.items():
        for label in phrases("history", key):
            found.setdefault(label, set()).add(meaning)
    return {label: frozenset(meanings) for label, meanings in found.items()}


@cache
def original_message() -> frozenset[str]:
    """What stands between dashes above a quoted message."""
    return phrases("history", "original_message")


@cache
def forwarded_message() -> frozenset[str]:
    """What stands above a forwarded message."""
    return phrases("history", "forwarded_message")
