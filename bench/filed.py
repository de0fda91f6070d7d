"""Measures messages a second from Mailgun's request to the filed entry, beside django-anymail that stores the same
requests' text and HTML: both behind waitress, each with a SQLite database whose every commit is on disk; only that a
worker claimed a message is not waited for.

python -m bench.filed PEER_PYTHON [MESSAGES]     PEER_PYTHON: one with django, django-anymail and waitress installed

Ours is `digest web` with two workers, the peer one process, as each is run; four clients post at once, and the clock
stops when the last message is filed, or stored. In each round other members answer their prompts, for the first time.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import multiprocessing
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import flask
from sqlalchemy import func, select

from bench.inbound import prepare, reply_to, serve
from bench.rounds import ROUNDS, compare
from bench.scene import SECRET, fresh_database, settings
from digest.app import create_app
from digest.database import Database, connect
from digest.domain.mails.record import UNFINISHED, InboundMessage
from digest.inbound.process import process_all
from digest.tick import worker_name

CLIENTS, WORKERS = 4, 2
FORK = multiprocessing.get_context("fork")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def door_app(url: str) -> flask.Flask:
    return create_app(replace(settings(url), mailgun_signing_key=(SECRET,)), connect(url))


def work(url: str) -> None:
    database = connect(url)
    while True:
        process_all(database, worker_name())
        time.sleep(0.2)  # `digest worker` waits for two seconds


def request(rcpt_to: str, sender: str) -> bytes:
    """What Mailgun posts to a route that ends in /mime."""
    at, token = str(int(time.time())), secrets.token_hex(25)
    code = hmac.new(SECRET.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
    raw = reply_to(rcpt_to, sender, token).decode()
    fields = {
        "recipient": rcpt_to,
        "sender": sender,
        "from": sender,
        "subject": "Re: week 14",
        "body-mime": raw,
    }
    return urlencode(fields | {"timestamp": at, "token": token, "signature": code}).encode()


def post(port: int, path: str, bodies: list[bytes]) -> None:
    def one_client(mine: list[bytes]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for body in mine:
            connection.request("POST", path, body, FORM)
            response = connection.getresponse()
            response.read()
            assert response.status == 200, response.status

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(one_client, [bodies[client::CLIENTS] for client in range(CLIENTS)]))


def any_unsettled(database: Database) -> bool:
    waiting = select(InboundMessage.id).where(InboundMessage.state.in_(UNFINISHED)).limit(1)
    with database.reading() as session:
        return session.scalar(waiting) is not None


@contextmanager
def peer(python: str, folder: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    script = str(Path(__file__).with_name("anymail_peer.py"))
    process = subprocess.Popen([python, script, str(folder / "peer.sqlite"), str(port), SECRET])
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def main(python: str, count: int) -> None:
    with fresh_database() as (url, database):
        everybody = prepare(database, url, count * (1 + ROUNDS))
        waves = [everybody[first : first + count] for first in range(0, len(everybody), count)]
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        children = [FORK.Process(target=serve, args=(door_app, url, listening), daemon=True)]
        children += [FORK.Process(target=work, args=(url,), daemon=True) for _ in range(WORKERS)]
        for child in children:
            child.start()

        answering = iter(waves)

        def ours() -> float:
            bodies = [request(to, sender) for to, sender in next(answering)]
            started = time.perf_counter()
            post(port, "/inbound/mailgun/mime", bodies)
            while any_unsettled(database):
                time.sleep(0.02)
            return count / (time.perf_counter() - started)

        with peer(python, Path(database.engine.url.database or "").parent) as peer_port:
            storing = iter(waves)

            def theirs() -> float:
                bodies = [request(to, sender) for to, sender in next(storing)]
                started = time.perf_counter()
                post(peer_port, "/mailgun/inbound_mime/", bodies)
                return count / (time.perf_counter() - started)

            compare("Mailgun's request to filed entry", ours, "django-anymail, stored", theirs)
        for child in children:
            child.kill()
        with database.reading() as session:
            states = session.execute(
                select(InboundMessage.state, func.count()).group_by(InboundMessage.state)
            ).all()
        print("messages:", ", ".join(f"{number} {state}" for state, number in states))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if sys.argv[2:] else 960)
