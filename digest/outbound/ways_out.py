"""Owns the choice of a way out by a mail URL. It must never send anything itself."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from digest.access_token import AccessToken
from digest.errors import Misuse
from digest.outbound.mail_login import MAIL_URL, OPERATOR_MAIL_URL, Login, login
from digest.outbound.transport import Transport
from digest.outbound.transports.console import ConsoleTransport
from digest.outbound.transports.maildir import MaildirTransport
from digest.outbound.transports.smtp import Server, SmtpTransport
from digest.settings import Settings

SECURITY = {"smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}
FORMS = "smtp+starttls://user:password@host:587, smtps://..., smtp://..., maildir:DIR or console:"
OPTIONS = "?connections=4&per_domain=2&ca=/etc/ssl/company.pem"
MOST_CONNECTIONS = 50
ESCAPES = "In user and password write @ as %40, / as %2F, : as %3A, # as %23, ? as %3F and % as %25."


def transport_of(settings: Settings) -> Transport:
    """The transport of DIGEST_MAIL_URL, with the login that belongs to it. Raises Misuse."""
    return transport_for(settings.mail_url or "", settings.mail_from, settings)


def operator_transport_of(settings: Settings) -> Transport:
    """The transport of the mails to the operator: DIGEST_OPERATOR_MAIL_URL, or the usual one. Raises Misuse."""
    if not settings.operator_mail_url:
        return transport_of(settings)
    return transport_for(settings.operator_mail_url, settings.mail_from, settings, OPERATOR_MAIL_URL)


def transport_for(
    mail_url: str, fixed_from: str | None = None, settings: Settings | None = None, name: str = MAIL_URL
) -> Transport:
    """The transport that a mail URL names; `fixed_from` is the sender where another is refused, `settings` hold what
    a login by OAuth needs, `name` is the variable of the URL. Raises Misuse."""
    try:
        parts = urlsplit(mail_url)
        port = parts.port
    except ValueError:
        raise Misuse(f"{name} cannot be read. Write it like {FORMS}. {ESCAPES}") from None
    if parts.scheme in SECURITY and parts.hostname:
        return SmtpTransport(_server(parts, port, fixed_from, login(parts, settings, name), name))
    if parts.scheme == "maildir" and (parts.path or parts.netloc):
        return MaildirTransport(Path(unquote(parts.netloc + parts.path)))
    if parts.scheme == "console":
        return ConsoleTransport()
    raise Misuse(f"{name} names no way out that is known. Write it like {FORMS}.")


def _server(
    parts: SplitResult, port: int | None, fixed_from: str | None, account: Login, name: str
) -> Server:
    security, usual_port = SECURITY[parts.scheme]
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    ca_file = options.pop("ca", None)
    if ca_file is not None and not Path(ca_file).is_file():
        raise Misuse(f"{name}: there is no file {ca_file!r}. ca names the certificate of an authority (PEM).")
    connections, per_domain = (_count(options, option, name) for option in ("connections", "per_domain"))
    if options:
        raise Misuse(f"{name} has no option {', '.join(options)}. There are: {OPTIONS}.")
    return Server(
        host=parts.hostname or "",
        port=port or usual_port,
        security=security,
        user=account.user,
        password=account.password,
        token=AccessToken(account.tokens) if account.tokens else None,
        ca_file=Path(ca_file) if ca_file else None,
        connections=connections or 1,
        per_domain=per_domain,
        fixed_from=fixed_from,
    )


def _count(options: dict[str, str], option: str, name: str) -> int | None:
    given = options.pop(option, None)
    if given is None:
        return None
    if not given.isdecimal() or not 1 <= int(given) <= MOST_CONNECTIONS:
        raise Misuse(f"{name}: {option}={given} is no number from 1 to {MOST_CONNECTIONS}.")
    return int(given)
