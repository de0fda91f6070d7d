"""Owns the question whose message this is: the address proves the thread, the sender must be its member.
It must never use To, Cc or a display name for authority.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

SenderDoubt = Literal["sender-unknown", "several-senders", "no-sender"]


def doubt_sender(from_addresses: tuple[str, ...], own_addresses: Collection[str]) -> SenderDoubt | None:
    """Why the message may not be by the member who owns these addresses (lower case); None where it is."""
    match from_addresses:
        case ():
            return "no-sender"
        case (only,):
            return None if only.lower() in own_addresses else "sender-unknown"
        case _:
            return "several-senders"
