"""Owns a talk with the mail server that our mails go out through: what it offers, its certificate, which senders it
takes. It must never hand over a message: each sender that is tried is taken back at once (RSET).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from digest import trust
from digest.access_token import NoToken
from digest.checking.certificate import expiry
from digest.outbound.transports.smtp import Server
from digest.outbound.transports.smtp.line import greeted
from digest.outbound.transports.smtp.login import NoTokenLogin, TokenRefused, log_in
from digest.outbound.transports.smtp.transaction import is_about_sender, is_about_us

PATIENCE = 10.0  # seconds for one answer


class Trouble(Exception):
    """Why the talk ended early: one of the words below, and what was said."""

    def __init__(self, what: str, said: str = "") -> None:
        super().__init__(what)
        self.what, self.said = what, said


@dataclass(frozen=True)
class Answer:
    code: int
    said: str

    @property
    def takes(self) -> bool:
        return 200 <= self.code < 300


@dataclass
class Talk:
    smtp: smtplib.SMTP
    expires: datetime | None  # of the certificate; None without encryption
    offers_starttls: bool

    def would_take(self, mail_from: str, rcpt_to: str) -> Answer:
        """The answer to MAIL FROM; "" is the null reverse-path (RFC 5321, section 4.5.5). Many servers judge the sender
        only when a recipient is named; what they say of the recipient counts for nothing. Raises Trouble where the
        server takes no mail from us, whoever it is from.
        """
        answer = self._asked("MAIL", f"FROM:<{mail_from}>")
        if answer.takes:
            later = self._asked("RCPT", f"TO:<{rcpt_to}>")
            answer = later if not later.takes and is_about_sender(later.said) else answer
        self.smtp.rset()
        return answer

    def _asked(self, command: str, argument: str) -> Answer:
        code, words = self.smtp.docmd(command, argument)
        answer = Answer(code, _text(words))
        if is_about_us(code, answer.said):
            raise Trouble("not-let-in", f"{code} {answer.said}")
        return answer


@contextmanager
def talk(server: Server, patience: float = PATIENCE) -> Generator[Talk]:
    """An SMTP session after TLS and login. Raises Trouble: silent, unwelcome, no-starttls, certificate, login,
    no-token, token, no-token-login, not-let-in, broken.
    """
    smtp = _greeted(server, patience)
    try:
        offers = smtp.has_extn("starttls")
        if server.security == "starttls":
            _encrypted(smtp, server)
        if server.user is not None:
            _logged_in(smtp, server)
        yield Talk(smtp, expiry(smtp.sock), offers)
        smtp.quit()
    except (smtplib.SMTPException, OSError) as error:
        raise Trouble("broken", _reason(error)) from None
    finally:
        smtp.close()


def _greeted(server: Server, patience: float) -> smtplib.SMTP:
    try:
        smtp = greeted(server, patience)
        smtp.ehlo_or_helo_if_needed()
        return smtp
    except ssl.SSLError as error:
        raise Trouble("certificate", _reason(error)) from None
    except smtplib.SMTPConnectError as error:
        raise Trouble("unwelcome", f"{error.smtp_code} {_text(error.smtp_error)}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise Trouble("silent", _reason(error)) from None


def _encrypted(smtp: smtplib.SMTP, server: Server) -> None:
    if not smtp.has_extn("starttls"):
        raise Trouble("no-starttls")
    try:
        smtp.starttls(context=trust.context(server.ca_file))
        smtp.ehlo_or_helo_if_needed()
    except ssl.SSLError as error:
        raise Trouble("certificate", _reason(error)) from None


def _logged_in(smtp: smtplib.SMTP, server: Server) -> None:
    try:
        log_in(smtp, server.user or "", server.password, server.token)
    except NoToken as error:
        raise Trouble("no-token", str(error)) from None
    except TokenRefused as error:
        raise Trouble("token", f"{error.smtp_code} {_text(error.smtp_error)}") from None
    except NoTokenLogin:
        raise Trouble("no-token-login") from None
    except smtplib.SMTPAuthenticationError as error:
        raise Trouble("login", f"{error.smtp_code} {_text(error.smtp_error)}") from None
    except smtplib.SMTPNotSupportedError:
        raise Trouble("login", "it offers no login") from None


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _text(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:200]
