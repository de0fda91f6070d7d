"""Behaviour of access tokens, with a real TLS server: fetched once, kept, and never sent elsewhere."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from digest.errors import Transient
from digest.inbound.imap.access_token import EARLY, AccessToken
from digest.inbound.imap.account import TokenSource
from tests.certificate import self_signed


class TokenServer(HTTPServer):
    """Answers as it is told; `asked` holds the forms."""

    answer: tuple[int, bytes] = (200, b"{}")

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, list[str]]] = []
        self.certificate, key = self_signed(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def source(self) -> TokenSource:
        return TokenSource(f"https://127.0.0.1:{self.server_port}/token", "an id", "a secret", "a scope")


class Handler(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(parse_qs(body))
        status, answer = self.server.answer
        self.send_response(status)
        self.send_header("Location", "https://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenServer]:
    running = TokenServer(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(running.certificate))
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


def test_a_token_is_fetched_once_and_again_shortly_before_it_ends(
    server: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer = 200, json.dumps({"access_token": "a token", "expires_in": 3600}).encode()
    token = AccessToken(server.source())
    assert [token.get() for _ in range(3)] == ["a token"] * 3
    assert server.asked == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["an id"],
            "client_secret": ["a secret"],
            "scope": ["a scope"],
        }
    ]
    later = time.monotonic() + 3600 - EARLY + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    token.get()
    assert len(server.asked) == 2


def test_a_token_that_was_refused_is_fetched_anew(server: TokenServer) -> None:
    server.answer = 200, b'{"access_token": "a token", "expires_in": "3599"}'
    token = AccessToken(server.source())
    token.get()
    token.forget()
    token.get()
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((400, b'{"error": "invalid_client", "error_description": "a secret"}'), "invalid_client"),
        ((401, b"<html>"), "status 401"),
        ((200, b'{"access_token": ""}'), "status 200"),
        ((200, b'{"access_token": 5}'), "status 200"),
        ((200, b"[]"), "status 200"),
        ((200, b'{"access_token": "a\\r\\nb"}'), "status 200"),
        ((302, b'{"access_token": "a token"}'), "status 302"),
    ],
)
def test_what_is_no_token_is_told_without_its_secrets(
    server: TokenServer, answer: tuple[int, bytes], words: str
) -> None:
    server.answer = answer
    with pytest.raises(Transient, match=words) as told:
        AccessToken(server.source()).get()
    assert "a secret" not in str(told.value)
    assert len(server.asked) == 1


def test_a_server_that_nobody_vouches_for_gets_no_secret(
    server: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Transient, match="cannot be asked"):
        AccessToken(server.source()).get()
    assert server.asked == []
