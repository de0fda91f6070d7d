"""Owns Mailgun's door: a route to .../inbound/mailgun/mime (raw MIME), and webhooks to .../inbound/mailgun.
It must never let a second body in by one token: the signature covers timestamp and token alone.

Mailgun tries again for eight hours after any status but 200 and 406.

200  stored, or stored already, at any age of the signature; an event that is of no concern
400  the body broke off · 404  not switched on · 503  the database is away
401  unsigned, forged, or older than Mailgun tries: DIGEST_MAILGUN_SIGNING_KEY can be mended meanwhile
406  never again: its token came with another body, or it is beyond what is read at all
422  a route whose address does not end in /mime sends no raw message: it can be mended meanwhile

It hands over no verdicts: its words on SPF and DKIM stand in the message, where a sender may have written them.
"""

from __future__ import annotations

import hashlib
import hmac

from digest import clock
from digest.inbound.envelope import clean_address
from digest.inbound.events.mailgun import report
from digest.inbound.requests import json_body
from digest.inbound.requests.form import Form, read_form
from digest.inbound.requests.provider import USUAL, Answers, Delivery, Refused, Request
from digest.settings import Settings

ANSWERS: Answers = {**USUAL, "replayed": 406, "too large": 406, "wrong type": 401}
#: Seconds: whether a second try is signed anew is not documented, and they end after eight hours.
OLDEST = 9 * 3600
NEWEST = 15 * 60
LARGEST_EVENT = 1024 * 1024


def is_configured(settings: Settings) -> bool:
    return bool(settings.mailgun_signing_key)


def read(request: Request, settings: Settings) -> Delivery:
    """A message for its recipients, or one event. Raises Refused."""
    if request.content_type == "application/json":
        return _event(json_body.load(request, LARGEST_EVENT), settings)
    return _message(read_form(request, "body-mime"), settings)


def _message(form: Form, settings: Settings) -> Delivery:
    token = form.text("token") or ""
    fresh = _is_fresh(settings, form.text("timestamp") or "", token, form.text("signature") or "")
    recipients = [clean_address(one) for one in (form.text("recipient") or "").split(",") if "@" in one]
    if form.message is None or not recipients:
        raise Refused(
            "no message", "No raw message: let the address of the route end in /inbound/mailgun/mime."
        )
    sender = form.text("sender")
    mail_from = clean_address(sender) if sender is not None else None
    envelopes = [form.message.envelope(mail_from, rcpt_to, "mailgun") for rcpt_to in recipients]
    return Delivery(envelopes, fresh, token)


def _event(body: object, settings: Settings) -> Delivery:
    timestamp, token, given = (
        json_body.text(body, "signature", name) for name in ("timestamp", "token", "signature")
    )
    fresh = _is_fresh(settings, timestamp, token, given)
    return Delivery(report(json_body.at(body, "event-data"), token), fresh, token)


def _is_fresh(settings: Settings, timestamp: str, token: str, given: str) -> bool:
    """Raises Refused where the signature is missing or wrong."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15 and token and given):
        raise Refused("unauthentic", "The request is not signed.")
    signed = (timestamp + token).encode("utf-8", "surrogateescape")
    wanted = [
        hmac.new(key.encode(), signed, hashlib.sha256).hexdigest().encode()
        for key in settings.mailgun_signing_key
    ]
    if not any(
        hmac.compare_digest(code, given.lower().encode("utf-8", "surrogateescape")) for code in wanted
    ):
        raise Refused("unauthentic", "The signature does not fit. Check DIGEST_MAILGUN_SIGNING_KEY.")
    age = clock.real_now().timestamp() - int(timestamp)
    return -NEWEST <= age <= OLDEST
