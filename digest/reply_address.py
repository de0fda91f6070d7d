"""Owns the addresses by which members answer and ask: a token in the local part. It must never know models."""

from __future__ import annotations

import re
from collections.abc import Iterable

from digest.tokens import RANDOM_LENGTH

REPLY, ASK = "r-", "a-"  # to one mail; to the group, at any time
BOUNCE = "b-"  # the envelope sender of one mail, never an address to write to
TRIP = "t-"  # of a message that the service sends to itself, to see that it comes back
_TOKEN = re.compile(rf"[ra]-([a-z2-7]{{{RANDOM_LENGTH}}})")
_TRIP = re.compile(rf"t-([a-z2-7]{{{RANDOM_LENGTH}}})")
_TRIP_ID = re.compile(rf"<trip\.([a-z2-7]{{{RANDOM_LENGTH}}})@", re.IGNORECASE)
_BOUNCE = re.compile(rf"b-([a-z2-7]{{{RANDOM_LENGTH}}})")
_LOCAL_PART = re.compile(rf"(?<![a-z0-9._-]){_TOKEN.pattern}@")
_OURS = re.compile(
    rf"[^\s<>,;:\"]*?(?<![a-z0-9._-])[rabt]-[a-z2-7]{{{RANDOM_LENGTH}}}@[^\s<>,;:\"]+", re.IGNORECASE
)
_MARK = re.compile(rf"\[\s?#\s?{_TOKEN.pattern}\s?\]")


def mint(
    token: str, *, domain: str | None, address: str | None, prefix: str = REPLY, tag: bool = True
) -> str:
    """r-<token>@domain; or, where there is only one mailbox, its address with the token as detail (RFC 5233), and
    the bare one where it takes none.
    """
    if domain:
        return f"{prefix}{token}@{domain}"
    if not address:
        raise ValueError("neither a reply domain nor a reply address")
    if not tag:
        return address
    local_part, _, host = address.rpartition("@")
    return f"{local_part}+{prefix}{token}@{host}"


def read(rcpt_to: str) -> str | None:
    """The token in an address, whatever its case; None where there is none."""
    return _token_in(rcpt_to, _TOKEN)


def read_bounce(address: str) -> str | None:
    """The token in the envelope sender of a mail of ours; None for any other address."""
    return _token_in(address, _BOUNCE)


def read_trip(rcpt_to: str) -> str | None:
    """The token of a message to ourselves; None for any other address."""
    return _token_in(rcpt_to, _TRIP)


def trip_message_id(token: str, domain: str) -> str:
    """Of a message to ourselves: it is known by it where its address holds no token."""
    return f"<trip.{token}@{domain}>"


def trips_in(message_ids: Iterable[str]) -> list[str]:
    """The tokens of those that are of a message to ourselves."""
    return [found[1].lower() for one in message_ids if (found := _TRIP_ID.match(one))]


def _token_in(rcpt_to: str, form: re.Pattern[str]) -> str | None:
    local_part = rcpt_to.rpartition("@")[0].lower().strip("<> \"'")
    found = form.fullmatch(local_part.rpartition("+")[2])
    return found.group(1) if found else None


def all_in(field: str) -> list[str]:
    """The tokens of all the addresses of ours in an address field."""
    return _LOCAL_PART.findall(field.lower())


def ours_in(field: str) -> list[str]:
    """The addresses of ours in an address field, of whatever kind: to answer, to ask, of a bounce, of a test."""
    return _OURS.findall(field)


def mark(token: str, prefix: str = REPLY) -> str:
    """The token as it stands in the subject of a mail that was begun from a link: [#r-<token>]."""
    return f"[#{prefix}{token}]"


def marks_in(subject: str) -> list[str]:
    """The tokens of the marks in a subject."""
    return _MARK.findall(subject.lower())
