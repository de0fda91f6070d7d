"""Owns what a way out offers: hand over messages, say how it went. It must never name a transport."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Result = Literal["sent", "deferred", "rejected", "untried"]


@dataclass(frozen=True)
class DeliveryResult:
    """How the next hop took one message: its enhanced status (RFC 3463) where it gave one, and its words.

    "untried" counts against nobody: it was the way, not the mail, and another try may follow at once.
    """

    result: Result
    enhanced_status: str | None = None
    remark: str = ""
    asks_for_less: bool = False  # the recipient's domain wants fewer mails from us for a while


class Message(Protocol):
    """What a transport sees of a mail: its envelope (RFC 5321) and its bytes."""

    @property
    def mail_from(self) -> str: ...
    @property
    def rcpt_to(self) -> str: ...
    @property
    def raw(self) -> bytes: ...


class Transport(Protocol):
    """One way out. It is used by one thread at a time and may keep connections between messages."""

    @property
    def at_once(self) -> int:
        """How many messages it takes at the same moment, 1 or more."""
        ...

    @property
    def per_domain(self) -> int | None:
        """How many of them may go to one recipient domain; None for all of them."""
        ...

    @property
    def is_resting(self) -> bool:
        """Whether the way failed a moment ago and should be left alone for now."""
        ...

    @property
    def trouble(self) -> str | None:
        """What is wrong with the way itself, in a sentence; None while it works."""
        ...

    def send(self, mails: Sequence[Message]) -> list[DeliveryResult]:
        """Hand over each message to its recipient; how each went, in order. Never raises for what the network or
        the next hop does."""
        ...

    def close(self) -> None:
        """Let go of what is kept open; sending again opens it anew."""
        ...
