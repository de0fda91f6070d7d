"""Owns what `digest check` does besides looking: the round trip of a test message, and the link to the operator's page.
It must never print a secret but the link that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from digest import clock, start
from digest.checking import round_trip
from digest.checking.finding import Finding
from digest.checking.operator_link import OPEN_FOR, mint
from digest.errors import Misuse


def way_and_back(address: str | None, patience: float) -> Iterator[Finding]:
    """The findings of a round trip as they come. Raises Misuse for a missing setting, and any error of the database."""
    if address is not None and address.count("@") != 1:
        raise Misuse(f"{address!r} is not an address. Leave it out, or write it like test@example.com.")
    start.log_errors_alone()
    settings = start.settings(*start.TO_SEND)
    with closing(start.database(settings)) as database:
        yield from round_trip.findings(database, settings, address, patience)


def link() -> list[str]:
    """The address of the operator's page, and until when it opens. Raises Misuse where there is no web address."""
    settings = start.settings("DIGEST_SECRET")
    if not settings.base_url:
        raise Misuse("DIGEST_BASE_URL is not set, so there are no pages.")
    until = clock.real_now() + OPEN_FOR
    return [
        f"{settings.base_url}/operator/{mint(until, settings.secret)}",
        f"Whoever has this address can open the page until {until:%Y-%m-%d %H:%M} UTC.",
    ]
