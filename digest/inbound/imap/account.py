"""Owns what DIGEST_IMAP_URL and its companions name: a server, a login, a mailbox, a folder for what was read.
It must never open a connection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from digest.access_token import TokenSource, token_source
from digest.errors import Misuse
from digest.settings import LOOPBACK, ImapSettings

Security = Literal["tls", "starttls", "none"]
SECURITY: dict[str, tuple[Security, int]] = {
    "imaps": ("tls", 993),
    "imap+starttls": ("starttls", 143),
    "imap": ("none", 143),
}
FORM = "imaps://user:password@imap.example.com/INBOX"
READ_FOLDER = "Digest read"


@dataclass(frozen=True)
class Account:
    """`password` is None where a token is fetched for each login."""

    host: str
    port: int
    security: Security
    user: str
    mailbox: str
    read_folder: str
    password: str | None = field(default=None, repr=False)
    tokens: TokenSource | None = None
    ca_file: Path | None = None  # of the company's own authority, trusted beside the machine's

    @property
    def key(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.mailbox}"


def account(settings: ImapSettings) -> Account | None:
    """The account of the settings; None where no mailbox is read. Raises Misuse."""
    if not settings.url:
        return None
    try:
        parts = urlsplit(settings.url)
        host, given_port = parts.hostname or "", parts.port
        user, password = (
            unquote(text, errors="strict") for text in (parts.username or "", parts.password or "")
        )
        mailbox = unquote(parts.path.strip("/"), errors="strict")
    except ValueError:  # of which UnicodeDecodeError is one
        raise Misuse(
            f"DIGEST_IMAP_URL cannot be read. Write it like {FORM}, and the password as it is into "
            "DIGEST_IMAP_PASSWORD; in the URL @ is written %40, / %2F, : %3A, # %23, ? %3F and % %25."
        ) from None
    if parts.scheme not in SECURITY or not host or not user:
        raise Misuse(f"DIGEST_IMAP_URL names no mailbox. Write it like {FORM}.")
    security, usual_port = SECURITY[parts.scheme]
    if security == "none" and host not in LOOPBACK:
        raise Misuse(
            "DIGEST_IMAP_URL would send the password in the clear. Use imaps:// or imap+starttls://."
        )
    tokens = token_source(settings.tokens, user)
    password = settings.password or password
    _require_login(user, password, tokens)
    return Account(
        host=host,
        port=given_port or usual_port,
        security=security,
        user=user,
        mailbox=mailbox or "INBOX",
        read_folder=_read_folder(settings.folder or READ_FOLDER, mailbox or "INBOX"),
        password=None if tokens else password,
        tokens=tokens,
        ca_file=_ca_file(parts.query),
    )


def _read_folder(folder: str, mailbox: str) -> str:
    if folder.casefold() == mailbox.casefold():
        raise Misuse(
            "DIGEST_IMAP_FOLDER is the mailbox that is read. Name another folder, or leave it unset."
        )
    return folder


def _ca_file(query: str) -> Path | None:
    options = dict(parse_qsl(query, keep_blank_values=True))
    given = options.pop("ca", None)
    if options:
        raise Misuse(
            f"DIGEST_IMAP_URL has no option {', '.join(options)}. There is ?ca=/etc/ssl/company.pem."
        )
    if given is not None and not Path(given).is_file():
        raise Misuse(
            f"DIGEST_IMAP_URL: there is no file {given!r}. ca names the certificate of an authority (PEM)."
        )
    return Path(given) if given else None


def _require_login(user: str, password: str, tokens: TokenSource | None) -> None:
    if not password and not tokens:
        raise Misuse(
            "DIGEST_IMAP_PASSWORD is not set, and DIGEST_IMAP_URL holds no password. Set one of them."
        )
    if any(not character.isprintable() for character in user + password):
        raise Misuse("DIGEST_IMAP_URL or DIGEST_IMAP_PASSWORD holds a control character. Write it anew.")
