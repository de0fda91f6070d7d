"""Owns the servers of a company whose one mailbox takes access tokens alone: Dovecot to read it, Postfix to send by it,
and who gives the tokens. It must never be trusted where SSL_CERT_FILE does not name `certificate`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.parts.dovecot import Dovecot, Inbox, TokenLogin, running_dovecot
from tests.parts.postfix import Postfix
from tests.parts.smtp_server import Received
from tests.parts.token_server import TokenServer, running_token_server

USER = "digest@example.org"


@dataclass(frozen=True)
class OneLogin:
    tokens: TokenServer
    postfix: Postfix
    dovecot: Dovecot

    @property
    def certificate(self) -> Path:
        return self.postfix.certificate

    @property
    def inbox(self) -> Inbox:
        return Inbox(self.dovecot, USER)

    def received_by(self, address: str) -> list[Received]:
        """What went out to it, in order."""
        return [one for one in list(self.postfix.outside.received) if one.rcpt_tos == (address,)]

    @property
    def mail_url(self) -> str:
        return f"smtp+starttls://{quote(USER)}@127.0.0.1:{self.postfix.submission}"

    @property
    def imap_url(self) -> str:
        return f"imap://{quote(USER)}@127.0.0.1:{self.dovecot.port}/INBOX"


@contextmanager
def running_one_login(postfix: Postfix) -> Iterator[OneLogin]:
    """Raises NoDovecot."""
    with running_token_server(postfix.certificate, postfix.key, USER) as tokens:
        by_token = TokenLogin(tokens.url("introspect", "localhost"), postfix.certificate, postfix.auth)
        with running_dovecot(by_token=by_token) as dovecot:
            yield OneLogin(tokens, postfix, dovecot)
