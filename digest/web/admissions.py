"""Owns "was this you?": a message from an address that its member does not own is shown to her, and admitted
by her word. It must never let anybody else see it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import flask
from flask import current_app
from sqlalchemy.orm import undefer

from digest.domain.mail_record import InboundMessage
from digest.web.verified_link import Visit, nowhere

SHOWN_AT_MOST = 4000  # characters

WordsOf = Callable[[bytes], str]  # what a person sees of a raw message; plugged in by the factory


def show(visit: Visit) -> flask.Response:
    return _page(visit, _held(visit))


def create(visit: Visit) -> flask.Response:
    """It is taken up again as if it had come from her own address; the receipt shows how it was read."""
    held = _held(visit)
    done = held.state == "held"
    if done:
        held.state, held.reason, held.admitted, held.attempts = "accepted", None, True, 0
    return _page(visit, held, done=done)


def _held(visit: Visit) -> InboundMessage:
    message_id = visit.message.about.get("inbound_id") or 0
    held = visit.session.get(InboundMessage, message_id, options=[undefer(InboundMessage.raw)])
    return held if held and held.member_id == visit.member.id else nowhere()


def _page(visit: Visit, held: InboundMessage, *, done: bool = False) -> flask.Response:
    words_of: WordsOf = current_app.extensions["digest.words_of"]
    waiting = held.state == "held"
    said = words_of(zlib.decompress(held.raw)) if waiting and held.raw else ""
    return visit.page(
        "held.html",
        done=done,
        waiting=waiting,
        sender=held.mail_from,
        received_at=held.received_at,
        said=said[:SHOWN_AT_MOST],
    )
