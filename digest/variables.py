"""Owns how the text of a variable, or of the file that NAME_FILE names, becomes a value; what is wrong is gathered.
It must never read the environment itself, nor know what a variable is for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from digest import clock
from digest.errors import Misuse

SHORTEST_SECRET = 16
LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+")  # RFC 5322, section 3.2.3
DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
WORD = re.compile(r"[^\s;()\"]+")
Listen = tuple[str, int] | Path  # an address and port, or the file of a socket


class TokenNames(NamedTuple):
    """The variables that say where an access token comes from."""

    url: str
    client_id: str
    client_secret: str
    scope: str
    key_file: str


IMAP_TOKENS = TokenNames(
    "DIGEST_IMAP_TOKEN_URL",
    "DIGEST_IMAP_CLIENT_ID",
    "DIGEST_IMAP_CLIENT_SECRET",
    "DIGEST_IMAP_SCOPE",
    "DIGEST_IMAP_SERVICE_ACCOUNT",
)
MAIL_TOKENS = TokenNames(
    "DIGEST_MAIL_TOKEN_URL",
    "DIGEST_MAIL_CLIENT_ID",
    "DIGEST_MAIL_CLIENT_SECRET",
    "DIGEST_MAIL_SCOPE",
    "DIGEST_MAIL_SERVICE_ACCOUNT",
)


@dataclass(frozen=True)
class TokenSettings:
    """Where an access token comes from, as it was given; `access_token.py` makes sense of it."""

    names: TokenNames
    url: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    scope: str | None = None
    key_file: str | None = field(default=None, repr=False)  # a key file's text; instead of the first three


@dataclass(frozen=True)
class ImapSettings:
    """The mailbox that replies are read from, as it was given; `inbound/imap/account.py` makes sense of it."""

    url: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    folder: str | None = None
    tokens: TokenSettings = TokenSettings(IMAP_TOKENS)


class Variables:
    """Reads variables and gathers every complaint, so that they are all told at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.complaints: list[str] = []
        self._known: set[str] = set()

    def text(self, name: str) -> str | None:
        self._known |= {name, f"{name}_FILE"}
        path = self.environ.get(f"{name}_FILE")
        if path is None:
            return self.environ.get(name, "").strip() or None
        try:
            return Path(path).read_text(encoding="utf-8-sig").strip() or None
        except OSError as error:
            self.complaints.append(f"{name}_FILE cannot be read: {error.strerror}.")
        except UnicodeDecodeError:
            self.complaints.append(f"{name}_FILE names a file that holds no text (UTF-8).")
        return None

    def address(self, name: str) -> str | None:
        value = self.text(name)
        found = _address(value) if value else None
        if value and not found:
            self.complaints.append(f"{name} is not an address. Write it like digest@example.com.")
        return found

    def addresses(self, name: str) -> tuple[str, ...]:
        found = tuple(map(_address, self.names(name)))
        if not all(found):
            self.complaints.append(f"{name} is no list of addresses. Write it like aylin@example.com.")
        return tuple(filter(None, found))

    def domain(self, name: str) -> str | None:
        value = self.text(name)
        found = _domain(value) if value else None
        if value and not found:
            self.complaints.append(f"{name} is not a domain. Write it like in.example.com.")
        return found

    def base_url(self, name: str) -> str | None:
        value = self.text(name)
        parts = read_url(value or "")
        host = parts.hostname or ""
        plain = host if host.isascii() else _domain(host)
        if value and (parts.scheme not in ("http", "https") or not plain or not _may_begin_links(parts)):
            self.complaints.append(f"{name} is not a web address. Write it like https://digest.example.com.")
        if value and plain and not host.isascii():
            value = parts._replace(netloc=parts.netloc.lower().replace(host, plain)).geturl()
        return value.rstrip("/") if value else None

    def word(self, name: str) -> str | None:
        value = self.text(name)
        if value and not WORD.fullmatch(value):
            self.complaints.append(f"{name} is not one word. Write it like mx.example.com.")
        return value

    def imap(self) -> ImapSettings:
        return ImapSettings(
            url=self.text("DIGEST_IMAP_URL"),
            password=self.text("DIGEST_IMAP_PASSWORD"),
            folder=self.text("DIGEST_IMAP_FOLDER"),
            tokens=self.tokens(IMAP_TOKENS),
        )

    def tokens(self, names: TokenNames) -> TokenSettings:
        return TokenSettings(names, *map(self.text, names))

    def names(self, name: str) -> tuple[str, ...]:
        return tuple(one.strip() for one in (self.text(name) or "").split(",") if one.strip())

    def passwords(self, name: str) -> tuple[str, ...]:
        pairs = self.secrets(name)
        if any(":" not in pair for pair in pairs):
            self.complaints.append(f"{name} is written user:password.")
        return pairs

    def secrets(self, name: str) -> tuple[str, ...]:
        keys = self.names(name)
        if any(len(key) < SHORTEST_SECRET for key in keys):
            self.complaints.append(
                f"{name} is too short: each secret needs {SHORTEST_SECRET} characters or more. "
                "This makes one: python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return keys

    def envelope_from(self, name: str) -> str | None:
        value = self.text(name)
        if not value or value == "verp":
            return value
        fixed = _address(value.removeprefix("fixed:")) if value.startswith("fixed:") else None
        if not fixed:
            self.complaints.append(
                f"{name} is neither verp nor fixed:ADDRESS. Write it like fixed:digest@example.com."
            )
        return f"fixed:{fixed}"

    def listen(self, name: str) -> Listen | None:
        value = self.text(name)
        try:
            return read_listen(value) if value else None
        except Misuse as complaint:
            self.complaints.append(f"{name}: {complaint}")
            return None

    def switch(self, name: str, *, usual: bool) -> bool:
        value = (self.text(name) or "").lower()
        if value not in ("", "on", "off"):
            self.complaints.append(f"{name} is neither on nor off.")
        return usual if not value else value == "on"

    def one_of(self, name: str, usual: str, *others: str) -> str:
        value = (self.text(name) or usual).lower()
        if value not in (usual, *others):
            self.complaints.append(f"{name} is none of: {', '.join((usual, *others))}.")
        return value

    def instant(self, name: str) -> datetime | None:
        value = self.text(name)
        try:
            return clock.read_instant(value) if value else None
        except Misuse as complaint:
            self.complaints.append(f"{name}: {complaint}")
            return None

    def unknown(self, prefix: str) -> tuple[str, ...]:
        """The variables with that prefix that nobody has asked for up to now."""
        return tuple(
            sorted(name for name in self.environ if name.startswith(prefix) and name not in self._known)
        )

    def finish(self) -> None:
        if self.complaints:
            raise Misuse(" ".join(self.complaints))


def read_url(text: str) -> SplitResult:
    """The parts of a URL; none of them where it cannot be read."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def _may_begin_links(parts: SplitResult) -> bool:
    """Whether a path may follow, and all of it be shown to anybody: it names no user, and nothing comes after it."""
    try:
        is_a_port = parts.port != 0
    except ValueError:
        return False
    return is_a_port and not any(sign in parts.geturl() for sign in "@?# ")


def read_listen(text: str) -> Listen:
    """Where to listen: HOST:PORT, or a path that has a slash. Raises Misuse for what is neither."""
    if "/" in text:
        return Path(text.removeprefix("unix:"))
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise Misuse(f"{text!r} is no place to listen on. Write it like 127.0.0.1:2424 or /run/digest/lmtp.")
    return host.strip("[]"), int(port)


def _address(text: str) -> str | None:
    """An address in lower case, its domain as A-labels; None for what is none, or has more than ASCII before the @."""
    local_part, _, host = text.rpartition("@")
    domain = _domain(host)
    return f"{local_part.lower()}@{domain}" if domain and LOCAL_PART.fullmatch(local_part) else None


def _domain(text: str) -> str | None:
    """A domain in lower case, as A-labels (RFC 5890, section 2.3.2.1); None for what is none."""
    try:
        plain = text.lower() if text.isascii() else text.encode("idna").decode().lower()
    except UnicodeError:
        return None
    return plain if DOMAIN.fullmatch(plain) else None
