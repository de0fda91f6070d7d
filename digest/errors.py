"""Owns the one tree of errors: each carries a sentence for the person who can act on it. It must never know
HTTP or SMTP.
"""

from __future__ import annotations


class DigestError(Exception):
    """Something that somebody has to know: `str(error)` is one sentence that says what is wrong and what to
    do.
    """

    enhanced_status = "5.0.0"  # RFC 3463


class Permanent(DigestError):
    """Trying again will not help."""


class Transient(DigestError):
    """Trying again later may help."""

    enhanced_status = "4.0.0"


class Misuse(Permanent):
    """A command, a form or a setting that cannot be carried out as given."""


class Unreadable(Permanent):
    """Bytes that are no message, or one beyond the limits; `reason` is a short stable word for the record."""

    enhanced_status = "5.6.0"

    def __init__(self, reason: str, sentence: str = "This is not a message that can be read.") -> None:
        super().__init__(sentence)
        self.reason = reason
