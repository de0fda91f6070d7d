"""Owns the guess in which language a text is written, from its script, its letters and its words. It must never
insist: what fits two languages alike is None."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from digest.languages import Language, languages, normal

_LOOKED_AT = 4_000  # characters: more would not change the guess
_ENOUGH, _LEAD = 0.9, 1.12  # a single telling word; a small lead is enough in a longer text
_FEW_WORDS, _ENOUGH_OF_FEW, _LEAD_OF_FEW = 4, 0.15, 1.3
_COMMON, _KNOWN = 1.0, 0.35
_LETTER, _FOREIGN_LETTER = 0.8, 0.5
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# The letters that a language has beyond a to z, or beyond the Cyrillic letters that all five have.
_ALPHABETS = {
    "bg": "йщъюяь", "bs": "čćđšž", "ca": "àçéèíïóòúü·", "cs": "áčďéěíňóřšťúůýž", "da": "æøåé", "de": "äöüß",
    "el": "", "en": "", "es": "áéíñóúü¿", "et": "äöõüšž", "eu": "ñ", "fi": "äö", "fr": "àâçéèêëîïôùûœ", "ga": "áéíóú",
    "gl": "áéíñóú", "hr": "čćđšž", "hu": "áéíóöőúüű", "is": "áðéíóúýþæö", "it": "àèéìòù", "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž", "mk": "ѓќѕљњџј", "mt": "ċġħżàèìòù", "nb": "æøåé", "nl": "ëéï", "pl": "ąćęłńóśźż",
    "pt": "ãáàâçéêíóôõú", "ro": "ăâîșț", "ru": "ёйщъыэюяь", "sk": "áäčďéíĺľňóôŕšťúýž", "sl": "čšž", "sq": "çë",
    "sr": "ђћљњџјčćđšž", "sv": "åäöé", "tr": "çğıöşü", "uk": "єіїґйщюяь",
}  # fmt: skip


def guess_language(text: str) -> str | None:
    """The tag of the language of this text, or None where no language clearly leads."""
    ranked = ranked_languages(text)
    few = len(text) < _LOOKED_AT and len(_WORD.findall(text)) <= _FEW_WORDS
    enough, lead = (_ENOUGH_OF_FEW, _LEAD_OF_FEW) if few else (_ENOUGH, _LEAD)
    if not ranked or ranked[0][1] < enough:
        return None
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] >= ranked[1][1] * lead else None


def ranked_languages(text: str) -> list[tuple[str, float]]:
    """Languages that the text may be in, each with its weight, the likeliest first."""
    plain = normal(text[:_LOOKED_AT])
    scores: defaultdict[str, float] = defaultdict(float)
    for tag, weight in _by_words(plain):
        scores[tag] += weight
    for letter in set(plain) & _users().keys():
        users = _users()[letter]
        for tag in users:
            scores[tag] += _LETTER / len(users)
        for tag in scores.keys() - users:
            scores[tag] *= _FOREIGN_LETTER
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


@cache
def _users() -> dict[str, frozenset[str]]:
    """By letter: the languages that have it."""
    letters = {letter for alphabet in _ALPHABETS.values() for letter in normal(alphabet)}
    return {
        letter: frozenset(tag for tag, alphabet in _ALPHABETS.items() if letter in normal(alphabet))
        for letter in letters
    }


def _by_words(plain: str) -> Iterator[tuple[str, float]]:
    weights = _weights()
    for word in _WORD.findall(plain):
        yield from weights.get(word, ())


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
