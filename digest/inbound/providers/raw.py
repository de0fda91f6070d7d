"""Owns the raw door: one message as bytes, signed by your own mail server or a script. It must never know
another provider.

200  stored, or stored already, at any age of the signature
400  the body broke off · 401  unsigned, forged or stale · 404  not switched on · 413  beyond what is read at all
415  another content type · 422  no message in it · 503  the database is away: try again

Content-Type: message/rfc822, with X-Digest-Mail-From the envelope sender, empty for the null reverse-path
X-Digest-Rcpt-To the envelope recipient, one X-Digest-Timestamp Unix seconds X-Digest-Signature hex
HMAC-SHA256 with DIGEST_INBOUND_SECRET over timestamp, newline, mail_from, newline, rcpt_to, newline, body
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from digest import clock
from digest.inbound.intake import Intake
from digest.inbound.requests.provider import USUAL, Answers, Delivery, Refused, Request
from digest.settings import Settings

ANSWERS: Answers = USUAL

WINDOW = 300  # seconds, either way
LONGEST_ADDRESS = 1000


def is_configured(settings: Settings) -> bool:
    return bool(settings.inbound_secret)


def signature(secret: str, timestamp: str, mail_from: str, rcpt_to: str, body: Iterable[bytes]) -> str:
    """The hexadecimal HMAC-SHA256 that the door expects; the body may come in pieces."""
    head = f"{timestamp}\n{mail_from}\n{rcpt_to}\n".encode("utf-8", "surrogateescape")
    code = hmac.new(secret.encode(), head, hashlib.sha256)
    for piece in body:
        code.update(piece)
    return code.hexdigest()


def read(request: Request, settings: Settings) -> Delivery:
    """One envelope. Raises Refused for what is unsigned, forged, of another type, or no message."""
    mail_from, rcpt_to = _addresses(request)
    fresh = _authenticate(request, mail_from, rcpt_to, settings)
    if request.content_type != "message/rfc822":
        raise Refused("wrong type", "Send the raw message with Content-Type: message/rfc822.")
    if "@" not in rcpt_to or len(rcpt_to) > LONGEST_ADDRESS or len(mail_from) > LONGEST_ADDRESS:
        raise Refused("no message", "X-Digest-Rcpt-To is not an address.")
    envelope = Intake(request.body.pieces()).envelope(mail_from, rcpt_to, "raw")
    if not looks_like_a_message(envelope.raw):
        raise Refused("no message", "The body is not a message: it has no header field.")
    return Delivery([envelope], fresh)


def _authenticate(request: Request, mail_from: str, rcpt_to: str, settings: Settings) -> bool:
    """Whether the timestamp is within five minutes. Raises Refused where the signature is missing or wrong."""
    timestamp = request.headers.get("x-digest-timestamp", "")
    given = request.headers.get("x-digest-signature", "").lower().encode()
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15 and given):
        raise Refused(
            "unauthentic", "The request is not signed: X-Digest-Timestamp and X-Digest-Signature are needed."
        )
    wanted = [
        signature(key, timestamp, mail_from, rcpt_to, request.body.pieces()).encode()
        for key in settings.inbound_secret
    ]
    if not any(hmac.compare_digest(code, given) for code in wanted):
        raise Refused("unauthentic", "The signature does not fit. Check DIGEST_INBOUND_SECRET on both sides.")
    return abs(clock.real_now().timestamp() - int(timestamp)) <= WINDOW


def _addresses(request: Request) -> tuple[str, str]:
    return _address(request, "x-digest-mail-from"), _address(request, "x-digest-rcpt-to")


def _address(request: Request, name: str) -> str:
    """Its bytes reach us as ISO 8859-1 (PEP 3333); beyond ASCII an address is UTF-8 (RFC 6532, section 3.2)."""
    value = request.headers.get(name, "").strip().strip("<>")
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def looks_like_a_message(raw: bytes) -> bool:
    """Whether the first line is a header field (RFC 5322, section 2.2), or an mbox "From " line."""
    first = raw[:2000].lstrip(b"\r\n").partition(b"\n")[0]
    name, colon, _ = first.partition(b":")
    is_field = bool(colon) and bool(name) and all(33 <= byte <= 126 for byte in name.rstrip(b" \t"))
    return is_field or first.startswith(b"From ")
