"""Owns Postmark's door: its inbound webhook with the raw message, and its message webhooks, with user and password.
It must never answer 403: after that Postmark gives a message up at once.

Postmark tries again ten times in about ten hours after any status but 200 and 403.

200  stored, or stored already; an event that is of no concern
400  the body broke off · 404  not switched on · 413  beyond what is read at all · 503  the database is away
401  without user and password, or wrong ones: DIGEST_POSTMARK_SECRET can be mended meanwhile
422  no raw message: "Include raw email content in JSON payload" can be switched on meanwhile

It hands over no verdicts: those of its header fields stand beside fields that the sender wrote.
"""

from __future__ import annotations

from typing import Any

from digest.inbound.envelope import clean_address, envelope
from digest.inbound.events.postmark import report
from digest.inbound.requests import basic_auth
from digest.inbound.requests.json_body import at, load, raw_bytes, text
from digest.inbound.requests.provider import USUAL, Answers, Arrival, Delivery, Refused, Request
from digest.settings import Settings

ANSWERS: Answers = USUAL


def is_configured(settings: Settings) -> bool:
    return bool(settings.postmark_secret)


def read(request: Request, settings: Settings) -> Delivery:
    """One message, or one event. Raises Refused."""
    if not basic_auth.proves(request, settings.postmark_secret):
        raise Refused("unauthentic", "User and password do not fit. Check DIGEST_POSTMARK_SECRET.")
    body = load(request)
    if text(body, "RecordType") not in ("", "Inbound"):
        return Delivery(report(body))
    return Delivery([_message(body)])


def _message(body: Any) -> Arrival:
    raw, rcpt_to = at(body, "RawEmail"), clean_address(text(body, "OriginalRecipient"))
    if not isinstance(raw, str) or not raw or "@" not in rcpt_to:
        raise Refused("no message", 'No raw message: switch on "Include raw email content in JSON payload".')
    return envelope(_mail_from(body), rcpt_to, raw_bytes(raw), "postmark")


def _mail_from(body: Any) -> str | None:
    """Postmark writes the envelope sender into the first field; a Return-Path further down is the sender's own."""
    if text(body, "Headers", 0, "Name").lower() != "return-path":
        return None
    return clean_address(text(body, "Headers", 0, "Value"))
