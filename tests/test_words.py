"""The catalogues: everything that we say is said in every language, and what we ask to reply is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from digest import words
from digest.languages import languages, normal
from digest.outbound.compose.letterhead import reply_words
from tests.outbound.given import monday_frame

ROOT = Path(__file__).parent.parent
# By catalogue, where its words stand; Babel passes over folders that open with "_" unless they are named
SOURCES = {
    "mails": ("digest/words", "digest/outbound", "templates/email", "templates/email/_layout"),
    "checks": ("digest/checking",),
    "pages": ("digest/web", "templates/web"),
}
TRANSLATED = [(name, tag) for name in SOURCES for tag in words.languages() if tag != words.SOURCE]
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]")
Key = tuple[str | None, str]


def said(catalogue: str) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """Every message in code and templates: (context, first form), and all its forms."""
    with (words.CATALOGUES / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    for source in SOURCES[catalogue]:
        for _, _, message, _, context in extract_from_dir(ROOT / source, methods, options):
            yield (context, forms(message)[0]), forms(message)


def translations(catalogue: str, language: str) -> dict[Key, tuple[str, ...]]:
    with (words.CATALOGUES / language / "LC_MESSAGES" / f"{catalogue}.po").open("rb") as source:
        messages = [
            message for message in read_po(source, locale=language) if message.id and not message.fuzzy
        ]
    return {(message.context, forms(message.id)[0]): forms(message.string) for message in messages}


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize(("catalogue", "language"), TRANSLATED)
def test_every_word_that_we_say_is_translated(catalogue: str, language: str) -> None:
    known = translations(catalogue, language)
    assert [key for key, _ in said(catalogue) if not all(known.get(key, ("",)))] == []


@pytest.mark.parametrize(("catalogue", "language"), TRANSLATED)
def test_no_translation_is_of_something_that_nobody_says_any_more(catalogue: str, language: str) -> None:
    assert set(translations(catalogue, language)) - {key for key, _ in said(catalogue)} == set()


@pytest.mark.parametrize(("catalogue", "language"), TRANSLATED)
def test_nothing_is_translated_twice_in_one_catalogue(catalogue: str, language: str) -> None:
    path = words.CATALOGUES / language / "LC_MESSAGES" / f"{catalogue}.po"
    text = path.read_text("utf-8").replace('"\n"', "")  # long entries are written on several lines
    entries = re.findall(r'^(?:msgctxt "(.*)"\n)?msgid "(.*)"$', text, re.MULTILINE)
    assert [entry for entry, times in Counter(entries).items() if times > 1] == []


@pytest.mark.parametrize(("catalogue", "language"), TRANSLATED)
def test_a_translation_fills_in_exactly_what_the_english_does(catalogue: str, language: str) -> None:
    known = translations(catalogue, language)
    for key, english in said(catalogue):
        for form in known[key]:
            assert {*PLACEHOLDERS.findall(form)} == {*PLACEHOLDERS.findall(english[-1])}, form


@pytest.mark.parametrize("language", [tag for tag in words.languages() if tag != words.SOURCE])
def test_pages_and_mails_say_the_same_thing_in_the_same_words(language: str) -> None:
    mails, pages = translations("mails", language), translations("pages", language)
    for key in mails.keys() & pages.keys():
        assert mails[key] == pages[key], key


@pytest.mark.parametrize("tag", words.languages())
def test_every_word_that_we_ask_for_in_a_reply_is_read(tag: str) -> None:
    (language,) = [one for one in languages() if one.tag == tag]
    for command, word in reply_words(monday_frame(tag).speech).items():
        assert normal(word) in {normal(phrase) for phrase in language.phrases("reply", command)}, command


def test_german_speakers_anywhere_are_spoken_to_in_german() -> None:
    for locale in ("de", "de-AT", "de_CH", "DE"):
        assert words.spoken(locale) == "de"
        assert words.translator(locale).gettext("Solved") == "Gelöst"


@pytest.mark.parametrize("locale", ["fr", "pt-BR", "zh-Hans-CN", "", "../../etc", "x" * 500, "de\x00"])
def test_a_language_without_a_catalogue_is_spoken_to_in_plain_english(locale: str) -> None:
    assert words.spoken(locale) == "en"
    assert not words.has_catalogue(locale)
    assert words.translator(locale).gettext("Solved") == "Solved"
    assert words.calendar(locale).language == "en"


def test_english_is_written_as_in_europe_unless_somebody_says_otherwise() -> None:
    assert str(words.calendar("en")) == "en_GB"
    assert str(words.calendar("en-US")) == "en_US"
    assert str(words.calendar("de-AT")) == "de_AT"
