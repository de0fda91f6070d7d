"""Owns the values of filing: what lies on the table (Case), and how it ended (Outcome). It must never
change a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from digest.domain.groups.group import Member
from digest.domain.groups.notice import notice, notify_all
from digest.domain.mails.record import InboundMessage, InboundState, OutboundMessage
from digest.domain.questions.question import Answer
from digest.domain.rounds.entry import Section
from digest.reading.meaning.interpret import Reading


@dataclass(frozen=True)
class Outcome:
    """The state in which a message ends, the reason where it was not filed, what its writer wanted, and the round that
    it counts for.
    """

    state: InboundState
    reason: str | None = None
    intent: str | None = None
    round_id: int | None = None


FILED = Outcome("filed")
#: A mail server delivers again what it does not know to have arrived: under the same words, with a header of its own.
REPEATED = Outcome("dropped", "repeated")


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
        notify_all(self.session, [self.saying(kind, occasion, **facts)])

    def saying(self, kind: str, occasion: str | None = None, **facts: Any) -> dict[str, Any]:
        """Such a mail, to be owed with others by `notify_all`."""
        due_to = occasion or f"inbound:{self.row.id}"
        return notice(self.member.id, kind, due_to, self.now, inbound_id=self.row.id, **facts)

    def say_what_was_shown(self, sections: Sequence[Section], answers: Sequence[Answer]) -> bool:
        """Without her name from now on: whether others had seen something of it with her name, and she is told so."""
        named = [part.shown_at for part in sections if part.shown_with_name and part.withdrawn_at is None]
        named += [part.seen_at for part in answers if not part.anonymous and part.is_standing]
        seen = [at for at in named if at is not None]
        if seen:
            self.say("anonymous_noted", shown_at=max(seen).isoformat())
        return bool(seen)
