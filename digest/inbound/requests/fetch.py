"""Owns the only page that a door ever reads from the network: one GET over TLS, short, without redirects.
It must never decide which address may be read.
"""

from __future__ import annotations

import http.client
import ssl
import time
from urllib.parse import urlsplit

from digest import trust
from digest.errors import Transient

PATIENCE = 5.0  # seconds; Amazon SNS waits fifteen for our answer
LONGEST = 64 * 1024  # bytes; what is longer is cut


def fetch(url: str, *, trusted: ssl.SSLContext | None = None, patience: float = PATIENCE) -> bytes:
    """The body behind an https URL. Raises Transient for anything but 200, and where it does not come in time."""
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection = http.client.HTTPSConnection(
        parts.hostname or "",
        parts.port or 443,
        timeout=patience,
        context=trusted or trust.context(),
    )
    try:
        connection.request("GET", target)
        return _body(connection.getresponse(), time.monotonic() + patience)
    except (OSError, http.client.HTTPException) as error:
        raise Transient(f"{parts.hostname} could not be asked: {type(error).__name__}.") from None
    finally:
        connection.close()


def _body(response: http.client.HTTPResponse, until: float) -> bytes:
    if response.status != http.client.OK:
        raise Transient(f"The page was answered with {response.status}.")
    body = b""
    while len(body) < LONGEST and (piece := response.read1(LONGEST)):
        body += piece
        if time.monotonic() > until:
            raise Transient("The page does not come in time.")
    return body[:LONGEST]
