"""Owns Amazon SES's door: what SES receives or reports comes through topics of Amazon SNS that DIGEST_SES_TOPICS names.
It must never read a page for a topic that is not listed: anybody may subscribe this address to a topic of his own.

SNS takes every 4xx for final; after a 5xx it tries again for as long as the topic's retry policy says, at most an hour.

200  stored, or stored already; a message without content, of which the header is stored; events of no concern; a
     subscription confirmed
401  unsigned or forged · 413  more than SNS ever sends
503  what can be mended or may pass: not switched on; a topic that is not listed; older than a dead-letter queue keeps
     anything; broken off; not readable; the certificate or the database cannot be reached
"""

from __future__ import annotations

import base64
import binascii
import logging
from datetime import datetime
from typing import Any

from digest import clock
from digest.inbound.envelope import clean_address, envelope
from digest.inbound.events.ses import reports
from digest.inbound.requests.json_body import at, items, load, loads, raw_bytes, text
from digest.inbound.requests.provider import USUAL, Answers, Arrival, Delivery, Refused, Request
from digest.inbound.requests.sns import is_of_amazon, verify
from digest.settings import Settings

log = logging.getLogger(__name__)

ANSWERS: Answers = {**dict.fromkeys(USUAL, 503), "unauthentic": 401, "too large": 413}
LARGEST = 1024 * 1024  # bytes; SNS itself takes 256 KiB
#: Seconds: a dead-letter queue keeps for fourteen days, and what comes twice is stored once.
OLDEST = 15 * 24 * 3600
VERDICTS = {"PASS": "pass", "FAIL": "fail", "GRAY": "none", "PROCESSING_FAILED": "temperror"}


def is_configured(settings: Settings) -> bool:
    return bool(settings.ses_topics)


def read(request: Request, settings: Settings) -> Delivery:
    """A message for its recipients, or reports; a subscription is confirmed by the way. Raises Refused, Transient."""
    body = load(request, LARGEST)
    if text(body, "TopicArn") not in settings.ses_topics:
        raise Refused("closed", "This topic is not listed in DIGEST_SES_TOPICS.")
    for name, header in (("Type", "x-amz-sns-message-type"), ("MessageId", "x-amz-sns-message-id")):
        if text(body, name) != request.headers.get(header, ""):
            raise Refused("unauthentic", "Header and body do not fit together.")
    verify(body, request.fetch)
    if text(body, "Type") == "Notification":
        return Delivery(_arrivals(at(body, "Message")), _is_fresh(text(body, "Timestamp")))
    _confirm(body, request)
    return Delivery([])


def _confirm(body: Any, request: Request) -> None:
    if text(body, "Type") != "SubscriptionConfirmation":
        log.warning("Amazon SNS says that this address was unsubscribed from a topic of ours")
        return
    if not is_of_amazon(text(body, "SubscribeURL")):
        raise Refused("unauthentic", "The page that confirms does not lie at Amazon SNS.")
    request.fetch(text(body, "SubscribeURL"))


def _is_fresh(timestamp: str) -> bool:
    try:
        return (clock.real_now() - datetime.fromisoformat(timestamp)).total_seconds() <= OLDEST
    except (ValueError, TypeError):
        return False


def _arrivals(message: Any) -> list[Arrival]:
    if not isinstance(message, str) or not message.startswith("{"):
        return []  # after a confirmation SES sends a sentence
    body = loads(message)
    if text(body, "notificationType") != "Received":
        return list(reports(body))
    named = items(body, "receipt", "recipients") or items(body, "mail", "destination")
    recipients = [clean_address(one) for one in named if isinstance(one, str) and "@" in one]
    if not recipients:
        raise Refused("no message", "The notification names no recipient.")
    raw, mail_from, verdicts = _content(body), at(body, "mail", "source"), _verdicts(body)
    mail_from = clean_address(mail_from) if isinstance(mail_from, str) else None
    return [envelope(mail_from, rcpt_to, raw, "ses", verdicts) for rcpt_to in recipients]


def _content(body: Any) -> bytes:
    """The raw message; where the rule keeps it elsewhere (an S3 action), its header, so that it stands recorded."""
    content = at(body, "content")
    if not isinstance(content, str):
        log.error("Amazon SES sent no content: the receipt rule needs an SNS action, not one of S3")
        fields = (f"{text(one, 'name')}: {text(one, 'value')}\r\n" for one in items(body, "mail", "headers"))
        return raw_bytes("".join(fields) + "\r\n")
    if text(body, "receipt", "action", "encoding").upper() != "BASE64":
        return raw_bytes(content)
    try:
        return base64.b64decode(content)
    except (binascii.Error, ValueError):
        raise Refused("no message", "The content is not base64.") from None


def _verdicts(body: Any) -> dict[str, str]:
    said = {
        method: text(body, "receipt", f"{method}Verdict", "status") for method in ("spf", "dkim", "dmarc")
    }
    policy = text(body, "receipt", "dmarcPolicy").lower()  # of the sender's domain, told where DMARC fails
    known = {method: VERDICTS[status] for method, status in said.items() if status in VERDICTS}
    return known | ({"policy.dmarc": policy} if policy else {})
