"""Owns what is told of the secrets: set, long, random, and none of them used twice. It must never show one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.looks.settings import CLOSED, missing
from digest.checking.scope import Scope
from digest.settings import Settings

GOOD_LENGTH = 24
FEW = 8  # different characters


def look(scope: Scope) -> Iterator[Finding]:
    held = secrets(scope.settings)
    yield from _one("DIGEST_SECRET", held.pop("DIGEST_SECRET", ())) or [missing("wrong", "DIGEST_SECRET")]
    yield from _one("DIGEST_INBOUND_SECRET", held.pop("DIGEST_INBOUND_SECRET", ())) or [
        missing("note", "DIGEST_INBOUND_SECRET", CLOSED)
    ]
    for name, keys in held.items():
        yield from _one(name, keys)
    yield from _used_twice(secrets(scope.settings))


def secrets(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The secrets that are set, by the names of their variables: each is a list, and never shown."""
    return {
        f"DIGEST_{field.name.upper()}": value
        for field in fields(settings)
        if not field.repr and isinstance(value := getattr(settings, field.name), tuple) and value
    }


def _one(name: str, keys: tuple[str, ...]) -> list[Finding]:
    if not keys:
        return []
    if any(len(set(key)) < FEW for key in keys):
        return [
            wrong(N_("%(name)s can be guessed: it has few different characters. Make a new one."), name=name)
        ]
    if any(len(key) < GOOD_LENGTH for key in keys):
        return [
            note(
                N_("%(name)s: set (hidden), but shorter than %(length)s characters. Make a longer one."),
                name=name,
                length=GOOD_LENGTH,
            )
        ]
    if len(keys) > 1:
        more = len(keys) - 1
        return [ok(N_("%(name)s: set (hidden), and %(more)s more that are still read"), name=name, more=more)]
    return [ok(N_("%(name)s: set (hidden)"), name=name)]


def _used_twice(held: dict[str, tuple[str, ...]]) -> Iterator[Finding]:
    names = list(held)
    for at, name in enumerate(names):
        for other in names[at + 1 :]:
            if set(held[name]) & set(held[other]):
                yield wrong(
                    N_("%(name)s and %(other)s share a secret. Whoever learns one has both: make another."),
                    name=name,
                    other=other,
                )
