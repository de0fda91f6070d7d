"""Owns that a signature which does not cover the body lets in one body only. It must never commit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import Connection

from digest import clock, tokens
from digest.domain.running.spent_token import spend_token
from digest.inbound.envelope import Envelope
from digest.inbound.requests.provider import Arrival, Delivery, Refused


@dataclass(frozen=True)
class Token:
    """The token of one delivery, bound to what came with it."""

    source: str
    token: str = field(repr=False)
    used_for: str


def token_of(source: str, delivery: Delivery) -> Token | None:
    if delivery.token is None:
        return None
    content = "\n".join(map(_identity, delivery.arrivals))
    return Token(source, delivery.token, hashlib.sha256(content.encode("utf-8", "replace")).hexdigest())


def spend(connection: Connection, token: Token) -> None:
    """Raises Refused where the token came before with something else."""
    token_hash = tokens.token_hash(token.token)
    if not spend_token(connection, token.source, token_hash, token.used_for, clock.real_now()):
        raise Refused("replayed", "This signature was used for something else.")


def _identity(arrival: Arrival) -> str:
    if isinstance(arrival, Envelope):
        return f"{arrival.raw_digest} {arrival.rcpt_to.lower()}"
    return repr(arrival)
