"""Owns what `digest check` tells: what is in force with secrets hidden, what is missing, and what to do.
It must never change anything, nor send a mail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from digest import schema, start
from digest.complaint import FAILURE, complaint
from digest.database import Database
from digest.errors import DigestError, Misuse
from digest.mail_way import try_way_out
from digest.settings import LOOPBACK, WHAT, Settings

State = Literal["ok", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One line: "note" is what may stay as it is; each other sentence says what is wrong and what to do."""

    state: State
    sentence: str

    @property
    def line(self) -> str:
        return f"{self.state:<6} {self.sentence}"


def findings() -> Iterator[Finding]:
    """All there is to tell, in the order in which one would mend it."""
    try:
        settings = start.settings()
    except Misuse as wrong:
        yield Finding("wrong", str(wrong))
        return
    yield from _database(settings)
    for look in LOOKS:
        yield look(settings)


def exit_code(found: list[Finding]) -> int:
    return FAILURE if any(finding.state == "wrong" for finding in found) else 0


def _database(settings: Settings) -> Iterator[Finding]:
    shown = make_hidden(settings.database_url)
    file = start.sqlite_file(settings.database_url)
    if file is not None and file.parent.is_dir() and not file.exists():
        yield Finding("note", f"database: {shown} is not there yet; the first command makes it.")
        return
    try:
        with closing(start.open_database(settings)) as database:
            yield _schema(database, shown)
    except (DigestError, SQLAlchemyError) as error:
        said = complaint(error)
        yield Finding("wrong", f"database: {said.line if said else error}")


def _schema(database: Database, shown: str) -> Finding:
    current, newest = schema.versions(database)
    if current != newest:
        has = f"schema {current}" if current else "no schema"
        return Finding(
            "wrong", f"database: {shown} has {has}, and {newest} is needed. Run: digest db upgrade"
        )
    with database.transaction():
        pass  # whether it can be written
    return Finding("ok", f"database: {shown}, schema {current}")


def make_hidden(url: str) -> str:
    """A URL as it may be shown: without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except (SQLAlchemyError, ValueError):
        return url.partition(":")[0] + ":..."


def _secret(settings: Settings) -> Finding:
    return _keys("DIGEST_SECRET", settings.secret) or _missing("wrong", "DIGEST_SECRET")


def _inbound_secret(settings: Settings) -> Finding:
    closed = " Until then POST /inbound/raw is closed."
    return _keys("DIGEST_INBOUND_SECRET", settings.inbound_secret) or _missing(
        "note", "DIGEST_INBOUND_SECRET", closed
    )


def _keys(name: str, keys: tuple[str, ...]) -> Finding | None:
    if not keys:
        return None
    more = f", and {len(keys) - 1} more that are still read" if len(keys) > 1 else ""
    return Finding("ok", f"{name}: set (hidden){more}")


def _mail_url(settings: Settings) -> Finding:
    if not settings.mail_url:
        return _missing("wrong", "DIGEST_MAIL_URL")
    shown = hidden_mail_url(settings.mail_url)
    try:
        return Finding("ok", f"DIGEST_MAIL_URL: {shown}, {try_way_out(settings.mail_url)}")
    except DigestError as error:
        return Finding("wrong", f"DIGEST_MAIL_URL: {shown}: {error}")


def hidden_mail_url(url: str) -> str:
    """A mail URL as it may be shown: its user name, but not its password."""
    before, at, host = url.rpartition("@")
    scheme, slashes, user = before.partition("://")
    return f"{scheme}{slashes}{user.partition(':')[0]}:***@{host}" if at and ":" in user else url


def _mail_from(settings: Settings) -> Finding:
    if not settings.mail_from:
        return _missing("wrong", "DIGEST_MAIL_FROM")
    return Finding("ok", f"DIGEST_MAIL_FROM: {settings.mail_from}")


def _replies(settings: Settings) -> Finding:
    if settings.reply_domain:
        return Finding(
            "ok",
            f"DIGEST_REPLY_DOMAIN: {settings.reply_domain}; all its addresses, such as r-...@, have to come in here",
        )
    if settings.reply_address:
        local_part, _, host = settings.reply_address.rpartition("@")
        return Finding("ok", f"DIGEST_REPLY_ADDRESS: replies go to {local_part}+r-...@{host}")
    return _missing("wrong", "DIGEST_REPLY_DOMAIN", " With one mailbox alone, set DIGEST_REPLY_ADDRESS.")


def _base_url(settings: Settings) -> Finding:
    if not settings.base_url:
        return Finding(
            "note", "DIGEST_BASE_URL is not set: mails hold no links, and everything goes by reply."
        )
    parts = urlsplit(settings.base_url)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        return Finding("wrong", f"DIGEST_BASE_URL: {settings.base_url} can be read on its way. Use https.")
    return Finding("ok", f"DIGEST_BASE_URL: {settings.base_url}")


def _envelope_from(settings: Settings) -> Finding:
    return Finding(
        "ok", f"DIGEST_ENVELOPE_FROM: {settings.envelope_from or 'not set, so mails have the usual sender'}"
    )


def _one_click(settings: Settings) -> Finding:
    return Finding("ok", f"DIGEST_ONE_CLICK: {'on' if settings.one_click else 'off'}")


def _clock(settings: Settings) -> Finding:
    if settings.clock is None:
        return Finding("ok", "DIGEST_CLOCK: not set, so the clock is this machine's")
    return Finding(
        "note", f"DIGEST_CLOCK: each process starts at {settings.clock.isoformat()}. For rehearsals only."
    )


def _missing(state: State, name: str, more: str = "") -> Finding:
    return Finding(state, f"{name} is not set: {WHAT[name]}.{more}")


LOOKS: tuple[Callable[[Settings], Finding], ...] = (
    _secret,
    _mail_url,
    _mail_from,
    _replies,
    _base_url,
    _inbound_secret,
    _envelope_from,
    _one_click,
    _clock,
)
