"""Owns the one thing read from a certificate: how long it is valid. It must never accept one that is not verified."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

from digest import clock
from digest.checking.finding import N_, Finding, note, ok, wrong

SOON = timedelta(days=14)


def expiry(sock: Any) -> datetime | None:
    """When the certificate of a verified connection runs out; None where there is none."""
    given = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
    if not given or "notAfter" not in given:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(given["notAfter"])), UTC)


def told(of: str, expires: datetime) -> Finding:
    left = expires - clock.real_now()
    day = expires.date().isoformat()
    if left <= timedelta(0):
        return wrong(N_("TLS: the certificate of %(of)s ran out on %(day)s. Renew it."), of=of, day=day)
    if left < SOON:
        return note(
            N_("TLS: the certificate of %(of)s runs out on %(day)s. Renew it before that."), of=of, day=day
        )
    return ok(N_("TLS: the certificate of %(of)s is good until %(day)s"), of=of, day=day)
