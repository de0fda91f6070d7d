"""Owns the proof by user and password in a request's header (RFC 7617). It must never know whose they are."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence

from digest.inbound.requests.provider import Request


def proves(request: Request, secrets: Sequence[str]) -> bool:
    """Whether the request carries one of the secrets, each written user:password."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        pair = base64.b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    fits = [hmac.compare_digest(secret.encode(), pair) for secret in secrets]
    return scheme.lower() == "basic" and any(fits)
