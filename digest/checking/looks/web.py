"""Owns what is told of the web address in the links of mails: whether it is encrypted, with a valid certificate.
It must never ask for a page of a member.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from digest import trust
from digest.checking import certificate
from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.scope import Scope
from digest.settings import LOOPBACK

PATIENCE = 8.0  # seconds


def look(scope: Scope) -> Iterator[Finding]:
    url = scope.settings.base_url
    if not url:
        yield note(
            N_("DIGEST_BASE_URL is not set: links begin a reply that does the same, and all goes by mail.")
        )
        return
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        yield wrong(N_("DIGEST_BASE_URL: %(url)s can be read on its way. Use https."), url=url)
        return
    yield ok(N_("DIGEST_BASE_URL: %(url)s"), url=url)
    if parts.scheme == "https":
        yield _certificate(parts)


def _certificate(parts: SplitResult) -> Finding:
    host, port = parts.hostname or "", parts.port or 443
    try:
        with (
            socket.create_connection((host, port), PATIENCE) as connection,
            trust.context().wrap_socket(connection, server_hostname=host) as encrypted,
        ):
            expires = certificate.expiry(encrypted)
    except ssl.SSLCertVerificationError as error:
        return wrong(
            N_(
                "TLS: the certificate of %(of)s cannot be trusted: %(reason)s. Have it renewed for that name."
            ),
            of=host,
            reason=error.verify_message,
        )
    except OSError as error:
        return note(
            N_(
                "TLS: nobody answers at %(of)s, port %(port)s, as seen from here: %(reason)s. "
                "Members need to reach it for the links in their mails."
            ),
            of=host,
            port=port,
            reason=error.strerror or error,
        )
    if expires is None:
        return note(N_("TLS: %(of)s showed no certificate."), of=host)
    return certificate.told(host, expires)
