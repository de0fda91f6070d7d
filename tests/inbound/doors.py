"""Owns every way in as the one suite for all of them drives it (`test_every_door.py`): bring a letter, read the answer.
It must never look into the database.

A new door is a class here or in a file of its own, added to `DOORS`. `answers` says, for each situation, what the door
answers and how many messages are stored afterwards; a situation that cannot come up stands in `exempt` with the reason,
which goes before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from tests.inbound.http_doors import (
    MailgunDoor,
    MailgunUrlencodedDoor,
    PostmarkDoor,
    RawDoor,
    SendgridDoor,
    SesDoor,
)
from tests.inbound.imap_door import ImapDoor, delivered
from tests.inbound.letter import Letter
from tests.inbound.mail_server_doors import LmtpDoor, PipeDoor

#: Each is a way of bringing a letter; the suite brings what has to come before it.
SITUATIONS = {
    "good": "as it should be",
    "old secret": "proven by the older of two secrets",
    "unsigned": "without any proof",
    "forged": "with a proof by a foreign secret",
    "stale": "with a proof that is too old",
    "replayed": "with the proof of the letter before",
    "malformed": "in a form that the door does not know, properly proven",
    "duplicate": "the same letter a second time",
    "oversize": "over the cap of thirty MiB",
    "8-bit": "with bytes that no charset explains",
    "wrong recipient": "to an address that is nobody's",
    "stale but stored": "with a proof that is too old, and stored already",
    "away": "while the database is away",
}

Answer = tuple[object, int]  # (what the door says, how many messages are stored in the end)


class Door(Protocol):
    """One way in. It is opened on a database by its URL, with a folder of its own, and closed at the end."""

    name: str
    via: str  # what stands in InboundMessage.via
    answers: Mapping[str, Answer]
    exempt: Mapping[str, str]

    def bring(self, letter: Letter, how: str = "good") -> object:
        """Bring a letter in one of the SITUATIONS; what the door answers: an HTTP status, an SMTP reply code, an
        exit code, a word."""
        ...

    def close(self) -> None: ...


DoorClass = Callable[[str, Path], Door]

DOORS: dict[str, DoorClass] = {
    "raw": RawDoor,
    "mailgun": MailgunDoor,
    "mailgun as a short form": MailgunUrlencodedDoor,
    "postmark": PostmarkDoor,
    "sendgrid": SendgridDoor,
    "ses": SesDoor,
    "lmtp": LmtpDoor,
    "pipe": PipeDoor,
    "imap": ImapDoor,
}


def as_stored(door: Door, letter: Letter) -> bytes:
    """What is to be stored of a letter: byte for byte what the door was given."""
    return delivered(letter) if isinstance(door, ImapDoor) else letter.raw
