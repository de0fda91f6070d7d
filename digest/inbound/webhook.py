"""Owns the HTTP door: POST /inbound/<provider>; it asks four things: configured? authentic? well-formed?
stored?
It must never parse a message or import `process`.

200  stored; also what is stored already, at any age of its signature, and what is over the size cap (kept as a stub)
400  the body broke off
401  unsigned, forged or stale: the operator can still mend it while the sender tries again
404  a provider that is not known or not switched on
413  beyond what is read at all
415  another content type
422  no message in it: trying again will not help
503  the database is away: try again, nothing was taken
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

import flask
from flask import Blueprint, current_app

from digest.database import Database
from digest.errors import Transient
from digest.inbound import accept, bounce
from digest.inbound.envelope import LARGEST_MESSAGE, Envelope
from digest.inbound.provider import Arrival, Provider, Refused, Request
from digest.inbound.providers import raw
from digest.settings import Settings

PROVIDERS: dict[str, Provider] = {"raw": raw}
RETRY_AFTER = "60"  # seconds
CHUNK = 64 * 1024
KEPT_IN_MEMORY = 1024 * 1024
READ_AT_MOST = 4 * LARGEST_MESSAGE

door = Blueprint("inbound", __name__)


@door.post("/inbound/<name>")
def receive(name: str) -> flask.Response:
    settings: Settings = current_app.extensions["digest.settings"]
    provider = PROVIDERS.get(name)
    if provider is None or not provider.is_configured(settings):
        return _answer(404, "This way in is not switched on.")
    with tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY) as body:
        try:
            return _let_in(provider, _read(body), settings, current_app.extensions["digest.database"])
        except Refused as refused:
            return _answer(refused.status, refused.sentence)
        except Transient as error:
            current_app.logger.error("inbound/%s: not stored: %s", name, error)
            return _answer(503, "The message could not be stored. Try again.")


def _let_in(provider: Provider, request: Request, settings: Settings, database: Database) -> flask.Response:
    fresh = provider.authenticate(request, settings)
    arrivals = provider.extract(request)
    if not fresh and not all(_is_known(database, arrival) for arrival in arrivals):
        return _answer(401, "The timestamp is too far from now. Check the clocks on both sides.")
    for arrival in arrivals:
        _take(database, arrival)
    return _answer(200, "Stored.")


def _is_known(database: Database, arrival: Arrival) -> bool:
    return isinstance(arrival, Envelope) and accept.is_stored(database, arrival)


def _take(database: Database, arrival: Arrival) -> None:
    if isinstance(arrival, Envelope):
        accept.accept(database, arrival)
    else:
        bounce.take(database, arrival)


def _read(body: IO[bytes]) -> Request:
    """The request with its body on hand. Raises Refused(413) beyond all bounds, Refused(400) where it broke off."""
    size = 0
    stream = flask.request.stream
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > READ_AT_MOST:
            raise Refused(413, f"More than {READ_AT_MOST // 1024 // 1024} MiB are not read.")
        body.write(piece)
    if flask.request.content_length not in (None, size):
        raise Refused(400, "The body broke off.")
    headers = {name.lower(): value for name, value in flask.request.headers}
    return Request(headers, size, lambda: _pieces(body))


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    body.seek(0)
    while piece := body.read(CHUNK):
        yield piece


def _answer(status: int, sentence: str) -> flask.Response:
    answer = flask.Response(sentence + "\n", status, mimetype="text/plain")
    if status == 503:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer
