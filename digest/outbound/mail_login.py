"""Owns the login that a mail URL stands for: by a password, or by an access token and where that comes from. It must
never open a connection.

A URL that names a user without a password may be lent the source of another that names the same user at a host of the
same domain: DIGEST_MAIL_URL that of DIGEST_IMAP_URL, DIGEST_OPERATOR_MAIL_URL that of either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote

from digest.access_token import TokenSource, token_source
from digest.errors import Misuse
from digest.settings import LOOPBACK, Settings, TokenSettings, read_url

MAIL_URL, OPERATOR_MAIL_URL = "DIGEST_MAIL_URL", "DIGEST_OPERATOR_MAIL_URL"

WITHOUT_PASSWORD = {
    MAIL_URL: ", or to log in by OAuth set DIGEST_MAIL_TOKEN_URL, DIGEST_MAIL_CLIENT_ID, DIGEST_MAIL_CLIENT_SECRET, "
    "or DIGEST_MAIL_SERVICE_ACCOUNT.",
    OPERATOR_MAIL_URL: ". By OAuth only the user of DIGEST_MAIL_URL or DIGEST_IMAP_URL logs in, at a host of the same "
    "domain.",
}

#: Labels that registries of countries sell names under, as in co.uk; what is not known here is one company's.
KINDS = frozenset(
    "ac asso co com edu gen go gob gouv gov gv id ind k12 ltd me mil ne net nom or org plc sch".split()
)


@dataclass(frozen=True)
class Login:
    """`user` is None where nobody logs in; `password` is None where a token is fetched."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tokens: TokenSource | None = None


def login(way: SplitResult, settings: Settings | None, name: str = MAIL_URL) -> Login:
    """Of the SMTP URL in that variable; without settings by its password alone. Raises Misuse: what is missing."""
    user = unquote(way.username) if way.username else None
    tokens = _tokens(way, settings, name) if settings else None
    if tokens is not None:
        _require_safety(way, tokens, name)
        return Login(user, None, tokens)
    if user is not None and way.password is None:
        raise Misuse(f"{name} names a user and no password. Write user:password@host{WITHOUT_PASSWORD[name]}")
    return Login(user, unquote(way.password) if way.password else None)


def _tokens(way: SplitResult, settings: Settings, name: str) -> TokenSource | None:
    mailbox = settings.imap
    if name == OPERATOR_MAIL_URL:
        source = _lent(way, settings.mail_url, settings.mail_tokens)
    else:
        source = token_source(settings.mail_tokens, unquote(way.username or ""))
        if source is not None and not way.username:
            raise Misuse(f"{source.name} is set, and DIGEST_MAIL_URL names no user. Write user@host.")
    return source or _lent(way, mailbox.url, mailbox.tokens)


def _lent(way: SplitResult, url: str | None, tokens: TokenSettings) -> TokenSource | None:
    if way.password is not None or not _is_same_login(way, url):
        return None
    return token_source(tokens, unquote(way.username or ""))


def _is_same_login(way: SplitResult, url: str | None) -> bool:
    other = read_url(url or "")
    users = [unquote(one.username or "").lower() for one in (way, other)]
    return bool(users[0]) and users[0] == users[1] and _domain(way) == _domain(other)


def _domain(url: SplitResult) -> str:
    """The last two labels of its host, three where the second is a kind of names in a country; an address is whole."""
    host = url.hostname or ""
    labels = host.split(".")
    is_of_a_kind = len(labels[-1]) == 2 and labels[-2:-1] and labels[-2] in KINDS
    return host if host.replace(".", "").isdigit() else ".".join(labels[-3 if is_of_a_kind else -2 :])


def _require_safety(way: SplitResult, tokens: TokenSource, name: str) -> None:
    if way.scheme == "smtp" and way.hostname not in LOOPBACK:
        raise Misuse(
            f"{name} would send the token of {tokens.name} in the clear. Use smtp+starttls:// or smtps://."
        )
