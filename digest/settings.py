"""Owns the environment: the only reader of it, with complete errors at start. It must never be imported by
domain or a pure stage.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from digest import clock
from digest.errors import Misuse

DEFAULT_DATABASE_URL = "sqlite:///digest.sqlite"
SHORTEST_SECRET = 16
SAFE_WAYS_OUT = ("maildir", "console")
LOOPBACK = ("localhost", "127.0.0.1", "::1")

#: What each variable is, for the sentence that says it is missing.
WHAT = {
    "DIGEST_SECRET": "a long random text that signs the links, for example from: "
    "python3 -c 'import secrets; print(secrets.token_hex(32))'",
    "DIGEST_INBOUND_SECRET": "a long random text that your mail server signs incoming messages with",
    "DIGEST_MAIL_URL": "the way out for mail, such as smtp+starttls://user:password@mail.example.com:587, "
    "or maildir:out",
    "DIGEST_MAIL_FROM": "the address that mail comes from, such as digest@example.com",
    "DIGEST_REPLY_DOMAIN": "the domain whose mail comes in here, such as in.example.com",
}

Listen = tuple[str, int] | Path  # an address and port, or the file of a socket


@dataclass(frozen=True)
class ImapSettings:
    """The mailbox that replies are read from, as it was given; `inbound/imap_account.py` makes sense of it."""

    url: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    folder: str | None = None
    token_url: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    scope: str | None = None


@dataclass(frozen=True)
class Settings:
    """What is in force; None where a variable is not set. Secrets: the first signs, all verify."""

    database_url: str = DEFAULT_DATABASE_URL
    mail_url: str | None = None
    mail_from: str | None = None
    reply_domain: str | None = None
    reply_address: str | None = None
    reply_tag: bool = True  # whether the mailbox takes local+tag@host
    imap: ImapSettings = ImapSettings()
    base_url: str | None = None
    secret: tuple[str, ...] = field(default=(), repr=False)
    inbound_secret: tuple[str, ...] = field(default=(), repr=False)
    mailgun_signing_key: tuple[str, ...] = field(default=(), repr=False)
    postmark_secret: tuple[str, ...] = field(default=(), repr=False)
    sendgrid_secret: tuple[str, ...] = field(default=(), repr=False)
    sendgrid_public_key: tuple[str, ...] = ()
    ses_topics: tuple[str, ...] = ()
    envelope_from: str | None = None
    one_click: bool = True
    lmtp_listen: Listen | None = None
    authserv_id: str | None = None
    verify_dkim: bool = False
    clock: datetime | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings in the environment, each also as NAME_FILE. Raises Misuse that lists all that is
        wrong.
        """
        given = _Environment(os.environ if environ is None else environ)
        settings = cls(
            database_url=given.text("DIGEST_DATABASE_URL") or DEFAULT_DATABASE_URL,
            mail_url=given.text("DIGEST_MAIL_URL"),
            mail_from=given.address("DIGEST_MAIL_FROM"),
            reply_domain=given.domain("DIGEST_REPLY_DOMAIN"),
            reply_address=given.address("DIGEST_REPLY_ADDRESS"),
            reply_tag=given.switch("DIGEST_REPLY_TAG", usual=True),
            imap=given.imap(),
            base_url=given.base_url("DIGEST_BASE_URL"),
            secret=given.secrets("DIGEST_SECRET"),
            inbound_secret=given.secrets("DIGEST_INBOUND_SECRET"),
            mailgun_signing_key=given.secrets("DIGEST_MAILGUN_SIGNING_KEY"),
            postmark_secret=given.passwords("DIGEST_POSTMARK_SECRET"),
            sendgrid_secret=given.passwords("DIGEST_SENDGRID_SECRET"),
            sendgrid_public_key=given.names("DIGEST_SENDGRID_PUBLIC_KEY"),
            ses_topics=given.names("DIGEST_SES_TOPICS"),
            envelope_from=given.envelope_from("DIGEST_ENVELOPE_FROM"),
            one_click=given.switch("DIGEST_ONE_CLICK", usual=True),
            lmtp_listen=given.listen("DIGEST_LMTP_LISTEN"),
            authserv_id=given.text("DIGEST_AUTHSERV_ID"),
            verify_dkim=given.switch("DIGEST_VERIFY_DKIM", usual=False),
            clock=given.instant("DIGEST_CLOCK"),
        )
        given.finish()
        if settings.clock is not None and not settings.mail_stays_here:
            raise Misuse(
                "DIGEST_CLOCK is for rehearsals: it is refused while DIGEST_MAIL_URL leads to a real mail server. "
                "Use maildir:DIR, console: or a server on this machine."
            )
        return settings

    def require(self, *names: str) -> None:
        """Raises Misuse that lists each of the named variables that is not set, and what it is."""
        missing = [name for name in names if not self._has(name)]
        if missing:
            raise Misuse(" ".join(f"{name} is not set: {WHAT[name]}." for name in missing))

    def _has(self, name: str) -> bool:
        if name == "DIGEST_REPLY_DOMAIN":
            return bool(self.reply_domain or self.reply_address)
        return bool(getattr(self, name.removeprefix("DIGEST_").lower()))

    @property
    def mail_stays_here(self) -> bool:
        """Whether mail can reach nobody but this machine, so that a clock may be moved."""
        if self.mail_url is None:
            return True
        parts = urlsplit(self.mail_url)
        return parts.scheme in SAFE_WAYS_OUT or parts.hostname in LOOPBACK


class _Environment:
    """Reads variables and gathers every complaint, so that they are all told at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.complaints: list[str] = []

    def text(self, name: str) -> str | None:
        path = self.environ.get(f"{name}_FILE")
        if path is None:
            return self.environ.get(name, "").strip() or None
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except OSError as error:
            self.complaints.append(f"{name}_FILE cannot be read: {error.strerror}.")
            return None

    def address(self, name: str) -> str | None:
        value = self.text(name)
        if value and (value.count("@") != 1 or any(c.isspace() or c in "<>,;" for c in value)):
            self.complaints.append(f"{name} is not an address. Write it like digest@example.com.")
        return value.lower() if value else None

    def domain(self, name: str) -> str | None:
        value = self.text(name)
        if value and not all(part.replace("-", "").isalnum() for part in value.split(".")):
            self.complaints.append(f"{name} is not a domain. Write it like in.example.com.")
        return value.lower() if value else None

    def base_url(self, name: str) -> str | None:
        value = self.text(name)
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            self.complaints.append(f"{name} is not a web address. Write it like https://digest.example.com.")
        return value.rstrip("/") if value else None

    def imap(self) -> ImapSettings:
        return ImapSettings(
            url=self.text("DIGEST_IMAP_URL"),
            password=self.text("DIGEST_IMAP_PASSWORD"),
            folder=self.text("DIGEST_IMAP_FOLDER"),
            token_url=self.text("DIGEST_IMAP_TOKEN_URL"),
            client_id=self.text("DIGEST_IMAP_CLIENT_ID"),
            client_secret=self.text("DIGEST_IMAP_CLIENT_SECRET"),
            scope=self.text("DIGEST_IMAP_SCOPE"),
        )

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
                f"{name} is too short: each secret needs {SHORTEST_SECRET} characters or more."
            )
        return keys

    def envelope_from(self, name: str) -> str | None:
        value = self.text(name)
        if value and value != "verp" and not value.startswith("fixed:"):
            self.complaints.append(f"{name} is neither verp nor fixed:ADDRESS.")
        return value

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

    def instant(self, name: str) -> datetime | None:
        value = self.text(name)
        try:
            return clock.read_instant(value) if value else None
        except Misuse as complaint:
            self.complaints.append(f"{name}: {complaint}")
            return None

    def finish(self) -> None:
        if self.complaints:
            raise Misuse(" ".join(self.complaints))


def read_listen(text: str) -> Listen:
    """Where to listen: HOST:PORT, or a path that has a slash. Raises Misuse for what is neither."""
    if "/" in text:
        return Path(text.removeprefix("unix:"))
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise Misuse(f"{text!r} is no place to listen on. Write it like 127.0.0.1:2424 or /run/digest/lmtp.")
    return host.strip("[]"), int(port)
