"""Owns the doors of a mail server on the same machine for the suite of all doors: LMTP on loopback, and the command
behind its pipe. It must never start a mail server: `test_postfix.py` does."""

from __future__ import annotations

from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import ClassVar

from digest.database import Database, connect
from digest.errors import Transient
from digest.inbound import lmtp
from digest.listening import bound, place
from digest.settings import Settings
from tests.inbound.given import mail_to_answer
from tests.inbound.letter import TOKEN, Letter
from tests.inbound.lmtp_client import LmtpClient
from tests.parts.command import Operator

NO_PROOF = "it asks for no proof, for only this machine can connect"
EXEMPT = dict.fromkeys(
    ("old secret", "unsigned", "forged", "stale", "replayed", "stale but stored"), NO_PROOF
)


class LmtpDoor:
    name = via = "lmtp"
    exempt: ClassVar = EXEMPT
    answers: ClassVar = {
        "good": ("250 2.0.0", 1),
        "malformed": ("503 5.5.1", 0),
        "duplicate": ("250 2.0.0", 1),
        "oversize": ("552 5.3.4", 0),
        "8-bit": ("250 2.0.0", 1),
        "wrong recipient": ("550 5.1.1", 0),
        "away": ("451 4.3.0", 0),
    }

    def __init__(self, database_url: str, folder: Path) -> None:
        del folder
        self._open = ExitStack()
        database = self._open.enter_context(closing(connect(database_url)))
        _give_address(database)
        listening = self._open.enter_context(bound("127.0.0.1", 0))
        settings = Settings(reply_domain="in.example.org")
        self._open.enter_context(lmtp.answering(settings, database, listening))
        self._place = place(listening)

    def bring(self, letter: Letter, how: str = "good") -> object:
        with LmtpClient(self._place) as client:
            if how == "malformed":
                code, said = client.docmd("DATA")
                return f"{code} {said.decode()[:5]}"
            ((answer, text),) = client.deliver(letter.mail_from, [letter.rcpt_to], letter.raw)
            return f"{answer} {text[:5]}"

    def close(self) -> None:
        self._open.close()


class PipeDoor:
    name = via = "pipe"
    exempt: ClassVar = EXEMPT
    answers: ClassVar = {
        "good": (0, 1),
        "malformed": (75, 0),  # the mail server's configuration is wrong
        "duplicate": (0, 1),
        "oversize": (0, 1),
        "8-bit": (0, 1),
        "wrong recipient": (0, 1),
        "away": (75, 0),
    }

    def __init__(self, database_url: str, folder: Path) -> None:
        self._operator = Operator(folder, {"DIGEST_DATABASE_URL": database_url})

    def bring(self, letter: Letter, how: str = "good") -> object:
        option = "--recipient" if how == "malformed" else "--rcpt-to"
        envelope = ["--mail-from", letter.mail_from, option, letter.rcpt_to]
        return self._operator.digest("receive", *envelope, stdin=letter.raw).exit_code

    def close(self) -> None:
        pass


def _give_address(database: Database) -> None:
    """The letter's address is an open one of ours, which this door looks up; nothing else of the suite does."""
    with suppress(Transient):  # where the database is away
        mail_to_answer(database, TOKEN.removeprefix("r-"))
