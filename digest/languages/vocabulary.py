"""All languages together: which phrases there are for a purpose, and in which languages.

Loads each file once; it must never decide what a text means.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from digest.languages.language import Language
from digest.languages.reading import read
from digest.languages.spelling import normal, normal_phrases

# With these an accent left out makes another word ("où", "ou"), or the words come from a program that has it.
_ACCENTS_MATTER = frozenset({"question_words", "tried_hints", "failed_hints", "ask_hints"})
_TYPED = frozenset({"letter", "reply"})


@cache
def languages() -> tuple[Language, ...]:
    """Every language that has a file here, in the order of their tags."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return tuple(read(file.read_text(encoding="utf-8")) for file in files)


@cache
def phrases(area: str, key: str) -> frozenset[str]:
    """The phrases of all languages, ``normal``; what people type also without its accents.

    ``phrases("reply", "tried")``; AttributeError for an area or key that no file has.
    """
    return frozenset[str]().union(*_by_tag(area, key).values())


def tags_for(area: str, key: str, phrase: str) -> tuple[str, ...]:
    """The tags of the languages in which ``phrase`` serves this purpose, in their order; none: ``()``."""
    wanted = normal(phrase)
    return tuple(tag for tag, own in _by_tag(area, key).items() if wanted in own)


@cache
def common_words() -> Mapping[str, frozenset[str]]:
    """By tag, the small words that betray the language of a text, ``normal``."""
    return {language.tag: normal_phrases(language.common, also_bare=False) for language in languages()}


@cache
def _by_tag(area: str, key: str) -> Mapping[str, frozenset[str]]:
    also_bare = area in _TYPED and key not in _ACCENTS_MATTER
    return {
        language.tag: normal_phrases(language.phrases(area, key), also_bare=also_bare)
        for language in languages()
    }
