"""Owns the mailbox that is read by IMAP for the suite of all doors. It must never start a server of its own."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import pytest

from digest.database import connect
from digest.errors import Transient
from digest.inbound.imap.watch import look_once
from digest.settings import ImapSettings, Settings
from tests.inbound.letter import Letter
from tests.parts.dovecot import NoDovecot, shared_dovecot

NO_PROOF = "the login is the proof, and the mailbox takes whatever a mail server brings"
EXEMPT = dict.fromkeys(
    ("old secret", "unsigned", "forged", "stale", "replayed", "stale but stored", "malformed"), NO_PROOF
)


class ImapDoor:
    """It answers nobody: a message is "moved" when it is stored, and "left" where it lies otherwise."""

    name = via = "imap"
    exempt: ClassVar = EXEMPT
    answers: ClassVar = {
        "good": ("moved", 1),
        "duplicate": ("moved", 1),
        "oversize": ("moved", 1),
        "8-bit": ("moved", 1),
        "wrong recipient": ("left", 0),
        "away": ("left", 0),
    }

    def __init__(self, database_url: str, folder: Path) -> None:
        del folder
        try:
            self._inbox = shared_dovecot().mailbox()
        except NoDovecot as reason:
            pytest.skip(f"NOT TESTED: Dovecot: {reason}")
        self._settings = Settings(reply_address="digest@example.org", imap=ImapSettings(url=self._inbox.url))
        self._database = connect(database_url)

    def bring(self, letter: Letter, how: str = "good") -> object:
        del how
        self._inbox.deliver(delivered(letter))
        with suppress(Transient):
            look_once(self._database, self._settings)
        return "left" if self._inbox.count() else "moved"

    def close(self) -> None:
        self._database.close()


def delivered(letter: Letter) -> bytes:
    """As it lies in the mailbox: the last mail server has written the envelope into it (RFC 5321, section 4.4)."""
    head = f"Return-Path: <{letter.mail_from}>\r\nX-Original-To: {letter.rcpt_to}\r\n"
    return head.encode() + letter.raw
