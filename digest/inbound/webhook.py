"""Owns the HTTP door: POST /inbound/<provider>; it asks four things: configured? authentic? well-formed?
stored?
It must never parse a message or import `process`.

200  stored; also what is stored already, at any age of its signature, what is over the size cap (kept as a stub), and
     events of no concern
404  a provider that is not known
Every other answer stands in the provider's own table, since each of them tries again after different ones.
"""

from __future__ import annotations

from contextlib import closing

import flask
from flask import Blueprint, current_app

from digest.database import Database
from digest.errors import Transient
from digest.inbound import accept, bounce
from digest.inbound.envelope import Envelope
from digest.inbound.providers import mailgun, postmark, raw, sendgrid, ses
from digest.inbound.requests.body import Body
from digest.inbound.requests.fetch import fetch
from digest.inbound.requests.provider import Arrival, Delivery, Provider, Refused, Request
from digest.inbound.requests.replay import Token, spend, token_of
from digest.settings import Settings

PROVIDERS: dict[str, Provider] = {
    "raw": raw,
    "mailgun": mailgun,
    "postmark": postmark,
    "sendgrid": sendgrid,
    "ses": ses,
}
RETRY_AFTER = "60"  # seconds

door = Blueprint("inbound", __name__)


# Mailgun hands over the raw message only where its address ends in "mime".
@door.post("/inbound/<name>")
@door.post("/inbound/<name>/mime")
def receive(name: str) -> flask.Response:
    provider = PROVIDERS.get(name)
    if provider is None:
        return _answer(404, "There is no such way in.")
    try:
        _let_in(
            name,
            provider,
            current_app.extensions["digest.settings"],
            current_app.extensions["digest.database"],
        )
    except Refused as refused:
        current_app.logger.warning("inbound/%s: %s: %s", name, refused.why, refused.sentence)
        return _answer(provider.ANSWERS[refused.why], refused.sentence)
    except Transient as error:
        current_app.logger.error("inbound/%s: not stored: %s", name, error)
        return _answer(provider.ANSWERS["away"], "The message could not be stored. Try again.")
    return _answer(200, "Stored.")


def _let_in(name: str, provider: Provider, settings: Settings, database: Database) -> None:
    if not provider.is_configured(settings):
        raise Refused("closed", "This way in is not switched on.")
    request = flask.request
    with closing(Body(request.stream, request.content_length)) as body:
        fetching = current_app.extensions.get("digest.fetch", fetch)
        delivery = provider.read(Request(request.headers, body, fetching), settings)
    if not delivery.fresh and not _is_known(database, delivery):
        raise Refused("stale", "The timestamp is too far from now. Check the clocks on both sides.")
    token = token_of(name, delivery)
    try:
        for arrival in delivery.arrivals:
            _take(database, arrival, token)
    except Refused:
        if not _is_known(database, delivery):
            raise


def _is_known(database: Database, delivery: Delivery) -> bool:
    return all(
        isinstance(arrival, Envelope) and accept.is_stored(database, arrival) for arrival in delivery.arrivals
    )


def _take(database: Database, arrival: Arrival, token: Token | None) -> None:
    if isinstance(arrival, Envelope):
        accept.accept(database, arrival, token)
        return
    if token is not None:
        with database.transaction() as session:
            spend(session.connection(), token)
    bounce.take(database, arrival)


def _answer(status: int, sentence: str) -> flask.Response:
    answer = flask.Response(sentence + "\n", status, mimetype="text/plain")
    if status == 503:
        answer.headers["Retry-After"] = RETRY_AFTER
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Digest"'
    return answer
