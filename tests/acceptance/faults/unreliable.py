"""Owns a service whose senders and database fail now and then: connections are slow or cut, the database is away,
the disk is full. It must never fail in a way that the world outside could not.

Another way in is added to `WAYS_IN`: given the service it gives a function that wraps a letter once; that one gives a
function that makes one try with a fault: True where the sender is told that the letter is stored, False where it tries
again. Where the sender would give up, it raises Lost.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import psycopg
from sqlalchemy import Connection, event, make_url

from digest import sqlite
from digest.app import create_app
from digest.database import Database, connect
from digest.settings import Settings
from tests.inbound.http_doors import NEW
from tests.inbound.letter import Letter
from tests.inbound.payloads import Post, mailgun, postmark, sendgrid, ses
from tests.inbound.payloads.raw import raw_post
from tests.parts.web_server import WebServer

Fault = Literal["none", "slow", "cut in the middle", "cut before the answer", "twice"]
FAULTS: tuple[Fault, ...] = ("none", "none", "slow", "cut in the middle", "cut before the answer", "twice")
PATIENCE = 30.0  # seconds that a sender waits for an answer
BUSY_TIMEOUT = 200  # milliseconds, in place of thirty seconds
PAIR = "digest:a new password"


class Lost(AssertionError):
    """A sender gave a letter up."""


@dataclass
class Service:
    """Every way in of one service, on a database that can be taken away."""

    database: Database
    settings: Settings
    port: int
    amazon: ses.Amazon
    full: bool = False

    @contextlib.contextmanager
    def without_database(self) -> Iterator[None]:
        """PostgreSQL refuses everybody; of SQLite somebody holds the only lock longer than we wait."""
        if self.database.is_sqlite:
            with contextlib.closing(sqlite3.connect(self._file, isolation_level=None, timeout=30)) as other:
                other.execute("BEGIN IMMEDIATE")
                yield
                other.execute("ROLLBACK")
            return
        url = make_url(self.settings.database_url)
        server = url.set(drivername="postgresql", database="postgres")
        with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as other:
            other.execute(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false".encode())
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (url.database,)
            )
            try:
                yield
            finally:
                other.execute(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true".encode())

    @contextlib.contextmanager
    def without_space(self) -> Iterator[None]:
        """A full disk, as SQLite itself plays it; on PostgreSQL nothing happens."""
        self.full = True
        try:
            yield
        finally:
            self.full = False

    @property
    def _file(self) -> str:
        return make_url(self.settings.database_url).database or ""


@contextlib.contextmanager
def service(settings: Settings) -> Iterator[Service]:
    """A real HTTP server with every provider's door open, besides what the settings have."""
    settings = replace(settings, **OPEN)
    usual, sqlite.BUSY_TIMEOUT = sqlite.BUSY_TIMEOUT, BUSY_TIMEOUT
    database = connect(settings.database_url)
    app = create_app(settings, database)
    made = Service(database, settings, 0, ses.amazon())
    app.extensions["digest.fetch"] = made.amazon.fetch
    if database.is_sqlite:
        event.listen(database.engine, "begin", lambda connection: _bound(connection, made.full))
    server = WebServer(app)
    made.port = server.port
    try:
        yield made
    finally:
        server.close()
        database.close()
        sqlite.BUSY_TIMEOUT = usual


def _bound(connection: Connection, full: bool) -> None:
    connection.exec_driver_sql(f"PRAGMA max_page_count={1 if full else 2**30}")


Try = Callable[[Fault], bool]
WayIn = Callable[[Service], Callable[[Letter], Try]]


def by_http(
    write: Callable[[Service, Letter], Post], is_final: Callable[[int], bool], *, anew: bool = False
) -> WayIn:
    """A provider's way: `is_final` says after which of the answers that are not 200 it never tries again; `anew` is one
    that signs each try by itself, where the others send the same once more."""

    def wrapped(made: Service) -> Callable[[Letter], Try]:
        def wrap(letter: Letter) -> Try:
            first = write(made, letter)
            return _trying(made, (lambda: write(made, letter)) if anew else (lambda: first), is_final)

        return wrap

    return wrapped


def _trying(made: Service, written: Callable[[], Post], is_final: Callable[[int], bool]) -> Try:
    def once(fault: Fault) -> bool:
        post = written()
        status = _send(made.port, post, fault)
        if status is not None and status != 200 and is_final(status):
            raise Lost(f"{post.path} was answered {status}, which is final")
        return status == 200

    return once


def _send(port: int, post: Post, fault: Fault) -> int | None:
    """The answer; None where there was none."""
    if fault == "twice":
        _send(port, post, "none")
    head = f"POST {post.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {len(post.body)}\r\n"
    whole = (head + "".join(f"{name}: {value}\r\n" for name, value in post.headers.items()) + "\r\n").encode()
    half = len(whole) + len(post.body) // 2
    whole += post.body
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        if fault == "cut in the middle":
            connection.sendall(whole[:half])
            return None
        if fault == "slow":
            connection.sendall(whole[:half])
            time.sleep(0.02)
            connection.sendall(whole[half:])
        else:
            connection.sendall(whole)
        if fault == "cut before the answer":
            return None
        return _status(connection)


def _status(connection: socket.socket) -> int | None:
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
    except (OSError, http.client.HTTPException):
        return None
    return response.status


def _raw(_: Service, letter: Letter) -> Post:
    return raw_post(letter, NEW, int(time.time()))


def _mailgun(_: Service, letter: Letter) -> Post:
    return mailgun.mailgun_post(letter, NEW, int(time.time()))


def _postmark(_: Service, letter: Letter) -> Post:
    return postmark.postmark_post(letter, PAIR)


def _sendgrid(_: Service, letter: Letter) -> Post:
    return sendgrid.signed(sendgrid.sendgrid_post(letter), sendgrid.key(NEW), int(time.time()))


def _ses(made: Service, letter: Letter) -> Post:
    return ses.notification(ses.received(letter), made.amazon)


#: What opens the doors of `WAYS_IN`.
OPEN: dict[str, Any] = {
    "inbound_secret": (NEW,),
    "mailgun_signing_key": (NEW,),
    "postmark_secret": (PAIR,),
    "sendgrid_public_key": (sendgrid.public_key(sendgrid.key(NEW)),),
    "ses_topics": (ses.TOPIC,),
}


#: The raw door's script hands every failure to a mail server, which keeps the message and calls it again.
WAYS_IN: dict[str, WayIn] = {
    "raw": by_http(_raw, lambda status: False, anew=True),
    "mailgun": by_http(_mailgun, lambda status: status == 406),
    "postmark": by_http(_postmark, lambda status: status == 403),
    "sendgrid": by_http(_sendgrid, lambda status: status < 500),
    "ses": by_http(_ses, lambda status: status < 500),
}
