"""Owns the login to the submission server: by password, or by an access token (XOAUTH2, and OAUTHBEARER of RFC 7628).
It must never keep or show what the server says of a token, nor try a login a second time.

| what the server says to a token | what becomes of it |
|---|---|
| 235 | logged in |
| 334 with its reasons, as JSON | answered with nothing, or the one octet of RFC 7628; then it refuses |
| 4xx | the token is kept: the server cannot look at it just now |
| 5xx | the token is forgotten, so that the next try is with a new one |
"""

from __future__ import annotations

import smtplib
from base64 import b64encode

from digest.access_token import AccessToken

DONE, GO_ON = 235, 334  # RFC 4954, section 6


class TokenRefused(smtplib.SMTPAuthenticationError):
    """The server does not accept the token, or does not let its application into this mailbox."""


class NoTokenLogin(smtplib.SMTPNotSupportedError):
    """The server offers neither XOAUTH2 nor OAUTHBEARER."""


def log_in(smtp: smtplib.SMTP, user: str, password: str | None, token: AccessToken | None) -> None:
    """Raises what smtplib and the network raise, and NoToken."""
    if token is not None:
        _show(token, smtp, user)
    elif f"{user}{password}".isascii():
        smtp.login(user, password or "")
    else:  # PLAIN is UTF-8 (RFC 4616), and smtplib writes ASCII alone
        code, said = _exchange(smtp, "PLAIN", f"\0{user}\0{password}", "")
        if code != DONE:
            raise smtplib.SMTPAuthenticationError(code, said)


def _show(token: AccessToken, smtp: smtplib.SMTP, user: str) -> None:
    mechanism = _mechanism(smtp)
    if mechanism == "XOAUTH2":
        first, last = f"user={user}\1auth=Bearer {token.get()}\1\1", ""
    else:  # RFC 7628, sections 3.1 and 3.2.3
        name = user.replace("=", "=3D").replace(",", "=2C")
        first, last = f"n,a={name},\1auth=Bearer {token.get()}\1\1", "\1"
    code, said = _exchange(smtp, mechanism, first, last)
    if 400 <= code < 500:
        raise smtplib.SMTPResponseException(code, said)
    if code != DONE:
        token.forget()
        raise TokenRefused(code, said)


def _mechanism(smtp: smtplib.SMTP) -> str:
    """What Microsoft and Google document goes before the standard."""
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    for mechanism in ("XOAUTH2", "OAUTHBEARER"):
        if mechanism in offered:
            return mechanism
    raise NoTokenLogin("it offers no login by OAuth (XOAUTH2 or OAUTHBEARER).")


def _exchange(smtp: smtplib.SMTP, mechanism: str, first: str, last: str) -> tuple[int, bytes]:
    """A token follows on a line of its own: the command would be too long with it (RFC 4954, section 4)."""
    code, said = smtp.docmd("AUTH", mechanism)
    for response in (first, last):
        if code == GO_ON:
            code, said = smtp.docmd(b64encode(response.encode()).decode("ascii"))
    return code, said
