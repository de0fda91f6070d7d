"""Owns messages whose author is in doubt: the member whom they name may admit one. It must never admit what
was settled otherwise.
"""

from __future__ import annotations

from digest.domain.mails.record import InboundMessage

UNPROVED = "sender-unproved"  # her address, but the message cannot be shown to come from there
UNKNOWN = "sender-unknown"
DOUBTS = (UNKNOWN, "several-senders", "no-sender", UNPROVED)


def is_in_doubt(message: InboundMessage) -> bool:
    return message.state == "held" and message.reason in DOUBTS


def admit(message: InboundMessage) -> bool:
    """Take the message up again as if it had come from her own address; False where there was nothing to decide."""
    if not is_in_doubt(message):
        return False
    message.state, message.reason, message.admitted, message.attempts = "accepted", None, True, 0
    return True
