"""Owns what is reported about a mail of ours after it left: by a DSN, by a complaint, or by a provider's event.
It must never decide what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Event = Literal["delivered", "deferred", "failed", "complained"]


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """One event of one mail to one recipient; reported again under the same `event_id` it counts once.

    `failed` is final; `enhanced_status` (RFC 3463) tells why, and `permanent` is the reporter's own word for it where
    it gave no status: True for an address that is no good, False for what may pass, None where it did not say. Where it
    speaks of a block or of a policy instead, its status is 5.7.1: that blames nobody.
    """

    source: str  # the door that it came by: "mailgun", "dsn", "arf"
    event_id: str  # unique within the source
    event: Event
    recipient: str | None = None  # addr_spec, as the reporter names it; complaints often leave it out
    redacted: bool = False  # whether the local part of `recipient` was hidden (RFC 6590)
    message_id: str | None = None  # of the mail that it is about, with its angle brackets
    return_path: str | None = (
        None  # the envelope sender of that mail, which names it where DIGEST_ENVELOPE_FROM=verp
    )
    enhanced_status: str | None = None
    permanent: bool | None = None
    remark: str = ""  # the diagnostic text, for the operator
    refused_by: str | None = None  # the provider's name, where it took the mail and handed it on to nobody
