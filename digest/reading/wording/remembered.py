"""Owns what is remembered while a message is read, because one stage after another asks about the same lines. It must
never outlive the message: what somebody wrote does not stay in memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

_MOST_ANSWERS = 256  # of each function: a long message is no reason to fill the memory
_clearings: list[Callable[[], None]] = []
P = ParamSpec("P")
T = TypeVar("T")


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """The function, which answers the same question once until `forget` is called; its answers must not change."""
    kept = lru_cache(maxsize=_MOST_ANSWERS)(function)
    _clearings.append(kept.cache_clear)
    return cast("Callable[P, T]", kept)


def forget() -> None:
    """Drop all that is remembered; another message that is being read at the same time only asks again."""
    for clear in _clearings:
        clear()
