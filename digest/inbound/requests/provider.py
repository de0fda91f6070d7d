"""Owns what a provider's file offers to the HTTP door: to read a request, and the status for each way it may end.
It must never name a provider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from werkzeug.datastructures import Headers

from digest.inbound.delivery_report import DeliveryReport
from digest.inbound.envelope import Envelope
from digest.inbound.requests.fetch import fetch
from digest.settings import Settings

Why = Literal[
    "closed",  # the door is not switched on
    "unauthentic",  # unsigned or forged
    "stale",  # signed, but too long ago, and not stored already
    "replayed",  # its token came before with something else
    "broken off",  # the body is not as long as was said
    "too large",  # beyond what is read at all
    "wrong type",  # another content type
    "no message",  # authentic, and nothing in it to store
    "away",  # the database cannot be used
]

Answers = Mapping[Why, int]  # HTTP statuses

#: For a sender that tries again after every status but 2xx; each provider names where it differs.
USUAL: Answers = {
    "closed": 404,
    "unauthentic": 401,
    "stale": 401,
    "replayed": 401,
    "broken off": 400,
    "too large": 413,
    "wrong type": 415,
    "no message": 422,
    "away": 503,
}


class Posted(Protocol):
    """The body of a request. To look at it takes it in, and raises Refused where that is not possible."""

    def size(self) -> int:
        """How many bytes there are."""
        ...

    def pieces(self) -> Iterator[bytes]:
        """All of it, each time."""
        ...


@dataclass(frozen=True)
class Request:
    """An HTTP request as providers see it; `fetch` reads a page of the provider's own."""

    headers: Headers
    body: Posted
    fetch: Callable[[str], bytes] = fetch

    @property
    def content_type(self) -> str:
        """Without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass  # not frozen: Python writes the traceback into it
class Refused(Exception):
    """A request that is not let in: the provider's table says with which status, `sentence` says why."""

    why: Why
    sentence: str


Arrival = Envelope | DeliveryReport


@dataclass(frozen=True)
class Delivery:
    """What an authentic request holds. Where it is not `fresh`, only what is stored already is thanked for.

    `token` is for a signature that does not cover the body: with one token only one body is let in.
    """

    arrivals: Sequence[Arrival]
    fresh: bool = True
    token: str | None = field(default=None, repr=False)


class Provider(Protocol):
    """A module under `providers/` has these."""

    ANSWERS: Answers

    def is_configured(self, settings: Settings) -> bool:
        """Whether the administrator switched this door on."""
        ...

    def read(self, request: Request, settings: Settings) -> Delivery:
        """The messages and reports in an authentic request. Raises Refused, or Transient where it should come again."""
        ...
