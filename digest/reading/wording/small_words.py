"""Owns the small words of each language, folded, from small_words.toml. It must never hold a rule about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from digest.languages import Language
from digest.languages.reading import document
from digest.reading.wording.wording import folded

Words = frozenset[str]
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SmallWords:
    """One language's small words; what each is for stands in small_words.toml."""

    common: Words
    around: Words
    please: Words
    thank: Words
    name: Words
    hide: Words
    show: Words
    anyone: Words
    to: Words
    no: Words
    myself: Words
    my_endings: tuple[str, ...]
    nothing: frozenset[Phrase]
    good: frozenset[Phrase]
    ordinals: tuple[frozenset[Phrase], ...]

    def is_small(self, word: str) -> bool:
        """Whether a word says little by itself."""
        return word in self.common or word in self.around or word in self.please or word in self.thank


def small_words(language: Language) -> SmallWords:
    """The small words of a language; all are empty where the file does not have it."""
    table = _file().get(language.tag, {})
    typed = str(table.get("self", "")).split()
    words = ("around", "please", "thank", "name", "hide", "show", "anyone", "to", "no")
    return SmallWords(
        **{key: frozenset(folded(str(table.get(key, "")))) for key in words},
        common=frozenset(
            word for phrase in (*language.common, table.get("common", "")) for word in folded(phrase)
        ),
        myself=frozenset(word for one in typed if not one.startswith("-") for word in folded(one)),
        my_endings=tuple(word for one in typed if one.startswith("-") for word in folded(one)),
        nothing=_phrases(table.get("nothing", [])),
        good=_phrases(table.get("good", [])),
        ordinals=tuple(_phrases(ways) for ways in table.get("ordinal", [])),
    )


def _phrases(written: list[str]) -> frozenset[Phrase]:
    return frozenset(folded(phrase) for phrase in written)


@cache
def _file() -> dict[str, dict[str, Any]]:
    return document(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
