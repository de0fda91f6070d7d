"""Owns the values of filing: what lies on the table (Case), and how it ended (Outcome). It must never
change a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from digest.domain.group import Member
from digest.domain.mail_record import InboundMessage, InboundState, OutboundMessage, notify
from digest.reading.meaning.interpret import Reading


@dataclass(frozen=True)
class Outcome:
    """The state in which a message ends, the reason where it was not filed, and what its writer wanted."""

    state: InboundState
    reason: str | None = None
    intent: str | None = None


FILED = Outcome("filed")


@dataclass(frozen=True)
class Case:
    """One reply of one member: the stored row, the mail that it answers, how it was read, and when it came
    in."""

    session: Session
    row: InboundMessage
    thread: OutboundMessage
    member: Member
    reading: Reading
    now: datetime

    @property
    def group_id(self) -> int:
        return self.member.group_id

    def say(self, kind: str, occasion: str | None = None, **facts: Any) -> None:
        """Owe the member a mail about this message."""
        due_to = occasion or f"inbound:{self.row.id}"
        notify(self.session, self.member.id, kind, due_to, self.now, inbound_id=self.row.id, **facts)
