"""Owns a Digest with one mailbox and nothing else: no web address, no reply domain, and tags cut off its address.
It must never let a mail reach the service but by that mailbox."""

from __future__ import annotations

import email.policy
import email.utils
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from digest.database import Database
from digest.settings import ImapSettings, Settings
from tests.acceptance.world import Mail, World, reply_bytes
from tests.parts.dovecot import Inbox
from tests.parts.smtp_server import SmtpServer

MAILBOX = "digest@example.org"
HREF = re.compile(r'href="(mailto:[^"]+)"[^>]*>([^<]*)<')


class OneMailbox(World):
    """What is written to the service lies in `mailbox`, without the tag of the address that it was sent to."""

    def __init__(
        self, database: Database, database_url: str, smtp_server: SmtpServer, mailbox: Inbox
    ) -> None:
        self.mailbox = mailbox
        super().__init__(database, database_url, smtp_server)

    def _settings(self, database_url: str, base_url: str) -> Settings:
        usual = super()._settings(database_url, base_url)
        imap = ImapSettings(url=self.mailbox.url)
        return replace(usual, base_url=None, reply_domain=None, reply_address=MAILBOX, imap=imap)

    @property
    def environment(self) -> dict[str, str]:
        usual = super().environment
        del usual["DIGEST_REPLY_DOMAIN"], usual["DIGEST_BASE_URL"]
        return {**usual, "DIGEST_REPLY_ADDRESS": MAILBOX, "DIGEST_IMAP_URL": self.mailbox.url}

    def answer(self, to: Mail, text: str) -> None:
        """Reply to a mail, above the quotation."""
        raw = reply_bytes(to, text).replace(to.reply_to.encode(), MAILBOX.encode())
        self.mailbox.deliver(raw)
        self.tick()

    def tap(self, mail: Mail, label: str, text: str = "") -> None:
        """Tap a link and send the mail that it begins, with `text` typed where it holds none."""
        url = next(url for url, said in begun_by(mail) if label in said)
        self.begin(mail.to, url, text)

    def stop_by_header(self, mail: Mail) -> None:
        """The "unsubscribe" of a mail program."""
        self.begin(mail.to, str(mail.message["List-Unsubscribe"]).strip().strip("<>"))

    def begin(self, sender: str, url: str, text: str = "") -> None:
        fields = parse_qs(urlsplit(url).query, strict_parsing=True)
        message = EmailMessage(policy=email.policy.SMTP)
        message["From"] = email.utils.formataddr(("Somebody", sender))
        message["To"] = MAILBOX
        message["Subject"] = fields["subject"][0]
        message["Message-ID"] = email.utils.make_msgid(domain="client.example")
        message.set_content(fields.get("body", [text])[0])
        assert unquote(urlsplit(url).path).endswith("@example.org")
        self.mailbox.deliver(message.as_bytes())
        self.tick()


def begun_by(mail: Mail) -> list[tuple[str, str]]:
    """(link, label) of each link that begins a mail."""
    return [(html.unescape(url), html.unescape(said)) for url, said in HREF.findall(mail.html)]


@contextmanager
def one_mailbox(
    database: Database, database_url: str, smtp_server: SmtpServer, mailbox: Inbox
) -> Iterator[OneMailbox]:
    made = OneMailbox(database, database_url, smtp_server, mailbox)
    try:
        yield made
    finally:
        made.close()
