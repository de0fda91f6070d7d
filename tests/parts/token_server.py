"""Owns a real token server on loopback, over TLS: tokens for client credentials (RFC 6749, section 4.4) and for what a
service account signs (RFC 7523), and what a mail server asks about one (RFC 7662). It must never vouch for a token that
it did not give."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from digest.access_token import Client, TokenSource
from digest.settings import TokenSettings
from digest.variables import MAIL_TOKENS, TokenNames
from tests.parts import google

CLIENT, SECRET, SCOPE = "an id", "a secret", "a scope"


class TokenServer(HTTPServer):
    """Gives tokens for `user` to whoever knows the secret; `asked` holds the forms. A token is good until `expire`.

    `answer` is said instead of a token where it is set.
    """

    answer: tuple[int, bytes] | None = None

    def __init__(self, certificate: Path, key: Path, user: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.user = user
        self.asked: list[dict[str, list[str]]] = []
        self.given = 0
        self._good: set[str] = set()
        self.certificate = certificate
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"https://{host}:{self.server_port}/{path}"

    def source(self, names: TokenNames = MAIL_TOKENS) -> TokenSource:
        return TokenSource(self.url("token"), Client(CLIENT, SECRET, SCOPE), names)

    def settings(self, names: TokenNames = MAIL_TOKENS, secret: str = SECRET) -> TokenSettings:
        return TokenSettings(names, self.url("token"), CLIENT, secret, SCOPE)

    def account_settings(self, names: TokenNames = MAIL_TOKENS, **changes: object) -> TokenSettings:
        return TokenSettings(names, key_file=google.key_file(self.url("token"), **changes))

    def as_new(self) -> None:
        self.answer = None
        self.asked.clear()

    def expire(self) -> None:
        """Every token that was given is good no more."""
        self._good.clear()

    def token_for(self, form: dict[str, list[str]]) -> tuple[int, bytes]:
        self.asked.append(form)
        if self.answer is not None:
            return self.answer
        if form["grant_type"] == [google.GRANT]:
            refusal = google.refusal(form, self.url("token"), self.user)
            if refusal:
                return 400, json.dumps({"error": refusal}).encode()
        elif (form.get("client_id"), form.get("client_secret")) != ([CLIENT], [SECRET]):
            return 401, b'{"error": "invalid_client"}'
        self.given += 1
        token = f"token-{self.given}-" + "x" * 1500  # as long as they really are
        self._good.add(token)
        return 200, json.dumps({"access_token": token, "expires_in": 3600, "token_type": "Bearer"}).encode()

    def said_of(self, token: str) -> tuple[int, bytes]:
        active = token in self._good
        return 200, json.dumps(
            {"active": active, "username": self.user} if active else {"active": active}
        ).encode()


class Handler(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.path == "/introspect":
            status, answer = self.server.said_of(form["token"][0])
        else:
            status, answer = self.server.token_for(form)
        self.send_response(status)
        self.send_header("Location", "https://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def running_token_server(
    certificate: Path, key: Path, user: str = "digest@example.org"
) -> Iterator[TokenServer]:
    """SSL_CERT_FILE has to name the certificate before anybody trusts it."""
    with TokenServer(certificate, key, user) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
