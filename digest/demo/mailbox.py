"""Owns the mailboxes of the invented members, as the way out filled them. It must never look into the database."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path


@dataclass(frozen=True)
class Mail:
    """One mail in a mailbox; `id` names its file, `arrived` tells which of two mails came later."""

    id: str
    arrived: int
    to: str
    raw: bytes
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def sender(self) -> str:
        return parseaddr(str(self.message["From"]))[0]

    @property
    def sent_at(self) -> datetime:
        return parsedate_to_datetime(str(self.message["Date"]))

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"]).strip()

    @property
    def reply_to(self) -> str:
        return parseaddr(str(self.message["Reply-To"] or self.message["From"]))[1]

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content().replace("\r\n", "\n") if part else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""

    @property
    def header(self) -> str:
        return self.raw.partition(b"\n\n")[0].decode("utf-8", "replace")


class Mailboxes:
    """All mails in a Maildir; a file is read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, Mail] = {}

    def all(self) -> list[Mail]:
        """Every mail, newest first."""
        for path in [*self.folder.glob("new/*"), *self.folder.glob("cur/*")]:
            if path.name not in self._known:
                self._known[path.name] = _read(path)
        return sorted(self._known.values(), key=lambda mail: (mail.sent_at, mail.arrived), reverse=True)

    def of(self, address: str) -> list[Mail]:
        return [mail for mail in self.all() if mail.to == address]

    def find(self, mail_id: str) -> Mail | None:
        return next((mail for mail in self.all() if mail.id == mail_id), None)


def _read(path: Path) -> Mail:
    raw = path.read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return Mail(path.name, path.stat().st_mtime_ns, str(message["Delivered-To"]), raw, message)
