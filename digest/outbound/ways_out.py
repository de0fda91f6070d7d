"""Owns the choice of a way out by DIGEST_MAIL_URL. It must never send anything itself."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from digest.errors import Misuse
from digest.outbound.transport import Transport
from digest.outbound.transports.console import ConsoleTransport
from digest.outbound.transports.maildir import MaildirTransport
from digest.outbound.transports.smtp import Server, SmtpTransport

SECURITY = {"smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}
FORMS = "smtp+starttls://user:password@host:587, smtps://..., smtp://..., maildir:DIR or console:"


def transport_for(mail_url: str, fallback_from: str | None = None) -> Transport:
    """The transport that a mail URL names. Raises Misuse."""
    try:
        parts = urlsplit(mail_url)
        port = parts.port
    except ValueError:
        raise Misuse(f"DIGEST_MAIL_URL cannot be read. Write it like {FORMS}.") from None
    if parts.scheme in SECURITY and parts.hostname:
        return SmtpTransport(_server(parts, port, fallback_from))
    if parts.scheme == "maildir" and (parts.path or parts.netloc):
        return MaildirTransport(Path(unquote(parts.netloc + parts.path)))
    if parts.scheme == "console":
        return ConsoleTransport()
    raise Misuse(f"DIGEST_MAIL_URL names no way out that is known. Write it like {FORMS}.")


def _server(parts: SplitResult, port: int | None, fallback_from: str | None) -> Server:
    security, usual_port = SECURITY[parts.scheme]
    return Server(
        host=parts.hostname or "",
        port=port or usual_port,
        security=security,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        fallback_from=fallback_from,
    )
