"""Owns SMTP submission (RFC 5321, 6409): one kept connection, TLS, authentication. It must never change a
message."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from digest.outbound.transport import DeliveryResult, Result

TIMEOUT = 60.0  # seconds for one answer
MESSAGES_PER_CONNECTION = 100
ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True)
class Server:
    """Where and how to submit; `security` is "none", "starttls" or "tls"."""

    host: str
    port: int
    security: str
    user: str | None = None
    password: str | None = None
    fallback_from: str | None = None  # tried where the server refuses a null reverse-path


class SmtpTransport:
    def __init__(self, server: Server) -> None:
        self.server = server
        self._connection: smtplib.SMTP | None = None
        self._sent = 0
        self._null_path_refused = False

    def send(self, mail_from: str, rcpt_to: str, raw: bytes) -> DeliveryResult:
        try:
            return self._send(self._sender(mail_from), rcpt_to, raw)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return _failure(error)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            _quietly(connection.quit)

    def _send(self, mail_from: str, rcpt_to: str, raw: bytes) -> DeliveryResult:
        connection, (code, words) = self._begin(mail_from, len(raw))
        if 500 <= code < 600 and not mail_from and self.server.fallback_from:
            self._null_path_refused = True  # many submission hosts refuse an empty sender: remembered
            connection.rset()
            return self._send(self.server.fallback_from, rcpt_to, raw)
        if code == 250:
            code, words = connection.rcpt(rcpt_to)
        if code not in (250, 251):
            _quietly(connection.rset)
            return _answered(code, words)
        return _answered(*connection.data(raw))

    def _sender(self, mail_from: str) -> str:
        fallback = self.server.fallback_from
        return fallback if not mail_from and self._null_path_refused and fallback else mail_from

    def _begin(self, mail_from: str, size: int) -> tuple[smtplib.SMTP, tuple[int, bytes]]:
        """A transaction on the kept connection; on a new one where it was cut, since nothing was handed
        over yet."""
        if self._connection is not None and self._sent < MESSAGES_PER_CONNECTION:
            try:
                self._sent += 1
                return self._connection, _mail(self._connection, mail_from, size)
            except (smtplib.SMTPServerDisconnected, OSError):
                pass
        self.close()
        self._connection, self._sent = self._connect(), 1
        return self._connection, _mail(self._connection, mail_from, size)

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        context = ssl.create_default_context()
        name = socket.getfqdn() if "." in socket.getfqdn() else "localhost"
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=TIMEOUT, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, name, timeout=TIMEOUT)
        try:
            if server.security == "starttls":
                connection.starttls(context=context)
            connection.ehlo_or_helo_if_needed()
            if server.user is not None:
                connection.login(server.user, server.password or "")
        except BaseException:
            connection.close()
            raise
        return connection


def _mail(connection: smtplib.SMTP, mail_from: str, size: int) -> tuple[int, bytes]:
    options = [f"SIZE={size}"] if connection.has_extn("size") else []
    return connection.mail(mail_from, options)


def _answered(code: int, words: bytes | str) -> DeliveryResult:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    result: Result = "sent" if 200 <= code < 300 else "deferred" if code < 500 else "rejected"
    found = ENHANCED.search(text)
    status = found.group(1) if found else None
    return DeliveryResult(result, status, f"{code} {text}"[:300])


def _failure(error: Exception) -> DeliveryResult:
    """What is the network's or the login's fault may pass; it never counts against the recipient."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = "The mail server refused the user name or password."
        return DeliveryResult("deferred", "4.7.8", said, nobody_answers=True)
    if isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        return DeliveryResult("deferred", "4.3.0", f"{code} {text}"[:300])
    return DeliveryResult("deferred", "4.4.1", f"{type(error).__name__}: {error}"[:300], nobody_answers=True)


def _quietly(act: Callable[[], object]) -> None:
    with suppress(smtplib.SMTPException, OSError):
        act()
