"""Owns "was this you?": a message from an address that its member does not own is shown to her, and admitted
by her word, and the address remembered where she says so here. It must never let anybody else see it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import flask
from flask import current_app
from sqlalchemy.orm import undefer

from digest.domain.groups import person as people
from digest.domain.mails.record import InboundMessage
from digest.domain.replies.admission import UNKNOWN, UNPROVED, admit, is_in_doubt
from digest.errors import Misuse
from digest.web.visit.verified_link import Visit, nowhere

SHOWN_AT_MOST = 4000  # characters

WordsOf = Callable[[bytes], str]  # what a person sees of a raw message; plugged in by the factory


def show(visit: Visit) -> flask.Response:
    return _page(visit, _held(visit))


def create(visit: Visit) -> flask.Response:
    """Take the message up again as if it had come from her own address; the receipt shows how it was read."""
    held = _held(visit)
    return _page(visit, held, done=admit(held))


def create_and_remember(visit: Visit) -> flask.Response:
    """As `create`; and from now on what comes from that address is hers, unless the address is somebody else's."""
    held = _held(visit)
    address = _new_address(held)
    done = admit(held)
    remembered = (
        done and address and people.add_address(visit.session, visit.member.person, address, visit.now)
    )
    return _page(visit, held, done=done, remembered=bool(remembered))


def _new_address(held: InboundMessage) -> str | None:
    """The one author that the message names, where it is one that can be remembered."""
    if held.reason != UNKNOWN or not held.from_address:
        return None
    try:
        return people.canonical_address(held.from_address)
    except Misuse:
        return None


def _held(visit: Visit) -> InboundMessage:
    message_id = visit.message.about.get("inbound_id") or 0
    held = visit.session.get(InboundMessage, message_id, options=[undefer(InboundMessage.raw)])
    return held if held and held.member_id == visit.member.id else nowhere()


def _page(
    visit: Visit, held: InboundMessage, *, done: bool = False, remembered: bool = False
) -> flask.Response:
    words_of: WordsOf = current_app.extensions["digest.words_of"]
    waiting = is_in_doubt(held)
    said = words_of(zlib.decompress(held.raw)) if waiting and held.raw else ""
    return visit.page(
        "held.html",
        done=done,
        waiting=waiting,
        remembered=remembered,
        unproved=held.reason == UNPROVED,
        may_remember=_new_address(held) is not None,
        sender=held.from_address or held.mail_from,
        received_at=held.received_at,
        said=said[:SHOWN_AT_MOST],
    )
