"""Owns what is told of the way out for mail: whether it is open, encrypted, and takes the senders that we use.
It must never hand over a message.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from digest import reply_address, tokens
from digest.access_token import TokenSource
from digest.checking import certificate, hidden
from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.mail_server import Answer, Talk, Trouble, talk
from digest.checking.scope import Scope
from digest.errors import Misuse
from digest.outbound.mail_login import MAIL_URL, OPERATOR_MAIL_URL
from digest.outbound.transport import Transport
from digest.outbound.transports.maildir import MaildirTransport
from digest.outbound.transports.smtp import Server, SmtpTransport
from digest.outbound.ways_out import operator_transport_of, transport_of
from digest.settings import LOOPBACK, WHAT, Settings
from digest.variables import MAIL_TOKENS


def look(scope: Scope) -> Iterator[Finding]:
    url = scope.settings.mail_url
    if not url:
        yield wrong(N_("%(name)s is not set: %(what)s."), name=MAIL_URL, what=WHAT[MAIL_URL])
        return
    yield from _way(Way(MAIL_URL, hidden.mail_url(url)), scope, transport_of)


def operators(scope: Scope) -> Iterator[Finding]:
    """The way out for mails to the operator, where it has one of its own."""
    url = scope.settings.operator_mail_url
    if url:
        yield from _way(Way(OPERATOR_MAIL_URL, hidden.mail_url(url)), scope, operator_transport_of)


class Way(NamedTuple):
    name: str  # of the variable
    shown: str

    @property
    def values(self) -> dict[str, str]:
        return {"name": self.name, "url": self.shown}


def _way(way: Way, scope: Scope, transport_of: Callable[[Settings], Transport]) -> Iterator[Finding]:
    try:
        transport = transport_of(scope.settings)
    except Misuse as misuse:
        yield wrong(N_("%(name)s: %(url)s: %(reason)s"), **way.values, reason=misuse)
        return
    if isinstance(transport, MaildirTransport):
        yield _folder(transport.folder, way)
    elif isinstance(transport, SmtpTransport):
        yield from _server(way, scope, transport.server)
    else:
        yield ok(N_("%(name)s: %(url)s, printed here"), **way.values)


def _folder(folder: Path, way: Way) -> Finding:
    """Folders are made when the first mail comes; the nearest one that is there has to allow it."""
    there = next((path for path in (folder, *folder.absolute().parents) if path.exists()), folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return wrong(
            N_(
                "%(name)s: %(url)s: %(folder)s cannot be written to. Change its owner, or name another folder."
            ),
            **way.values,
            folder=there,
        )
    return ok(N_("%(name)s: %(url)s, mails stay in this folder"), **way.values)


def _server(way: Way, scope: Scope, server: Server) -> Iterator[Finding]:
    if server.token is not None:
        yield _token(way, server.token.source)
    try:
        with talk(server) as talking:
            yield ok(N_("%(name)s: %(url)s, somebody answers there"), **way.values)
            yield from _encryption(way, server, talking)
            yield from _senders(way, scope, talking)
    except Trouble as trouble:
        words = TROUBLES[trouble.what]
        yield wrong(words, **way.values, host=server.host, port=server.port, said=trouble.said)


def _token(way: Way, source: TokenSource) -> Finding:
    name, host = source.name, source.host
    if way.name == MAIL_URL and source.names == MAIL_TOKENS:
        return ok(N_("%(name)s: mails are sent with a token from %(host)s"), name=name, host=host)
    return ok(
        N_(
            "%(name)s: mails are sent with its token from %(host)s too, since %(way)s names the same user "
            "and no password"
        ),
        name=name,
        host=host,
        way=way.name,
    )


def _encryption(way: Way, server: Server, talking: Talk) -> Iterator[Finding]:
    if talking.expires is not None:
        yield certificate.told(server.host, talking.expires)
    elif server.host in LOOPBACK or server.security != "none":
        return
    elif server.password:
        yield wrong(
            N_(
                "TLS: the password goes to %(host)s for all to read. "
                "Write smtp+starttls:// or smtps:// in %(name)s."
            ),
            name=way.name,
            host=server.host,
        )
    elif talking.offers_starttls:
        yield note(
            N_(
                "TLS: %(host)s offers encryption (STARTTLS), which is not used. "
                "Write smtp+starttls:// in %(name)s."
            ),
            name=way.name,
            host=server.host,
        )
    else:
        yield note(
            N_("TLS: %(host)s offers no encryption, so mails go there for all to read."), host=server.host
        )


def _senders(way: Way, scope: Scope, talking: Talk) -> Iterator[Finding]:
    settings, own_address = scope.settings, scope.settings.mail_from or ""
    fixed = (settings.envelope_from or "").partition("fixed:")[2]
    if fixed:
        yield _taken(talking.would_take(fixed, own_address), N_("the fixed envelope sender"))
        return
    if way.name == OPERATOR_MAIL_URL:
        yield _taken(talking.would_take(own_address, own_address), N_("the address of DIGEST_MAIL_FROM"))
        return
    empty = talking.would_take("", own_address)
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
        yield _taken(talking.would_take(own, own_address), N_("envelope senders of each mail's own (verp)"))
    elif settings.mail_from:
        yield _taken(talking.would_take(own_address, own_address), N_("the address of DIGEST_MAIL_FROM"))


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
        "%(name)s: %(url)s: nobody answers at %(host)s, port %(port)s: %(said)s. "
        "Check the name, the port and the firewall."
    ),
    "unwelcome": N_(
        "%(name)s: %(url)s: the server sends us away: %(said)s. Ask who runs it to let this machine in."
    ),
    "no-starttls": N_(
        "%(name)s: %(url)s: the server offers no encryption (STARTTLS). "
        "Check the port: 587 is usual, and 465 with smtps://."
    ),
    "certificate": N_(
        "%(name)s: %(url)s: the certificate of %(host)s cannot be trusted: %(said)s. "
        "Use the name that stands in it, or have it renewed."
    ),
    "not-let-in": N_(
        "%(name)s: %(url)s: the server takes no mail from us: %(said)s. Write user:password@ before the host, with "
        "smtp+starttls:// or smtps://, or ask who runs it to let this machine in."
    ),
    "login": N_(
        "%(name)s: %(url)s: the server refuses the user name or password: %(said)s. "
        "Ask who runs it; some want a password for applications."
    ),
    "no-token": N_("%(name)s: %(url)s: no login by OAuth: %(said)s"),
    "token": N_(
        "%(name)s: %(url)s: the server refuses the access token: %(said)s. The application needs the permission "
        "to send and access to this mailbox, for which SMTP has to be on. docs/providers/one-mailbox.md has the steps."
    ),
    "no-token-login": N_(
        "%(name)s: %(url)s: the server offers no login by OAuth (XOAUTH2 or OAUTHBEARER). "
        "Check host and port, or write a password."
    ),
    "broken": N_("%(name)s: %(url)s: the server broke off: %(said)s. Ask who runs it."),
}
