"""Owns what is told of the way out for mail: whether it is open, encrypted, and takes the senders that we use.
It must never hand over a message.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from digest import reply_address, tokens
from digest.access_token import TokenSource
from digest.checking import certificate, hidden
from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.mail_server import Answer, Talk, Trouble, talk
from digest.checking.scope import Scope
from digest.errors import Misuse
from digest.outbound.transports.maildir import MaildirTransport
from digest.outbound.transports.smtp import Server, SmtpTransport
from digest.outbound.ways_out import transport_of
from digest.settings import LOOPBACK, WHAT
from digest.variables import MAIL_TOKENS


def look(scope: Scope) -> Iterator[Finding]:
    url = scope.settings.mail_url
    if not url:
        yield wrong(
            N_("%(name)s is not set: %(what)s."), name="DIGEST_MAIL_URL", what=WHAT["DIGEST_MAIL_URL"]
        )
        return
    shown = hidden.mail_url(url)
    try:
        transport = transport_of(scope.settings)
    except Misuse as misuse:
        yield wrong(N_("DIGEST_MAIL_URL: %(url)s: %(reason)s"), url=shown, reason=misuse)
        return
    if isinstance(transport, MaildirTransport):
        yield _folder(transport.folder, shown)
    elif isinstance(transport, SmtpTransport):
        yield from _server(scope, transport.server, shown)
    else:
        yield ok(N_("DIGEST_MAIL_URL: %(url)s, printed here"), url=shown)


def _folder(folder: Path, shown: str) -> Finding:
    """Folders are made when the first mail comes; the nearest one that is there has to allow it."""
    there = next((path for path in (folder, *folder.absolute().parents) if path.exists()), folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return wrong(
            N_(
                "DIGEST_MAIL_URL: %(url)s: %(folder)s cannot be written to. Change its owner, or name another folder."
            ),
            url=shown,
            folder=there,
        )
    return ok(N_("DIGEST_MAIL_URL: %(url)s, mails stay in this folder"), url=shown)


def _server(scope: Scope, server: Server, shown: str) -> Iterator[Finding]:
    if server.token is not None:
        yield _token(server.token.source)
    try:
        with talk(server) as talking:
            yield ok(N_("DIGEST_MAIL_URL: %(url)s, somebody answers there"), url=shown)
            yield from _encryption(server, talking)
            yield from _senders(scope, talking)
    except Trouble as trouble:
        words = TROUBLES[trouble.what]
        yield wrong(words, url=shown, host=server.host, port=server.port, said=trouble.said)


def _token(source: TokenSource) -> Finding:
    name, host = source.names.url, source.host
    if source.names == MAIL_TOKENS:
        return ok(N_("%(name)s: mails are sent with a token from %(host)s"), name=name, host=host)
    return ok(
        N_(
            "%(name)s: mails are sent with its token from %(host)s too, since DIGEST_MAIL_URL names the same user "
            "and no password"
        ),
        name=name,
        host=host,
    )


def _encryption(server: Server, talking: Talk) -> Iterator[Finding]:
    if talking.expires is not None:
        yield certificate.told(server.host, talking.expires)
    elif server.host in LOOPBACK or server.security != "none":
        return
    elif server.password:
        yield wrong(
            N_(
                "TLS: the password goes to %(host)s for all to read. "
                "Write smtp+starttls:// or smtps:// in DIGEST_MAIL_URL."
            ),
            host=server.host,
        )
    elif talking.offers_starttls:
        yield note(
            N_(
                "TLS: %(host)s offers encryption (STARTTLS), which is not used. "
                "Write smtp+starttls:// in DIGEST_MAIL_URL."
            ),
            host=server.host,
        )
    else:
        yield note(
            N_("TLS: %(host)s offers no encryption, so mails go there for all to read."), host=server.host
        )


def _senders(scope: Scope, talking: Talk) -> Iterator[Finding]:
    settings = scope.settings
    fixed = (settings.envelope_from or "").partition("fixed:")[2]
    if fixed:
        yield _taken(talking.would_take(fixed), N_("the fixed envelope sender"))
        return
    empty = talking.would_take("")
    if empty.takes:
        yield ok(N_("mail server: takes an empty envelope sender, which answers have"))
    else:
        yield note(
            N_(
                "mail server: refuses an empty envelope sender (%(said)s), so answers go out with the address of "
                "DIGEST_MAIL_FROM. To say so from the start: DIGEST_ENVELOPE_FROM=fixed:%(address)s"
            ),
            said=f"{empty.code} {empty.said}",
            address=settings.mail_from or "ADDRESS",
        )
    if settings.envelope_from == "verp" and settings.reply_domain:
        own = reply_address.mint(
            tokens.random_token(), domain=settings.reply_domain, address=None, prefix=reply_address.BOUNCE
        )
        yield _taken(talking.would_take(own), N_("envelope senders of each mail's own (verp)"))
    elif settings.mail_from:
        yield _taken(talking.would_take(settings.mail_from), N_("the address of DIGEST_MAIL_FROM"))


def _taken(answer: Answer, what: str) -> Finding:
    if answer.takes:
        return ok(N_("mail server: takes %(what)s"), what=what)
    return wrong(
        N_(
            "mail server: refuses %(what)s (%(said)s). Ask its operator which sender it takes, "
            "and set DIGEST_ENVELOPE_FROM=fixed:ADDRESS."
        ),
        what=what,
        said=f"{answer.code} {answer.said}",
    )


TROUBLES = {
    "silent": N_(
        "DIGEST_MAIL_URL: %(url)s: nobody answers at %(host)s, port %(port)s: %(said)s. "
        "Check the name, the port and the firewall."
    ),
    "unwelcome": N_(
        "DIGEST_MAIL_URL: %(url)s: the server sends us away: %(said)s. Ask who runs it to let this machine in."
    ),
    "no-starttls": N_(
        "DIGEST_MAIL_URL: %(url)s: the server offers no encryption (STARTTLS). "
        "Check the port: 587 is usual, and 465 with smtps://."
    ),
    "certificate": N_(
        "DIGEST_MAIL_URL: %(url)s: the certificate of %(host)s cannot be trusted: %(said)s. "
        "Use the name that stands in it, or have it renewed."
    ),
    "login": N_(
        "DIGEST_MAIL_URL: %(url)s: the server refuses the user name or password: %(said)s. "
        "Ask who runs it; some want a password for applications."
    ),
    "no-token": N_("DIGEST_MAIL_URL: %(url)s: no login by OAuth: %(said)s"),
    "token": N_(
        "DIGEST_MAIL_URL: %(url)s: the server refuses the access token: %(said)s. The application needs the permission "
        "to send and access to this mailbox, for which SMTP has to be on. docs/providers/one-mailbox.md has the steps."
    ),
    "no-token-login": N_(
        "DIGEST_MAIL_URL: %(url)s: the server offers no login by OAuth (XOAUTH2 or OAUTHBEARER). "
        "Check host and port, or write a password."
    ),
    "broken": N_("DIGEST_MAIL_URL: %(url)s: the server broke off: %(said)s. Ask who runs it."),
}
