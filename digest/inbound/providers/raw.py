"""Owns the raw door: one message as bytes, signed by your own mail server or a script. It must never know
another provider.

Content-Type: message/rfc822, with X-Digest-Mail-From the envelope sender, empty for the null reverse-path
X-Digest-Rcpt-To the envelope recipient, one X-Digest-Timestamp Unix seconds X-Digest-Signature hex
HMAC-SHA256 with DIGEST_INBOUND_SECRET over timestamp, newline, mail_from, newline, rcpt_to, newline, body
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from digest import clock
from digest.inbound.envelope import LARGEST_MESSAGE, STUB, Envelope
from digest.inbound.provider import Refused, Request
from digest.settings import Settings

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


def authenticate(request: Request, settings: Settings) -> bool:
    """Whether the timestamp is within five minutes. Raises Refused(401) where the signature is missing or
    wrong."""
    timestamp = request.headers.get("x-digest-timestamp", "")
    given = request.headers.get("x-digest-signature", "").lower().encode()
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15 and given):
        raise Refused(401, "The request is not signed: X-Digest-Timestamp and X-Digest-Signature are needed.")
    wanted = [
        signature(key, timestamp, *_addresses(request), request.pieces()).encode()
        for key in settings.inbound_secret
    ]
    if not any(hmac.compare_digest(code, given) for code in wanted):
        raise Refused(401, "The signature does not fit. Check DIGEST_INBOUND_SECRET on both sides.")
    return abs(clock.real_now().timestamp() - int(timestamp)) <= WINDOW


def extract(request: Request) -> list[Envelope]:
    """One envelope. Raises Refused(415) for another content type, Refused(422) for what is no message."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "message/rfc822":
        raise Refused(415, "Send the raw message with Content-Type: message/rfc822.")
    mail_from, rcpt_to = _addresses(request)
    if "@" not in rcpt_to or len(rcpt_to) > LONGEST_ADDRESS or len(mail_from) > LONGEST_ADDRESS:
        raise Refused(422, "X-Digest-Rcpt-To is not an address.")
    raw, digest = _body(request)
    if not looks_like_a_message(raw):
        raise Refused(422, "The body is not a message: it has no header field.")
    return [Envelope(mail_from, rcpt_to, raw, request.size, digest, "raw")]


def _addresses(request: Request) -> tuple[str, str]:
    mail_from = request.headers.get("x-digest-mail-from", "").strip().strip("<>")
    return mail_from, request.headers.get("x-digest-rcpt-to", "").strip().strip("<>")


def _body(request: Request) -> tuple[bytes, str]:
    """(the message, or its head where it is over the cap; the SHA-256 of all of it)."""
    kept, code = bytearray(), hashlib.sha256()
    most = LARGEST_MESSAGE if request.size <= LARGEST_MESSAGE else STUB
    for piece in request.pieces():
        code.update(piece)
        kept += piece[: max(0, most - len(kept))]
    return bytes(kept), code.hexdigest()


def looks_like_a_message(raw: bytes) -> bool:
    """Whether the first line is a header field (RFC 5322, section 2.2), or an mbox "From " line."""
    first = raw[:2000].lstrip(b"\r\n").partition(b"\n")[0]
    name, colon, _ = first.partition(b":")
    is_field = bool(colon) and bool(name) and all(33 <= byte <= 126 for byte in name.rstrip(b" \t"))
    return is_field or first.startswith(b"From ")
