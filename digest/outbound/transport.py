"""Owns what a way out offers: hand over one message, say how it went. It must never name a transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Result = Literal["sent", "deferred", "rejected"]


@dataclass(frozen=True)
class DeliveryResult:
    """How the next hop took one message: its enhanced status (RFC 3463) where it gave one, and its words."""

    result: Result
    enhanced_status: str | None = None
    remark: str = ""
    nobody_answers: bool = False  # it would be the same for any other message just now


class Transport(Protocol):
    """One way out. It is used by one thread at a time and may keep a connection between messages."""

    def send(self, mail_from: str, rcpt_to: str, raw: bytes) -> DeliveryResult:
        """Hand over one message to one recipient. Never raises for what the network or the next hop does."""
        ...

    def close(self) -> None:
        """Let go of what is kept open; sending again opens it anew."""
        ...
