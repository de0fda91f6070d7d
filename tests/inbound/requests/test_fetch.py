"""The one page that a door reads from the network: over TLS that it trusts, at once, and from nowhere else."""

from __future__ import annotations

import http.server
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from digest.errors import Transient
from digest.inbound.requests.fetch import LONGEST, fetch
from tests.checking.certificates import server_context


@dataclass
class Pages:
    """A server on loopback, and the paths that were asked for."""

    url: str
    trusted: ssl.SSLContext
    asked: list[str] = field(default_factory=list[str])

    def get(self, path: str, patience: float = 5.0) -> bytes:
        return fetch(self.url + path, trusted=self.trusted, patience=patience)


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    context, certificate = server_context(tmp_path)
    made = Pages("", ssl.create_default_context(cafile=str(certificate)))
    ended = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            status, body = ANSWERS[self.path.partition("?")[0]]
            self.send_response(status)
            self.send_header("Location", "/page")
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)
                while self.path == "/drips" and not ended.wait(0.05):
                    self.wfile.write(b".")
            if self.path == "/hangs":
                ended.wait(10)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    made.url = f"https://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    ended.set()
    server.shutdown()
    server.server_close()


ANSWERS = {
    "/page": (200, b"the page"),
    "/moved": (302, b""),
    "/gone": (404, b"no such page"),
    "/long": (200, b"x" * (LONGEST + 5000)),
    "/drips": (200, b"."),
    "/hangs": (200, b""),
}


def test_a_page_is_read_with_its_query(pages: Pages) -> None:
    assert pages.get("/page?Action=ConfirmSubscription&Token=2336") == b"the page"
    assert pages.asked == ["/page?Action=ConfirmSubscription&Token=2336"]


def test_no_redirect_is_followed(pages: Pages) -> None:
    with pytest.raises(Transient):
        pages.get("/moved")
    assert pages.asked == ["/moved"]


def test_what_is_not_there_may_be_there_later(pages: Pages) -> None:
    with pytest.raises(Transient):
        pages.get("/gone")


def test_no_more_is_read_than_a_certificate_needs(pages: Pages) -> None:
    assert len(pages.get("/long")) == LONGEST


@pytest.mark.parametrize("path", ["/drips", "/hangs"])
def test_a_slow_page_is_given_up(pages: Pages, path: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Transient):
        pages.get(path, patience=0.3)
    assert time.monotonic() - begun < 4


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(pages: Pages) -> None:
    with pytest.raises(Transient):
        fetch(f"{pages.url}/page")
    assert pages.asked == []


def test_where_nobody_answers_it_is_tried_again() -> None:
    with pytest.raises(Transient):
        fetch("https://127.0.0.1:1/page")
