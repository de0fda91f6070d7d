"""Owns how words on the command line become values. It must never read the environment or a database."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from digest.errors import Misuse

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,8}")  # BCP 47 by its shape
LONGEST_EXAMPLE = 2000  # characters; it stands in every first prompt


class Argument(click.ParamType[Any]):
    """A type of the command line made of one function, which raises Misuse for what it cannot read."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._read(value) if isinstance(value, str) else value
        except Misuse as wrong:
            self.fail(str(wrong), param, ctx)


def _instant(text: str) -> datetime:
    from digest import clock

    return clock.read_instant(text)


def _time_zone(text: str) -> str:
    from digest import clock

    return clock.zone(text).key


def _language(text: str) -> str:
    if not LANGUAGE_TAG.fullmatch(text):
        raise Misuse(f"{text!r} is not a language tag. Write it like de or pt-BR.")
    return text.replace("_", "-")


def _day(text: str) -> date:
    from digest import clock

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Misuse(f"{text!r} is not a day. Write it like 2026-07-01.") from None
    if day.year not in clock.YEARS:
        raise Misuse(f"{text} is too far away. Write a day like 2026-07-01.")
    return day


def _listen(text: str) -> Any:
    from digest.settings import read_listen

    return read_listen(text)


def _example(text: str) -> str:
    """The words in a file."""
    try:
        words = Path(text).read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Misuse(f"{text} is not a text in UTF-8.") from None
    except (OSError, ValueError) as error:
        raise Misuse(f"{text} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if not words or "\0" in words:
        raise Misuse(f"{text} holds no example. Write one or two sentences into it.")
    if len(words) > LONGEST_EXAMPLE:
        raise Misuse(f"The example is longer than {LONGEST_EXAMPLE} characters. A few sentences are enough.")
    return words


INSTANT = Argument("instant", _instant)
TIME_ZONE = Argument("zone", _time_zone)
LANGUAGE = Argument("tag", _language)
DAY = Argument("day", _day)
EXAMPLE = Argument("file", _example)
LISTEN = Argument("listen", _listen)
PORT = click.IntRange(0, 65535)
