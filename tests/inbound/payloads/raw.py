"""Owns posts for the raw door. It must never know what the door makes of them."""

from __future__ import annotations

from digest.inbound.providers.raw import signature
from tests.inbound.letter import Letter
from tests.inbound.payloads import Post


def raw_post(letter: Letter, secret: str, at: int) -> Post:
    headers = {
        "Content-Type": "message/rfc822",
        "X-Digest-Mail-From": letter.mail_from,
        "X-Digest-Rcpt-To": letter.rcpt_to,
        "X-Digest-Timestamp": str(at),
        "X-Digest-Signature": signature(secret, str(at), letter.mail_from, letter.rcpt_to, [letter.raw]),
    }
    return Post("/inbound/raw", headers, letter.raw)
