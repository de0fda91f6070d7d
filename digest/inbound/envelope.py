"""Owns the envelope of one message to one recipient: what SMTP said of it (RFC 5321).
It must never look inside the raw message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

LARGEST_MESSAGE = 30 * 1024 * 1024  # bytes; of a larger one only the head is stored
STUB = 64 * 1024
LONGEST_ADDRESS = 1000  # characters


@dataclass(frozen=True)
class Envelope:
    """`mail_from` "" is the null reverse-path, None is unknown.

    `verdicts` are those of a door that checks senders itself: method to result, "dmarc" to "pass" (RFC 8601, 2.7);
    "policy.dmarc" is what the sender's domain asks for: none, quarantine or reject.

    `raw` is the message; its head alone where `size` (bytes) is over the cap. `raw_digest` is the SHA-256 of
    all of it, in hexadecimal.
    """

    mail_from: str | None
    rcpt_to: str
    raw: bytes
    size: int
    raw_digest: str
    via: str
    verdicts: Mapping[str, str] = field(default_factory=dict[str, str])


def envelope(
    mail_from: str | None, rcpt_to: str, raw: bytes, via: str, verdicts: Mapping[str, str] | None = None
) -> Envelope:
    """The envelope of a message that is there as a whole."""
    kept = raw if len(raw) <= LARGEST_MESSAGE else raw[:STUB]
    return Envelope(mail_from, rcpt_to, kept, len(raw), hashlib.sha256(raw).hexdigest(), via, verdicts or {})


def clean_address(address: str) -> str:
    """An address that every database can hold, without the angle brackets of RFC 5321."""
    text = address.encode("utf-8", "backslashreplace").decode()
    return "".join(c for c in text if c.isprintable()).strip().strip("<>")[:LONGEST_ADDRESS]
