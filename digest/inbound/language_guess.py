"""Owns the guess in which language a text is written, from its script, its letters and its words. It must never
insist: what fits two languages alike is None."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain

from digest.languages import Language, languages, normal

_LOOKED_AT = 4_000  # characters: more would not change the guess
_ENOUGH = 0.9  # a single telling word
_LEAD = 1.12
_COMMON, _KNOWN = 1.0, 0.35
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# Letters that few languages have; in a name they say little, so they count as one word at most.
_LETTERS = {
    "ß": "de", "ñ": "es gl eu", "ő": "hu", "ű": "hu", "ã": "pt", "õ": "pt et", "ř": "cs", "ě": "cs", "ů": "cs",
    "ľ": "sk", "ĺ": "sk", "ŕ": "sk", "ł": "pl", "ą": "pl lt", "ę": "pl lt", "ś": "pl", "ź": "pl", "ń": "pl",
    "ż": "pl mt", "ċ": "mt", "ġ": "mt", "ħ": "mt", "ğ": "tr", "ı": "tr", "ş": "tr", "ș": "ro", "ț": "ro", "ă": "ro",
    "ø": "da nb", "æ": "da nb is", "å": "da nb sv fi", "þ": "is", "ð": "is", "ā": "lv", "ē": "lv", "ģ": "lv",
    "ķ": "lv", "ļ": "lv", "ņ": "lv", "ė": "lt", "ų": "lt", "į": "lt", "ū": "lt lv", "ë": "sq nl", "đ": "hr bs sr",
    "ђ": "sr", "ћ": "sr", "љ": "sr mk", "њ": "sr mk", "џ": "sr mk", "ј": "sr mk", "ѓ": "mk", "ќ": "mk", "ѕ": "mk",
    "і": "uk", "ї": "uk", "є": "uk", "ґ": "uk", "ы": "ru", "э": "ru", "ъ": "bg ru", "щ": "bg uk ru", "й": "bg ru uk",
    "·": "ca", "ç": "fr pt ca sq tr", "¿": "es gl", "ó": "es pt pl hu cs sk is ga ca gl", "ù": "fr it",
    "è": "fr it ca", "ê": "fr pt", "ô": "sk fr pt", "ć": "hr bs sr pl", "č": "cs sk sl hr bs sr lt lv",
    "š": "cs sk sl hr bs sr lt lv et", "ž": "cs sk sl hr bs sr lt lv et", "ä": "de sv fi et sk",
    "ö": "de sv fi et hu tr is", "ü": "de et hu tr", "ò": "it ca", "à": "fr it ca pt",
}  # fmt: skip


def guess_language(text: str) -> str | None:
    """The tag of the language of this text, or None where no language clearly leads."""
    ranked = ranked_languages(text)
    if not ranked or ranked[0][1] < _ENOUGH:
        return None
    clear = len(ranked) == 1 or ranked[0][1] >= ranked[1][1] * _LEAD
    return ranked[0][0] if clear else None


def ranked_languages(text: str) -> list[tuple[str, float]]:
    """Languages that the text may be in, each with its weight, the likeliest first."""
    plain = normal(text[:_LOOKED_AT]).replace("ș", "ș")
    scores: defaultdict[str, float] = defaultdict(float)
    for tag, weight in chain(_by_words(plain), _by_letters(plain)):
        scores[tag] += weight
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _by_words(plain: str) -> Iterator[tuple[str, float]]:
    weights = _weights()
    for word in _WORD.findall(plain):
        yield from weights.get(word, ())


def _by_letters(plain: str) -> Iterator[tuple[str, float]]:
    for letter in set(plain) & _LETTERS.keys():
        tags = _LETTERS[letter].split()
        for tag in tags:
            yield tag, 0.8 / len(tags)


@cache
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """By word: the languages that have it, each with what it tells; a word of many languages tells little."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for language in languages():
        for word in _words(_phrases(language)):
            found[word][language.tag] = _KNOWN
        for word in _words(language.common):
            found[word][language.tag] = _COMMON
    return {word: _shares(tags) for word, tags in found.items()}


def _shares(tags: dict[str, float]) -> tuple[tuple[str, float], ...]:
    total = sum(tags.values())
    return tuple((tag, weight * weight / total) for tag, weight in tags.items())


def _phrases(language: Language) -> Iterator[str]:
    """All that people write; what programs write stands in many languages' mail."""
    for area in (language.reply, language.letter):
        for key in area.__slots__:
            yield from getattr(area, key)


def _words(phrases: Iterator[str] | tuple[str, ...]) -> set[str]:
    return set(_WORD.findall(normal("\n".join(phrases))))
