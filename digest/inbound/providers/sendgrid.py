"""Owns SendGrid's door: Inbound Parse with "post the raw, full MIME message", and the Event Webhook; each proven by its
ECDSA signature over the body, or by user and password. It must never parse what is not proven.

SendGrid tries again for three days after a 5xx; any 4xx is final, and then the message is lost.

200  stored, or stored already; events that are of no concern
413  beyond what is read at all, which is more than SendGrid takes in
503  everything else that can be mended or may pass: not switched on; unsigned, forged, or signed more than four days
     ago; broken off; no raw message in it; the database is away
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from digest import clock
from digest.inbound.envelope import clean_address
from digest.inbound.events.sendgrid import reports
from digest.inbound.requests import basic_auth, json_body
from digest.inbound.requests.form import Form, read_form
from digest.inbound.requests.provider import USUAL, Answers, Delivery, Refused, Request
from digest.inbound.requests.public_key import signed_by_ecdsa
from digest.settings import Settings

ANSWERS: Answers = {**dict.fromkeys(USUAL, 503), "too large": 413}
OLDEST = 4 * 24 * 3600  # seconds; they try for three days, and what comes twice is stored once anyway
NEWEST = 15 * 60
SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
RESULTS = {"pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"}  # RFC 8601, 2.7


def is_configured(settings: Settings) -> bool:
    return bool(settings.sendgrid_public_key or settings.sendgrid_secret)


def read(request: Request, settings: Settings) -> Delivery:
    """A message for its recipients, or a list of events. Raises Refused."""
    fresh = _authenticate(request, settings)
    if request.content_type == "application/json":
        return Delivery(reports(json_body.load(request)), fresh)
    return Delivery(_message(read_form(request, "email")), fresh)


def _authenticate(request: Request, settings: Settings) -> bool:
    """Whether it is fresh. Raises Refused where neither a signature nor a password proves it."""
    if basic_auth.proves(request, settings.sendgrid_secret):
        return True
    timestamp, signature = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15 and signature):
        raise Refused("unauthentic", "The request is neither signed nor comes with user and password.")
    if not any(
        signed_by_ecdsa(key, signature, chain((timestamp.encode(),), request.body.pieces()))
        for key in settings.sendgrid_public_key
    ):
        raise Refused("unauthentic", "The signature does not fit. Check DIGEST_SENDGRID_PUBLIC_KEY.")
    return -NEWEST <= clock.real_now().timestamp() - int(timestamp) <= OLDEST


def _message(form: Form) -> list[Any]:
    said = json_body.loads(form.text("envelope") or "null")
    named = json_body.items(said, "to")
    recipients = [clean_address(one) for one in named if isinstance(one, str) and "@" in one]
    if form.message is None or not recipients:
        raise Refused("no message", 'No raw message: check "POST the raw, full MIME message".')
    mail_from = json_body.at(said, "from")
    mail_from = clean_address(mail_from) if isinstance(mail_from, str) else None
    verdicts = _verdicts(form)
    return [form.message.envelope(mail_from, rcpt_to, "sendgrid", verdicts) for rcpt_to in recipients]


def _verdicts(form: Form) -> dict[str, str]:
    """`SPF` is a word, `dkim` such as {@example.com : pass}; of several signatures the worst counts."""
    spf = (form.text("SPF") or "").lower()
    signatures = [one.rpartition(":")[2].strip(" }") for one in (form.text("dkim") or "").lower().split(",")]
    dkim = "pass" if set(signatures) == {"pass"} else next((one for one in signatures if one != "pass"), "")
    return {method: said for method, said in (("spf", spf), ("dkim", dkim)) if said in RESULTS}
