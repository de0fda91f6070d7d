"""Owns one kept connection to the submission server (RFC 5321, 6409): TLS, login, commands and their answers.
It must never decide what an answer means for a mail.
"""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from digest import trust
from digest.access_token import AccessToken, NoToken
from digest.outbound.transports.smtp.login import NoTokenLogin, TokenRefused, log_in

PATIENCE = 60.0  # seconds for one answer, and for a connection
PATIENCE_AT_THE_END = 600.0  # for the answer to a whole message (RFC 5321, section 4.5.3.2.6)
MESSAGES_PER_CONNECTION = 100
LONGEST_ANSWER = 65536  # octets
LOST = (smtplib.SMTPException, OSError)
NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
#: One answer, of one line or more, its last without the hyphen (RFC 5321, section 4.2.1).
ANSWER = re.compile(rb"(?:...-.*\n)*(?!...-)(.{0,3}).*\n")


@dataclass(frozen=True)
class Server:
    """Where and how to submit; `security` is "none", "starttls" or "tls"."""

    host: str
    port: int
    security: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: AccessToken | None = None  # instead of a password
    ca_file: Path | None = None  # of the company's own authority, trusted beside the machine's
    connections: int = 1
    per_domain: int | None = None  # mails to one recipient domain at the same moment
    fixed_from: str | None = None  # taken where the server refuses another sender


@dataclass(frozen=True)
class Reply:
    code: int
    lines: bytes  # as they came, each with its code

    @property
    def text(self) -> str:
        words = [line[4:].strip() for line in self.lines.split(b"\n")[:-1]]
        return b"\n".join(words).decode("utf-8", "replace")

    @property
    def refuses(self) -> bool:
        return self.code >= 400


class Line:
    def __init__(self, server: Server) -> None:
        """Opens it. Raises what smtplib and the network raise, and NoToken."""
        self._smtp = _connected(server)
        self._sock = _not_waiting(self._smtp)
        self._readable = select.poll()
        self._readable.register(self._sock, select.POLLIN)
        self._takes_groups = self._smtp.has_extn("pipelining")
        self._received = b""  # and not yet read
        self._until = 0.0
        self.takes_size = self._smtp.has_extn("size")
        self.handed_over = 0
        self.unfinished = False  # a transaction was begun and not ended

    @property
    def is_usable(self) -> bool:
        """Whether another message can go; what can be read now could only be the server's farewell."""
        if self._smtp.sock is None or self.handed_over >= MESSAGES_PER_CONNECTION:
            return False
        return not self._readable.poll(0)

    def ask(self, *commands: str) -> Generator[None, None, list[Reply]]:
        """The answers, up to the first that refuses; in one go where the server takes groups (RFC 2920, 3.1).

        It pauses wherever the server has to answer, so that other lines can be written to meanwhile.
        """
        replies: list[Reply] = []
        for group in [commands] if self._takes_groups else [(command,) for command in commands]:
            self.write("".join(f"{command}\r\n" for command in group).encode("ascii"), PATIENCE)
            yield
            for _ in group:
                replies.append(self.read())
                if replies[-1].code == 421:
                    return replies
            if replies[-1].refuses:
                break
        return replies

    def write(self, octets: bytes, patience: float) -> None:
        """Send, and give the answer so many seconds from now."""
        self._until = time.monotonic() + PATIENCE
        rest = memoryview(octets)
        while rest:
            try:
                rest = rest[self._open_socket().send(rest) :]
            except NOT_YET as not_yet:
                self._wait(not_yet, select.POLLOUT)
        self._until = time.monotonic() + patience

    def read(self) -> Reply:
        """One answer."""
        while not (answer := ANSWER.match(self._received)):
            self._receive()
        self._received = self._received[answer.end() :]
        if not answer[1].isdigit():
            raise smtplib.SMTPServerDisconnected("The server's answer cannot be read.")
        return Reply(int(answer[1]), answer[0])

    def _receive(self) -> None:
        try:
            more = self._open_socket().recv(LONGEST_ANSWER)
        except NOT_YET as not_yet:
            self._wait(not_yet, select.POLLIN)
            return
        if not more or len(self._received) > LONGEST_ANSWER:
            raise smtplib.SMTPServerDisconnected("The connection was closed.")
        self._received += more

    def _wait(self, not_yet: OSError, usual: int) -> None:
        """Until the socket can go on; TLS may have to read before it writes, and write before it reads."""
        if isinstance(not_yet, ssl.SSLError):
            usual = select.POLLIN if isinstance(not_yet, ssl.SSLWantReadError) else select.POLLOUT
        ready = select.poll()
        ready.register(self._sock, usual)
        if not ready.poll(1000 * max(0.0, self._until - time.monotonic())):
            raise TimeoutError("timed out")

    def quit(self) -> None:
        with suppress(*LOST):
            self._open_socket().settimeout(PATIENCE)
            self._smtp.quit()
        self.drop()

    def drop(self) -> None:
        with suppress(*LOST):
            self._smtp.close()

    def _open_socket(self) -> socket.socket:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("The connection is closed.")
        return self._smtp.sock


def _not_waiting(smtp: smtplib.SMTP) -> socket.socket:
    """The connection's socket, which from now on raises where it would have to wait."""
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected("The connection is closed.")
    smtp.sock.setblocking(False)
    return smtp.sock


def _connected(server: Server) -> smtplib.SMTP:
    smtp = greeted(server, PATIENCE)
    try:
        if server.security == "starttls":
            smtp.starttls(context=trust.context(server.ca_file))
        smtp.ehlo_or_helo_if_needed()
        if server.user is not None:
            log_in(smtp, server.user, server.password, server.token)
        if smtp.sock is not None:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        smtp.close()
        raise
    return smtp


def greeted(server: Server, patience: float) -> smtplib.SMTP:
    """A connection on which the server has said that it is there. Raises what smtplib and the network raise."""
    if server.security == "tls":
        context = trust.context(server.ca_file)
        return smtplib.SMTP_SSL(server.host, server.port, _own_name(), timeout=patience, context=context)
    return smtplib.SMTP(server.host, server.port, _own_name(), timeout=patience)


@cache
def _own_name() -> str:
    name = socket.getfqdn()
    return name if "." in name else "localhost"


def what_failed(error: Exception) -> str:
    """Why no line could be opened, in a sentence for the operator."""
    if isinstance(error, NoToken):
        return f"Nobody can log in: {error}"
    if isinstance(error, TokenRefused):
        return (
            "The mail server refused the access token. A new one is tried next; if that is refused too, "
            "the application may not send for this mailbox."
        )
    if isinstance(error, NoTokenLogin):
        return f"The mail server takes no access token: {error}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server refused the user name or password."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"The mail server offers less than DIGEST_MAIL_URL asks for: {error}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The mail server's certificate is not trusted ({error.verify_message}). Name its authority: ?ca=FILE."
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        return f"The mail server sends us away: {error.smtp_code} {text}"[:300]
    return f"{type(error).__name__}: {error}"[:300]
