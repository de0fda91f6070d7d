"""Every word of the pages, in every language that we speak."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from digest import words

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
SPOKEN = [language for language in words.languages() if language != words.SOURCE]


def said() -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    """Each message of the pages with its context."""
    for folder, methods in (
        ("templates/web", [("**.html", "jinja2")]),
        ("digest/web", [("**.py", "python")]),
    ):
        options = {"**.html": {"trimmed": "true"}}
        found = extract_from_dir(ROOT / folder, methods, options, KEYWORDS)
        yield from ((context, message) for _, _, message, _, context in found)


def catalogue(language: str, name: str) -> Catalog:
    with (words.CATALOGUES / language / "LC_MESSAGES" / name).open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", SPOKEN)
def test_every_message_is_translated_and_none_is_left_over(language: str) -> None:
    pages = catalogue(language, "pages.po")
    assert [message for context, message in said() if not translated(pages, message, context)] == []
    known = {(context, message if isinstance(message, str) else message[0]) for context, message in said()}
    assert [m.id for m in pages if m.id and (m.context, first(m.id)) not in known] == []


@pytest.mark.parametrize("language", SPOKEN)
def test_a_translation_names_what_the_message_names(language: str) -> None:
    for message in catalogue(language, "pages.po"):
        if message.id:
            strings = [message.string] if isinstance(message.string, str) else message.string
            assert {names(string) for string in strings} == {names(first(message.id))}, message.id


@pytest.mark.parametrize("language", SPOKEN)
def test_pages_and_mails_say_the_same_thing_in_the_same_words(language: str) -> None:
    mails = catalogue(language, "mails.po")
    for message in catalogue(language, "pages.po"):
        other = mails.get(message.id, message.context) if message.id else None
        assert other is None or other.string == message.string, message.id


def translated(pages: Catalog, message: str | tuple[str, ...], context: str | None) -> bool:
    found = pages.get(message, context)
    return (
        found is not None
        and not found.fuzzy
        and all([found.string] if isinstance(found.string, str) else found.string)
    )


def first(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def names(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"%\((\w+)\)[sd]", text))
