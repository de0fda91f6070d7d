"""Owns a whole Digest for a test: real database, real SMTP server, real HTTP door, and members with mail clients.
It must never reach into the service but by its public doors, except to let its clock and its worker run.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import email.utils
import functools
import http.client
import io
import itertools
import os
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from unittest import mock

from digest import clock
from digest.app import create_app
from digest.cli import run as run_command
from digest.database import Database
from digest.inbound.providers.raw import signature
from digest.outbound.ways_out import transport_for
from digest.settings import Settings
from digest.tick import tick, worker_name
from tests.parts.smtp_server import Received, SmtpServer
from tests.parts.web_server import WebServer

SECRET = "a secret for the tests only"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/[a-z]+/[\w.~-]+")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Mail:
    """One mail as a member finds it in her inbox."""

    envelope_from: str
    to: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""

    @property
    def reply_to(self) -> str:
        return email.utils.parseaddr(str(self.message["Reply-To"]))[1]

    @property
    def links(self) -> list[str]:
        """Every link of the mail, those of the header fields too, in order and once."""
        headers = str(self.message["List-Unsubscribe"] or "")
        return list(dict.fromkeys(LINK.findall(headers + self.text + self.html)))

    def link(self, purpose: str, number: int = 0) -> str:
        """The first link to that kind of page."""
        del number
        return next(
            link for link in self.links if urllib.parse.urlsplit(link).path.startswith(f"/{purpose}/")
        )


class World:
    """One service and the people around it."""

    def __init__(self, database: Database, database_url: str, smtp_server: SmtpServer) -> None:
        self.database, self.smtp_server = database, smtp_server
        self.app = create_app(self._settings(database_url, "http://127.0.0.1:1"), database)
        self._server = WebServer(self.app)
        self.port = self._server.port
        self.settings = self._settings(database_url, f"http://127.0.0.1:{self.port}")
        self.app.extensions["digest.settings"] = self.settings
        self.transport = transport_for(smtp_server.url, self.settings.mail_from)

    def _settings(self, database_url: str, base_url: str) -> Settings:
        return Settings(
            database_url=database_url,
            mail_url=self.smtp_server.url,
            mail_from="digest@example.org",
            reply_domain="in.example.org",
            base_url=base_url,
            secret=(SECRET,),
            inbound_secret=(SECRET,),
        )

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DIGEST_DATABASE_URL": self.settings.database_url,
            "DIGEST_MAIL_URL": self.smtp_server.url,
            "DIGEST_MAIL_FROM": "digest@example.org",
            "DIGEST_REPLY_DOMAIN": "in.example.org",
            "DIGEST_BASE_URL": self.settings.base_url or "",
            "DIGEST_SECRET": SECRET,
            "DIGEST_INBOUND_SECRET": SECRET,
            "DIGEST_CLOCK": clock.now().isoformat(),
        }

    def close(self) -> None:
        self._server.close()
        self.transport.close()
        clock.start_at(None)

    # the administrator

    def run(self, *arguments: str) -> tuple[int, str]:
        """A `digest` command as the administrator types it: its exit code and all that it said."""
        said = io.StringIO()
        with (
            mock.patch.dict(os.environ, self.environment),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            return run_command(arguments), said.getvalue()

    def done(self, *arguments: str) -> str:
        exit_code, said = self.run(*arguments)
        assert exit_code == 0, said
        return said

    # time

    def at(self, when: str) -> None:
        """Let the clock show an instant such as 2026-03-31T09:00+02:00, and everything that is due happen."""
        clock.start_at(datetime.fromisoformat(when))
        self.tick()

    def tick(self) -> None:
        tick(self.database, self.settings, self.transport, worker_name())

    def tick_at_once(self, workers: int) -> None:
        """As many workers as that, each with its own connections, at the same moment."""
        start = threading.Barrier(workers)

        def work() -> None:
            with contextlib.closing(
                transport_for(self.smtp_server.url, self.settings.mail_from)
            ) as transport:
                start.wait()
                tick(self.database, self.settings, transport, worker_name())

        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(work) for _ in range(workers)]:
                done.result()

    # mailboxes

    def inbox(self, address: str) -> list[Mail]:
        """The mails that address got, oldest first."""
        return [_mail(one) for one in list(self.smtp_server.received) if one.rcpt_tos[0] == address]

    def last(self, address: str) -> Mail:
        return self.inbox(address)[-1]

    def prompt(self, name: str) -> Mail:
        """The newest prompt of that member of the packaging group."""
        prompts = [
            mail
            for mail in self.inbox(f"{name}@example.com")
            if re.fullmatch(r"[^:]*, (week|Woche) \d+", mail.subject)
        ]
        return prompts[-1]

    # the way in

    def reply(self, to: Mail, text: str, *, sender: str | None = None, quote: bool = True) -> int:
        """Answer a mail as a client does, above the quotation; the HTTP answer of the door."""
        return self.post(reply_bytes(to, text, sender=sender, quote=quote), to.reply_to, sender or to.to)

    def post(
        self, raw: bytes, rcpt_to: str, mail_from: str, *, secret: str = SECRET, timestamp: int | None = None
    ) -> int:
        """One signed request at the raw door; its status."""
        at = str(int(time.time()) if timestamp is None else timestamp)
        headers = {
            "Content-Type": "message/rfc822",
            "X-Digest-Mail-From": mail_from,
            "X-Digest-Rcpt-To": rcpt_to,
            "X-Digest-Timestamp": at,
            "X-Digest-Signature": signature(secret, at, mail_from, rcpt_to, [raw]),
        }
        return self.http("POST", "/inbound/raw", raw, headers).status

    # the browser without a screen

    def http(
        self, method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            parts = urllib.parse.urlsplit(url)
            connection.request(method, parts.path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read().decode())
        finally:
            connection.close()

    def get(self, url: str) -> Answer:
        return self.http("GET", url)

    def press(self, url: str, **fields: str) -> Answer:
        """Press the button of a page."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.http("POST", url, urllib.parse.urlencode(fields).encode(), form)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@contextlib.contextmanager
def world(database: Database, database_url: str, smtp_server: SmtpServer) -> Iterator[World]:
    made = World(database, database_url, smtp_server)
    try:
        yield made
    finally:
        made.close()


@functools.lru_cache(512)  # an inbox is looked at often
def _mail(received: Received) -> Mail:
    message = email.message_from_bytes(received.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return Mail(received.mail_from.strip("<>"), received.rcpt_tos[0], message)


def reply_bytes(to: Mail, text: str, *, sender: str | None = None, quote: bool = True) -> bytes:
    """A reply as a plain mail client composes it: typed text, attribution, quotation, signature."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = email.utils.formataddr(("Somebody", sender or to.to))
    message["To"] = to.reply_to
    message["Subject"] = to.subject if to.subject.startswith("Re: ") else f"Re: {to.subject}"
    message["Date"] = email.utils.format_datetime(clock.now())
    message["Message-ID"] = f"<reply-{next(_numbers)}@client.example>"
    message["In-Reply-To"] = str(to.message["Message-ID"]).strip()
    quoted = "".join(f"> {line}\n" for line in to.text.splitlines())
    attribution = f"On Tue, 31 Mar 2026 at 09:00, {to.message['From']} wrote:\n"
    message.set_content(f"{text}\n\n{attribution}{quoted}" if quote else f"{text}\n")
    return message.as_bytes()
