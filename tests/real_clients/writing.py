"""Owns what is typed into the clients, read from replies.toml, and our mails that are answered. It must never know a
client."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SIGNATURES = {
    "en": {
        "Mira": "Mira Holt\nPackaging, line 2\nPhone +44 20 7946 0018",
        "Ben": "Ben Archer\nShift lead, cold store\nPhone +44 20 7946 0042",
    },
    "de": {
        "Mira": "Mira Voss\nVerpackung, Halle 2\nTel. 030 23125 014",
        "Ben": "Ben Arndt\nSchichtleitung Kühlhaus\nTel. 030 23125 027",
    },
}
WRITERS = {"prompt": "Mira", "digest": "Ben"}


@dataclass(frozen=True)
class Writing:
    """One reply as it is typed: above the quotation, under lines of it (the line's words, then the answer), below it.

    `answers` names the mail (`prompt.en`); `trimmed`: what is quoted behind the last answer is deleted; `settings` are
    the client's, each driver knows its own.
    """

    name: str
    client: str
    answers: str
    above: str = ""
    under: tuple[tuple[str, str], ...] = ()
    below: str = ""
    trimmed: bool = False
    settings: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def locale(self) -> str:
        return self.answers.partition(".")[2]

    @property
    def writer(self) -> str:
        return WRITERS[self.answers.partition(".")[0]]

    @property
    def full_name(self) -> str:
        return self.signature.partition("\n")[0]

    @property
    def address(self) -> str:
        return f"{self.writer.lower()}@firm.example"

    @property
    def signature(self) -> str:
        return SIGNATURES[self.locale][self.writer]

    @property
    def mail(self) -> bytes:
        """The mail of ours that is answered, as it was sent."""
        return sent_file(self.answers).read_bytes()

    @property
    def typed(self) -> tuple[str, ...]:
        """Every line that is typed, in reading order."""
        pieces = (self.above, *(words for _, words in self.under), self.below)
        return tuple(line.strip() for piece in pieces for line in piece.split("\n") if line.strip())


def writings() -> tuple[Writing, ...]:
    """All of replies.toml, in its order."""
    content = tomllib.loads((HERE / "replies.toml").read_text("utf-8"))
    return tuple(_writing(record) for record in content["reply"])


def _writing(record: dict[str, Any]) -> Writing:
    under = tuple((each["line"], _typed(each["text"])) for each in record.pop("under", ()))
    above, below = (_typed(record.pop(key, "")) for key in ("above", "below"))
    return Writing(above=above, under=under, below=below, **record)


def _typed(text: str) -> str:
    return text.removesuffix("\n")


def sent_file(name: str) -> Path:
    return HERE / "sent" / f"{name}.eml"
