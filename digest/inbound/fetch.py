"""Owns the only page that a door ever reads from the network: one GET over TLS, short, without redirects.
It must never decide which address may be read.
"""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urlsplit

from digest.errors import Transient

PATIENCE = 5.0  # seconds; Amazon SNS waits fifteen for our answer
LONGEST = 64 * 1024  # bytes


def fetch(url: str) -> bytes:
    """The body behind an https URL. Raises Transient for anything but 200, and where nobody answers in time."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection = http.client.HTTPSConnection(
        parts.hostname or "", 443, timeout=PATIENCE, context=ssl.create_default_context()
    )
    try:
        connection.request("GET", target)
        response = connection.getresponse()
        body = response.read(LONGEST)
    except (OSError, http.client.HTTPException) as error:
        raise Transient(f"{parts.hostname} could not be asked: {type(error).__name__}.") from None
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise Transient(f"{parts.hostname} answered {response.status}.")
    return body
