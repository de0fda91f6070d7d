"""Owns the question whose message this is: the address proves the thread, the sender must be its member.
It must never use To, Cc or a display name for authority.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy.orm import Session

from digest import reply_address, tokens
from digest.domain.running import round_trip

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


def is_round_trip(session: Session, rcpt_to: str) -> bool:
    """Whether the address is of a test of the way that was begun here, so that nobody is answered."""
    token = reply_address.read_trip(rcpt_to)
    return token is not None and round_trip.was_begun(session, tokens.token_hash(token))
