"""Owns the guess in which language a text is written, from its script, its letters and its words. It must never
insist: what fits two languages alike is None."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from math import log

from digest.languages import languages, normal
from digest.languages.language import History, Letter, Reply
from digest.reading.wording.letter_rows import likeness
from digest.reading.wording.remembered import remembered

_LOOKED_AT = 1_500  # characters: more would not change the guess
_LOOKED_AT_OF_CLIENT, _CLIENT_LINES, _CLIENT_LEAD = 400, 6, 1.12
_LOOKED_AT_FOR_LETTERS = 400
_ENOUGH = 0.9  # a single telling word
_LITTLE = 0.15
_RIVAL, _MOST_RIVALS = 5.0, 6  # a language with a fifth of the best one's weight may still be meant
_MUCH, _RIVAL_OF_MUCH = 3.0, 2.5
_LIKELY, _FARTHEST = 2.0, 20.0
_LETTERS_COUNT, _LEAD, _NEAR = 2.5, 0.12, 0.6
_COMMON, _KNOWN, _BORROWED = 1.0, 0.35, 0.5
_LETTER, _FOREIGN_LETTER = 0.8, 0.5
_ADDRESS = re.compile(r"https?://[^\s<>]{1,2000}|[^\s<>@]{1,64}@[^\s<>@]{1,255}")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# Few people write them, and their words are mostly those of a neighbour that many write.
_RARE = {"gl": 0.5, "sq": 0.7, "mt": 0.7, "ga": 0.7, "eu": 0.7}
_UNDERSTOOD = ("hr", "sr", "bs")
# The letters that a language has beyond a to z, or beyond the Cyrillic letters that all six have.
_ALPHABETS = {
    "be": "ёійўыьэюя", "bg": "йщъюяь", "bs": "čćđšž", "ca": "àçéèíïóòúü·", "cs": "áčďéěíňóřšťúůýž",
    "cy": "âêîôûŵŷ", "da": "æøåé", "de": "äöüß", "el": "", "en": "", "es": "áéíñóúü¿", "et": "äöõüšž",
    "eu": "ñ", "fi": "äö", "fr": "àâçéèêëîïôùûœ", "ga": "áéíóú", "gl": "áéíñóú", "hr": "čćđšž",
    "hu": "áéíóöőúüű", "is": "áðéíóúýþæö", "it": "àèéìòù", "lb": "äëéöü", "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž", "mk": "ѓќѕљњџј", "mt": "ċġħżàèìòù", "nb": "æøåé", "nl": "ëéï", "nn": "æøåé",
    "pl": "ąćęłńóśźż", "pt": "ãáàâçéêíóôõú", "ro": "ăâîșț", "ru": "ёйщъыэюяь", "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž", "sq": "çë", "sr": "ђћљњџјčćđšž", "sv": "åäöé", "tr": "çğıöşü", "uk": "єіїґйщюяь",
    "vi": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}  # fmt: skip


def guess_language(text: str, expected: Sequence[Collection[str]] = ()) -> str | None:
    """The tag of the language of this text, or None where no language clearly leads. Where several may be meant, it is
    the likeliest of the first `expected` ones among them; of those whose speakers understand each other the first."""
    ranked = ranked_languages(text)
    if not ranked or ranked[0][1] < _LITTLE:
        return None
    best = ranked[0][1]
    rival = _RIVAL if best < _MUCH else _RIVAL_OF_MUCH
    likely = [(tag, weight) for tag, weight in ranked[:_MOST_RIVALS] if weight * rival > best]
    scores = _with_letters(text, likely)
    near = [
        tag
        for tag in sorted(scores, key=lambda tag: -scores[tag])
        if scores[tag] > max(scores.values()) - _NEAR
    ]
    wanted = next((tag for tags in expected for tag in near if tag in tags), None)
    return wanted or _leading(scores)


def _with_letters(text: str, likely: Sequence[tuple[str, float]]) -> dict[str, float]:
    """By language how well its words and its letters fit together, as a logarithm."""
    if len(likely) == 1:
        return {likely[0][0]: 0.0}
    alike = likeness(normal(text[:_LOOKED_AT_FOR_LETTERS]), [tag for tag, _ in likely])
    return {tag: log(weight * _RARE.get(tag, 1.0)) + _LETTERS_COUNT * alike[tag] for tag, weight in likely}


def _leading(scores: dict[str, float]) -> str | None:
    """The language that leads by enough; of those whose speakers understand each other the first."""
    leading = [tag for tag, score in scores.items() if score > max(scores.values()) - _LEAD]
    if len(leading) > 1 and not set(leading) <= set(_UNDERSTOOD):
        return None
    return min(leading, key=_order)


def client_languages(texts: Iterable[str]) -> frozenset[str]:
    """The languages in which a mail client may have written these lines of its own (attribution, header labels,
    footer)."""
    scores: defaultdict[str, float] = defaultdict(float)
    weights = _client_weights()
    for text in texts:
        for word in _WORD.findall(normal(_own_words(text[:_LOOKED_AT_OF_CLIENT]))):
            for tag, weight in weights.get(word, ()):
                scores[tag] += weight
    best = max(scores.values(), default=0.0)
    return frozenset(tag for tag, score in scores.items() if best >= _ENOUGH and score * _CLIENT_LEAD > best)


def _own_words(text: str) -> str:
    """What a client wrote itself: lines that are not quoted, of header fields the names."""
    lines = [line for line in text.split("\n") if not line.startswith(">")][:_CLIENT_LINES]
    return "\n".join(line.partition(":")[0] for line in lines)


def ranked_languages(text: str) -> tuple[tuple[str, float], ...]:
    """The languages that the text may be in, each with its weight, the likeliest first."""
    return _ranked(text[:_LOOKED_AT])


def likely_languages(text: str, most: int) -> list[str]:
    """The languages that the text may well be in, the likeliest first."""
    ranked = ranked_languages(text)[:most]
    return [tag for tag, weight in ranked if weight * _LIKELY > ranked[0][1]]


@remembered
def _ranked(text: str) -> tuple[tuple[str, float], ...]:
    plain = normal(_ADDRESS.sub(" ", text) if "@" in text or "://" in text else text)
    scores: defaultdict[str, float] = defaultdict(float)
    weights = _weights()
    for word in _WORD.findall(plain):
        for tag, weight in weights.get(word, ()):
            scores[tag] += weight
    # In one order, since each letter weighs what was added before it: a set's order differs from run to run.
    for letter in sorted(set(plain) & _users().keys()):
        users = _users()[letter]
        for tag in users:
            scores[tag] += _LETTER / len(users)
        for tag in scores.keys() - users:
            scores[tag] *= _FOREIGN_LETTER
    best = max(scores.values(), default=0.0)
    near = [(tag, weight) for tag, weight in scores.items() if weight * _FARTHEST > best]
    return tuple(sorted(near, key=lambda item: (-round(item[1], 6), _order(item[0]))))


def _order(tag: str) -> tuple[int, str]:
    """Among equals: as `_UNDERSTOOD` has them, then by name."""
    return (_UNDERSTOOD.index(tag) if tag in _UNDERSTOOD else len(_UNDERSTOOD), tag)


@cache
def _users() -> dict[str, frozenset[str]]:
    """By letter: the languages that have it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for tag, alphabet in _ALPHABETS.items():
        for letter in alphabet:
            if letter == normal(letter):  # the others are compared under another letter
                found[letter].add(tag)
    return {letter: frozenset(tags) for letter, tags in found.items()}


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
    return tuple((tag, weight * weight / total * _RARE.get(tag, 1.0)) for tag, weight in tags.items())


def _phrases(*areas: History | Letter | Reply) -> Iterator[str]:
    for area in areas:
        for key in area.__slots__:
            yield from getattr(area, key)


def _words(phrases: Iterator[str] | tuple[str, ...]) -> set[str]:
    return set(_WORD.findall(normal("\n".join(phrases))))
