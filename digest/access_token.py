"""Owns the access token by which a mail server is logged in to without a password (RFC 6749, section 4.4, or RFC 7523).
It must never follow the token server elsewhere, nor let a token or a secret into an error.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from digest.errors import Misuse, Transient
from digest.jwt_bearer import JwtBearer, read_key_file
from digest.variables import TokenNames, TokenSettings

PATIENCE = 20.0  # seconds
EARLY = 300.0  # seconds before its end in which a token is not used any more
USUAL_LIFE = 3600.0  # seconds, where the server does not say (RFC 6749, section 5.1)
LARGEST_ANSWER = 256 * 1024


class NoToken(Transient):
    """The token server is away, or gives none; says which of the settings to look at."""


@dataclass(frozen=True)
class Client:
    """Who asks by client credentials."""

    client_id: str
    client_secret: str = field(repr=False)
    scope: str | None = None

    def form(self) -> dict[str, str]:
        named = {"client_id": self.client_id, "client_secret": self.client_secret}
        return {"grant_type": "client_credentials", **named, **({"scope": self.scope} if self.scope else {})}


@dataclass(frozen=True)
class TokenSource:
    """Where an access token comes from, who asks for it, and by which variables that was said."""

    url: str
    asker: Client | JwtBearer
    names: TokenNames = field(repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def name(self) -> str:
        """The variable to name where something of it is wrong."""
        return self.names.url if isinstance(self.asker, Client) else self.names.key_file

    @property
    def advice(self) -> str:
        if isinstance(self.asker, Client):
            return f"Check {self.names.client_id}, its secret and its scope."
        return f"Check {self.name}, the clock here, and who allows it to act for the mailbox's user."


def token_source(given: TokenSettings, user: str) -> TokenSource | None:
    """Where the tokens for that user's mailbox come from; None where no variable says so. Raises Misuse where only some
    of them are set, where two askers are, and for an address that is not safe.
    """
    names, needed = given.names, (given.url, given.client_id, given.client_secret)
    missing = [name for name, value in zip(names, needed, strict=False) if not value]
    if given.key_file:
        if len(missing) < len(needed):
            raise Misuse(f"{names.key_file} says all that is needed. Leave out {', '.join(names[:3])}.")
        account = read_key_file(given.key_file, user, given.scope, names.key_file)
        return _safe(TokenSource(account.token_url, account, names))
    if len(missing) == len(needed):
        return None
    if missing:
        raise Misuse(f"To log in by OAuth set {', '.join(missing)} as well.")
    client = Client(given.client_id or "", given.client_secret or "", given.scope)
    return _safe(TokenSource(given.url or "", client, names))


def _safe(source: TokenSource) -> TokenSource:
    if not _is_safe(source.url):
        what = "is" if isinstance(source.asker, Client) else "names"
        raise Misuse(
            f"{source.name} {what} no address of a page that is safe to ask. It begins with https://."
        )
    return source


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and parts.port != 0 and url.isascii()
    except ValueError:  # no such port, or no such address
        return False


@dataclass
class AccessToken:
    """The token of one source, fetched when it is needed and kept until shortly before it ends."""

    source: TokenSource
    _token: str = field(default="", repr=False)
    _good_until: float = 0.0

    def get(self) -> str:
        """Raises NoToken that says why there is none."""
        if time.monotonic() >= self._good_until:
            self._token, life = _fetch(self.source)
            self._good_until = time.monotonic() + max(0.0, life - EARLY)
        return self._token

    def forget(self) -> None:
        """Fetch another one next time: the mail server refused this one."""
        self._good_until = 0.0


def _fetch(source: TokenSource) -> tuple[str, float]:
    status, body = _post(source, urlencode(source.asker.form()).encode())
    answer = _object(body)
    token, life = answer.get("access_token"), answer.get("expires_in")
    if (
        status != 200
        or not isinstance(token, str)
        or not token
        or not (token.isascii() and token.isprintable())
    ):
        said = answer.get("error")
        reason = said if isinstance(said, str) and said.isidentifier() else f"status {status}"
        raise NoToken(f"the token server gives no token: {reason}. {source.advice}")
    return token, float(life) if isinstance(life, int | float | str) and _is_number(life) else USUAL_LIFE


def _post(source: TokenSource, form: bytes) -> tuple[int, bytes]:
    """Over TLS only; a redirection is an answer like any other, so the secret goes nowhere else."""
    parts = urlsplit(source.url)
    connection = HTTPSConnection(parts.hostname or "", parts.port or 443, timeout=PATIENCE)
    path = parts.path or "/"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, form, headers)
        response = connection.getresponse()
        return response.status, response.read(LARGEST_ANSWER)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise NoToken(
            f"the token server at {source.host} cannot be asked: {reason}. "
            f"Check {source.name} and the firewall."
        ) from None
    finally:
        connection.close()


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}


def _is_number(value: float | str) -> bool:
    try:
        return 0 <= float(value) < 1e9
    except ValueError:
        return False
