"""Owns the environment: the only reader of it, with complete errors at start. It must never be imported by
domain or a pure stage.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from digest.errors import Misuse
from digest.variables import (
    MAIL_TOKENS,
    ImapSettings as ImapSettings,
    Listen as Listen,
    TokenSettings as TokenSettings,
    Variables,
    read_listen as read_listen,
    read_url as read_url,
)

DEFAULT_DATABASE_URL = "sqlite:///digest.sqlite"
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


@dataclass(frozen=True)
class Settings:
    """What is in force; None where a variable is not set. Secrets: the first signs, all verify."""

    database_url: str = DEFAULT_DATABASE_URL
    mail_url: str | None = None
    mail_tokens: TokenSettings = field(default_factory=lambda: TokenSettings(MAIL_TOKENS))
    mail_from: str | None = None
    reply_domain: str | None = None
    reply_address: str | None = None
    reply_tag: bool = True  # whether the mailbox takes local+tag@host
    imap: ImapSettings = field(default_factory=ImapSettings)
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
    log_as_json: bool = False
    operator: tuple[str, ...] = ()
    operator_locale: str = "en"
    operator_mail_url: str | None = field(default=None, repr=False)
    metrics_token: tuple[str, ...] = field(default=(), repr=False)
    dkim_domain: str | None = None
    dkim_selector: tuple[str, ...] = ()
    dkim_key: str | None = field(default=None, repr=False)
    clock: datetime | None = None
    unknown: tuple[str, ...] = ()  # variables that are set and that nothing reads

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings in the environment, each also as NAME_FILE. Raises Misuse that lists all that is wrong."""
        given = Variables(os.environ if environ is None else environ)
        settings = cls(
            database_url=given.text("DIGEST_DATABASE_URL") or DEFAULT_DATABASE_URL,
            mail_url=given.text("DIGEST_MAIL_URL"),
            mail_tokens=given.tokens(MAIL_TOKENS),
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
            authserv_id=given.word("DIGEST_AUTHSERV_ID"),
            verify_dkim=given.switch("DIGEST_VERIFY_DKIM", usual=False),
            log_as_json=given.one_of("DIGEST_LOG", "text", "json") == "json",
            operator=given.addresses("DIGEST_OPERATOR"),
            operator_locale=given.text("DIGEST_OPERATOR_LOCALE") or "en",
            operator_mail_url=given.text("DIGEST_OPERATOR_MAIL_URL"),
            metrics_token=given.secrets("DIGEST_METRICS_TOKEN"),
            dkim_domain=given.domain("DIGEST_DKIM_DOMAIN"),
            dkim_selector=given.names("DIGEST_DKIM_SELECTOR"),
            dkim_key=given.text("DIGEST_DKIM_KEY"),
            clock=given.instant("DIGEST_CLOCK"),
            unknown=given.unknown("DIGEST_"),
        )
        given.finish()
        settings._require_safe_clock()
        return settings

    def _require_safe_clock(self) -> None:
        if self.clock is not None and not self.mail_stays_here:
            raise Misuse(
                "DIGEST_CLOCK is for rehearsals: it is refused while DIGEST_MAIL_URL leads to a real mail server. "
                "Use maildir:DIR, console: or a server on this machine."
            )

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
        parts = read_url(self.mail_url)
        return parts.scheme in SAFE_WAYS_OUT or parts.hostname in LOOPBACK
