"""Owns the forms of a letter: its greeting, its closing formula, the name below. It must never take a
sentence for one."""

from __future__ import annotations

from functools import cache

from digest.languages import normal, phrases
from digest.reading.wording.phrase_set import PhraseSet, phrase_set, words_of

_MOST_CHARACTERS = 120
_NAME_WORDS = 5


def is_greeting(text: str) -> bool:
    """Whether a line is a greeting, maybe with a name ("Hello Mira,")."""
    return _is_formula(text, _greetings(), names=4)


def is_closing(text: str) -> bool:
    """Whether a line is a closing formula, maybe with a name ("Best regards, Mira")."""
    return _is_formula(text, _closings(), names=3)


def _is_formula(text: str, known: PhraseSet, names: int) -> bool:
    text = text.strip()
    if not text or len(text) > _MOST_CHARACTERS or (text.endswith(("?", ":")) and not text.endswith("):")):
        return False
    line = normal(text)
    if line.strip(" ,.!-–—") in known.whole:
        return True
    words = words_of(line)
    size = known.find(words, 0)
    written = words_of(text)
    if not size or len(written) != len(words):
        return False
    return len(words) - size <= names and all(not word[0].islower() for word in written[size:])


def is_name(text: str) -> bool:
    """Whether a line could be a person's name: few words, each with a capital, or in a script without them."""
    text = text.strip(" \t*_-–—~,.")
    words = words_of(text)
    return 0 < len(words) <= _NAME_WORDS and len(text) <= 50 and all(not word[0].islower() for word in words)


@cache
def _greetings() -> PhraseSet:
    return phrase_set(phrases("letter", "greetings"))


@cache
def _closings() -> PhraseSet:
    return phrase_set(phrases("letter", "closings"))
