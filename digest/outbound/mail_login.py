"""Owns the login that DIGEST_MAIL_URL stands for: a password, or an access token of which source. It must never open a
connection.

The mailbox that replies are read from may lend its source: where DIGEST_MAIL_URL names the same user without a
password, at a host of the same domain, and no other source is set.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from digest.access_token import TokenSource, token_source
from digest.errors import Misuse
from digest.settings import LOOPBACK, ImapSettings, Settings


@dataclass(frozen=True)
class Login:
    """`user` is None where nobody logs in; `password` is None where a token is fetched."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tokens: TokenSource | None = None


def login(way: SplitResult, settings: Settings | None) -> Login:
    """Of an SMTP URL; without settings by its password alone. Raises Misuse that says what is missing."""
    user = unquote(way.username) if way.username else None
    tokens = _tokens(way, settings) if settings else None
    if tokens is not None:
        _require_safety(way, tokens)
        return Login(user, None, tokens)
    if user is not None and way.password is None:
        raise Misuse(
            "DIGEST_MAIL_URL names a user and no password. Write user:password@host, or to log in by OAuth set "
            "DIGEST_MAIL_TOKEN_URL, DIGEST_MAIL_CLIENT_ID, DIGEST_MAIL_CLIENT_SECRET."
        )
    return Login(user, unquote(way.password) if way.password else None)


def _tokens(way: SplitResult, settings: Settings) -> TokenSource | None:
    own = token_source(settings.mail_tokens)
    if own is not None and not way.username:
        raise Misuse(f"{own.names.url} is set, and DIGEST_MAIL_URL names no user. Write user@host.")
    if own is not None or way.password is not None or not _is_the_mailbox(way, settings.imap):
        return own
    return token_source(settings.imap.tokens)


def _is_the_mailbox(way: SplitResult, imap: ImapSettings) -> bool:
    try:
        mailbox = urlsplit(imap.url or "")
    except ValueError:
        return False
    users = [unquote(one.username or "").lower() for one in (way, mailbox)]
    return bool(users[0]) and users[0] == users[1] and _domain(way) == _domain(mailbox)


def _domain(url: SplitResult) -> str:
    """The last two labels of its host; an address is whole."""
    host = url.hostname or ""
    return host if host.replace(".", "").isdigit() else ".".join(host.split(".")[-2:])


def _require_safety(way: SplitResult, tokens: TokenSource) -> None:
    if way.scheme == "smtp" and way.hostname not in LOOPBACK:
        raise Misuse(
            f"DIGEST_MAIL_URL would send the token of {tokens.names.url} in the clear. "
            "Use smtp+starttls:// or smtps://."
        )
