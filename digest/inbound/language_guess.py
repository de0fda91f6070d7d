"""Owns the guess in which language a text is written, from its script, its letters and its words. It must never
insist: what fits two languages alike is None."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from digest.languages import languages, normal
from digest.languages.language import History, Letter, Reply

_LOOKED_AT = 4_000  # characters: more would not change the guess
_LOOKED_AT_OF_CLIENT = 300
_ENOUGH = 0.9  # a single telling word
_LITTLE = 0.15  # enough where no other language comes near
_LEAD = 1.12
_RIVAL = 1.8
_COMMON, _KNOWN, _BORROWED = 1.0, 0.35, 0.5
_LETTER, _FOREIGN_LETTER = 0.8, 0.5
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_UNDERSTOOD = ("hr", "sr", "bs")
# The letters that a language has beyond a to z, or beyond the Cyrillic letters that all five have.
_ALPHABETS = {
    "bg": "йщъюяь", "bs": "čćđšž", "ca": "àçéèíïóòúü·", "cs": "áčďéěíňóřšťúůýž", "da": "æøåé", "de": "äöüß",
    "el": "", "en": "", "es": "áéíñóúü¿", "et": "äöõüšž", "eu": "ñ", "fi": "äö", "fr": "àâçéèêëîïôùûœ", "ga": "áéíóú",
    "gl": "áéíñóú", "hr": "čćđšž", "hu": "áéíóöőúüű", "is": "áðéíóúýþæö", "it": "àèéìòù", "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž", "mk": "ѓќѕљњџј", "mt": "ċġħżàèìòù", "nb": "æøåé", "nl": "ëéï", "pl": "ąćęłńóśźż",
    "pt": "ãáàâçéêíóôõú", "ro": "ăâîșț", "ru": "ёйщъыэюяь", "sk": "áäčďéíĺľňóôŕšťúýž", "sl": "čšž", "sq": "çë",
    "sr": "ђћљњџјčćđšž", "sv": "åäöé", "tr": "çğıöşü", "uk": "єіїґйщюяь",
}  # fmt: skip


def guess_language(text: str, expected: Sequence[str] = ()) -> str | None:
    """The tag of the language of this text, or None where no language clearly leads. Where several may be meant, one
    that is `expected` is; of those whose speakers understand each other it is the first."""
    ranked = ranked_languages(text)
    if not ranked:
        return None
    best = ranked[0][1]
    likely = [tag for tag, weight in ranked if weight * _RIVAL > best]
    wanted = next((tag for tag in expected if tag in likely), None)
    if wanted:
        return wanted
    leading = [tag for tag in likely if dict(ranked)[tag] * _LEAD > best]
    if best < _ENOUGH and (len(likely) > 1 or best < _LITTLE) and not set(leading) <= set(_UNDERSTOOD):
        return None
    if len(leading) == 1:
        return leading[0]
    return (
        next((tag for tag in _UNDERSTOOD if tag in leading), None)
        if set(leading) <= set(_UNDERSTOOD)
        else None
    )


def client_language(texts: Iterable[str]) -> str | None:
    """The language in which a mail client wrote these lines of its own (attribution, header labels, footer)."""
    scores: defaultdict[str, float] = defaultdict(float)
    weights = _client_weights()
    for text in texts:
        for word in _WORD.findall(normal(text[:_LOOKED_AT_OF_CLIENT])):
            for tag, weight in weights.get(word, ()):
                scores[tag] += weight
    best = max(scores, key=lambda tag: scores[tag], default=None)
    return best if best and scores[best] >= _ENOUGH else None


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
    found: defaultdict[str, set[str]] = defaultdict(set)
    for tag, alphabet in _ALPHABETS.items():
        for letter in alphabet:
            if letter == normal(letter):  # the others are compared under another letter
                found[letter].add(tag)
    return {letter: frozenset(tags) for letter, tags in found.items()}


def _by_words(plain: str) -> Iterator[tuple[str, float]]:
    weights = _weights()
    for word in _WORD.findall(plain):
        yield from weights.get(word, ())


@cache
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """By word: the languages that have it, each with what it tells; a word of many languages tells little."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for language in languages():
        for word in _words(_phrases(language.reply, language.letter)):
            found[word][language.tag] = _KNOWN
        for word in _words(language.common):
            found[word][language.tag] = _COMMON
    return {word: _shares(tags) for word, tags in found.items()}


@cache
def _client_weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """The same for the words that programs write."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for language in languages():
        for word in _words(_phrases(language.history)):
            found[word][language.tag] = _COMMON
    return {word: _shares(tags) for word, tags in found.items()}


def _shares(tags: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """What a word tells for each of its languages; many languages know some English words."""
    if "en" in tags:
        tags = {tag: weight if tag == "en" else weight * _BORROWED for tag, weight in tags.items()}
    total = sum(tags.values())
    return tuple((tag, weight * weight / total) for tag, weight in tags.items())


def _phrases(*areas: History | Letter | Reply) -> Iterator[str]:
    for area in areas:
        for key in area.__slots__:
            yield from getattr(area, key)


def _words(phrases: Iterator[str] | tuple[str, ...]) -> set[str]:
    return set(_WORD.findall(normal("\n".join(phrases))))
