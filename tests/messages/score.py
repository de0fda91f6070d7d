"""Owns when a reading counts as wholly right: every key, under one of the accepted readings. Never reads a message."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = dict[str, Any]
HERE = Path(__file__).parent
KEYS = ("reply", "intent", "tried", "failed", "questions", "anonymous", "automatic", "language")
WHERE_GIVEN = ("command", "numbered", "helps")
BULLETS = "-–•*·▪ "


@dataclass(frozen=True)
class Specimen:
    """One message of the set: its bytes and what is expected of whoever reads it."""

    name: str
    raw: bytes
    expected: Record

    @property
    def mail_from(self) -> str | None:
        """The envelope sender, '' for the null reverse-path, None where it is not known."""
        found = self.expected.get("mail_from")
        return None if found is None else str(found)

    def sent(self) -> bytes | None:
        """The mail of ours that is answered."""
        name = self.expected["about"].get("sent")
        return (HERE / "sent" / f"{name}.eml").read_bytes() if name else None


def messages(folder: str) -> Iterator[Specimen]:
    """The messages of `replies` or `automatic`, by name."""
    for path in sorted((HERE / folder).glob("*.eml")):
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        yield Specimen(path.stem, path.read_bytes(), expected)


def wrong(expected: Record, got: Record) -> tuple[str, ...]:
    """The keys that are wrong under the accepted reading that comes nearest; none: wholly right."""
    return min((_wrong(reading, got) for reading in _readings(expected)), key=len)


def _readings(expected: Record) -> Iterator[Record]:
    yield expected
    for other in expected.get("accepted", []):
        yield {**expected, **other}


def _wrong(expected: Record, got: Record) -> tuple[str, ...]:
    given = [
        key
        for key in WHERE_GIVEN
        if key in expected and (key != "command" or expected["intent"] == "command")
    ]
    keys = [
        *(key for key in KEYS if key in expected),
        *given,
    ]  # of automatic mail only its nature is expected
    loose = expected.get("bullets") == "any"
    return tuple(key for key in keys if not _same(expected, got, key, loose))


def _same(expected: Record, got: Record, key: str, loose: bool) -> bool:
    allowed = [expected[key], *expected.get(f"accepted_{key}", [])]
    if key == "language" and "*" in allowed:
        return True
    return _plain(got[key], loose) in [_plain(value, loose) for value in allowed]


def _plain(value: Any, loose: bool) -> Any:
    if isinstance(value, str):
        return _spaced(value, loose)
    if isinstance(value, list | tuple):
        return [_plain(item, loose) for item in value]
    return value


def _spaced(text: str, loose: bool) -> str:
    """Composed, without soft hyphens and marks of direction, each run of white space one space."""
    composed = "".join(
        char for char in unicodedata.normalize("NFC", text) if char not in "\u200b\u200e\u200f\u00ad\ufeff"
    )
    lines = composed.split("\n")
    return " ".join(" ".join(line.strip().lstrip(BULLETS) if loose else line for line in lines).split())
