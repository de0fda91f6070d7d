"""Owns the words that we say to a person: the gettext catalogues under digest/locale, compiled when first needed.

It must never fail for want of a catalogue: a language without one is spoken to in English.
"""

from __future__ import annotations

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parents[1] / "locale"
SOURCE = "en"  # the language that the words are written in


@cache
def languages() -> tuple[str, ...]:
    """The primary subtags that we speak, English first."""
    translated = (path.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES"))
    return (SOURCE, *sorted(translated))


def spoken(locale: str) -> str:
    """The language in which somebody with that tag (BCP 47, "-" or "_") is addressed: "de" for "de-AT"."""
    primary = locale.replace("_", "-").partition("-")[0].lower()
    return primary if primary in languages() else SOURCE


def has_catalogue(locale: str) -> bool:
    """Whether that person reads her own language, or English in its place."""
    return spoken(locale) == locale.replace("_", "-").partition("-")[0].lower()


def translator(locale: str) -> gettext.NullTranslations:
    """The catalogue for a tag: every .po of that language, English for what none of them holds."""
    return _compiled(spoken(locale))


@cache
def calendar(locale: str) -> Locale:
    """How dates, times and lists are written for that tag; always in the language that is spoken to it.

    Bare "en" is British: we write to Europe, where nine in the evening is 21:00.
    """
    for tag in (locale.replace("-", "_"), spoken(locale)):
        known = _known(tag)
        if known and known.language == spoken(locale) and str(known) != SOURCE:
            return known
    return Locale("en", "GB")


def _known(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag)
    except (ValueError, UnknownLocaleError):
        return None


@cache
def _compiled(language: str) -> gettext.NullTranslations:
    whole = gettext.NullTranslations()
    for path in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.po"), reverse=True):
        catalogue = _compile(path, language)
        catalogue.add_fallback(whole)
        whole = catalogue
    return whole


def _compile(path: Path, language: str) -> gettext.GNUTranslations:
    """In memory: a compiled catalogue beside its source would be one more thing to forget."""
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
