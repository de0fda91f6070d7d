"""Owns what a provider's file offers to the HTTP door: check a request, and take envelopes out of it.
It must never name a provider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from digest.inbound.delivery_report import DeliveryReport
from digest.inbound.envelope import Envelope
from digest.settings import Settings


@dataclass(frozen=True)
class Request:
    """An HTTP request as providers see it: header names in lower case; `pieces()` yields the body again each time."""

    headers: Mapping[str, str]
    size: int  # bytes of the body
    pieces: Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Refused(Exception):
    """A request that is not let in: `status` is the HTTP answer, `sentence` says why."""

    status: int
    sentence: str


Arrival = Envelope | DeliveryReport


class Provider(Protocol):
    """A module under `providers/` has these three functions."""

    def is_configured(self, settings: Settings) -> bool:
        """Whether the administrator switched this door on."""
        ...

    def authenticate(self, request: Request, settings: Settings) -> bool:
        """Whether the request is fresh. Raises Refused(401) where it is unsigned or forged."""
        ...

    def extract(self, request: Request) -> Sequence[Arrival]:
        """The messages and reports in it. Raises Refused(415 or 422) where it holds neither."""
        ...
