"""All languages together: which phrases there are for a purpose, and in which languages.

Loads each file once; it must never decide what a text means.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from digest.languages.language import Language
from digest.languages.reading import read
from digest.languages.spelling import bare, normal

# With these an accent left out makes another word ("où", "ou"), or the words come from a program that has it.
_ACCENTS_MATTER = frozenset({"question_words", "tried_hints", "failed_hints", "ask_hints"})
_TYPED = frozenset({"letter", "reply"})


@cache
def languages() -> tuple[Language, ...]:
    """Every language that has a file here, in the order of their tags."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return tuple(read(file.read_text(encoding="utf-8")) for file in files)


def phrases(area: str, key: str) -> frozenset[str]:
    """The phrases of all languages, ``normal``; what people type also without its accents.

    ``phrases("reply", "tried")``; AttributeError for an area or key that no file has.
    """
    return _all(area, key)[0]


def tags_for(area: str, key: str, phrase: str) -> tuple[str, ...]:
    """The tags of the languages in which ``phrase`` serves this purpose, in their order; none: ``()``."""
    return _all(area, key)[1].get(normal(phrase), ())


@cache
def common_words() -> Mapping[str, frozenset[str]]:
    """By tag, the small words that betray the language of a text, ``normal``."""
    return {language.tag: frozenset(map(normal, language.common)) for language in languages()}


@cache
def _all(area: str, key: str) -> tuple[frozenset[str], Mapping[str, tuple[str, ...]]]:
    found: dict[str, tuple[str, ...]] = {}
    typed = area in _TYPED and key not in _ACCENTS_MATTER
    for language in languages():
        for spelling in _spellings(language.phrases(area, key), typed):
            found[spelling] = (*found.get(spelling, ()), language.tag)
    return frozenset(found), found


def _spellings(written: tuple[str, ...], typed: bool) -> set[str]:
    if not written:
        return set()
    # One pass over all of a key's phrases is several times faster than one for each.
    as_lines = {normal(phrase) for phrase in written}
    return as_lines | {bare(phrase) for phrase in as_lines} if typed else as_lines
