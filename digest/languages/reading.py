"""Turns the text of one language file into a Language.

It must never guess: a file that is no TOML, or has a key that no Language has, is an error that names it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from digest.languages.language import Automatic, History, Language, Letter, Reply

_AREAS = ("history", "letter", "reply", "automatic")


def read(text: str) -> Language:
    """The language of a file's text; ValueError where it is no TOML, TypeError where a key is unknown."""
    content = document(text)
    history, letter, reply, automatic = (_tuples(content.pop(area, {})) for area in _AREAS)
    return Language(
        **_tuples(content),
        history=History(**history),
        letter=Letter(**letter),
        reply=Reply(**reply),
        automatic=Automatic(**automatic),
    )


def document(text: str) -> dict[str, Any]:
    """The TOML 1.0 document: a quick reading of the plain form our files have, tomllib for any other."""
    try:
        return _plain_document(text)
    except ValueError:
        return tomllib.loads(text)


def _plain_document(text: str) -> dict[str, Any]:
    """Tables of ``key = value`` whose values are also JSON; ValueError for anything else."""
    content: dict[str, Any] = {}
    table = content
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("["):
            table = _new(content, line.removeprefix("[").removesuffix("]"), {})
        elif line and not line.startswith("#"):
            key, _, value = line.partition(" = ")
            _new(table, key, json.loads(_list(lines) if value == "[" else value))
    return content


def _list(lines: Iterator[str]) -> str:
    inner: list[str] = []
    for line in lines:
        if line == "]":
            return "[" + " ".join(inner).removesuffix(",") + "]"
        inner.append(line)
    raise ValueError("a list that does not end")


def _new(table: dict[str, Any], key: str, value: Any) -> Any:
    if key in table or not (key.isidentifier() and key.isascii()):
        raise ValueError(key)
    table[key] = value
    return value


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, str) else tuple(value) for key, value in table.items()}
