"""Measures messages a second through the HTTP door, and on to the committed entry, against a bare Flask view with an
HMAC of the body and one insert of the same bytes, both behind the same server.

python -m bench.inbound [MESSAGES]
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import logging
import multiprocessing
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP

import flask
import waitress
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, insert, select, text

from bench.rounds import compare
from bench.scene import SECRET, TUESDAY, add_groups, fresh_database, settings
from digest import clock, reply_address, tokens
from digest.app import create_app
from digest.database import Database, connect
from digest.domain.mails.record import InboundMessage, OutboundMessage
from digest.inbound.process import process_all
from digest.inbound.providers.raw import signature
from digest.outbound.due import due_all
from digest.tick import worker_name

BURST = 8

bare_table = Table("bare", MetaData(), Column("id", Integer, primary_key=True), Column("raw", LargeBinary))


def bare_app(url: str) -> flask.Flask:
    app, database = flask.Flask("bare"), connect(url)

    @app.post("/bare")
    def take() -> str:
        body, given = flask.request.get_data(), flask.request.headers["X-Signature"]
        if not hmac.compare_digest(hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest(), given):
            flask.abort(401)
        with database.engine.begin() as connection:
            connection.execute(insert(bare_table), {"raw": body})
        return "Stored."

    return app


def serve(make: Callable[[str], flask.Flask], url: str, listening: socket.socket) -> None:
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # more clients than threads are meant here
    waitress.serve(make(url), sockets=[listening], threads=8, _quiet=True)


def door_app(url: str) -> flask.Flask:
    return create_app(settings(url), connect(url))


def reply_to(rcpt_to: str, sender: str, turn: str) -> bytes:
    """A reply of an everyday size: words on top, the prompt quoted beneath, as text and HTML."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, rcpt_to
    message["Subject"], message["Message-ID"] = "Re: week 14", f"<{turn}@client.example>"
    quoted = "".join(f"> a line of the prompt, number {n}, as it was sent\n" for n in range(40))
    typed = f"Tried: the new crates, turn {turn}.\nDid not work: the lids.\nQuestion: who has other lids?\n\n"
    message.set_content(f"{typed}On Tue, 31 Mar 2026 at 09:00, Packaging group wrote:\n{quoted}")
    message.add_alternative(
        f"<div>{typed}</div><div class='gmail_quote'><blockquote>{quoted * 4}</blockquote></div>",
        subtype="html",
    )
    return message.as_bytes()


def main(count: int) -> None:
    fork = multiprocessing.get_context("fork")
    with fresh_database() as (url, database):
        addresses = prepare(database, url, count)
        with database.engine.begin() as connection:
            bare_table.create(connection)
        ports = {}
        for name, make in (("door", door_app), ("bare", bare_app)):
            listening = socket.create_server(("127.0.0.1", 0))
            ports[name] = listening.getsockname()[1]
            fork.Process(target=serve, args=(make, url, listening), daemon=True).start()
        turns = iter(range(10_000))

        def messages() -> list[tuple[str, str, bytes]]:
            turn = next(turns)
            return [
                (to, sender, reply_to(to, sender, f"{turn}.{n}")) for n, (to, sender) in enumerate(addresses)
            ]

        def stored(clients: int = 1) -> float:
            return post(ports["door"], "/inbound/raw", messages(), clients)

        def bare(clients: int = 1) -> float:
            return post(ports["bare"], "/bare", messages(), clients)

        def filed() -> float:
            through_the_door = count / stored()
            started = time.perf_counter()
            process_all(database, worker_name())
            return count / (through_the_door + time.perf_counter() - started)

        compare("door to stored", stored, "bare Flask view, HMAC and one insert", bare)
        burst = f"bare Flask view, {BURST} clients at once"
        compare(f"door to stored, {BURST} clients at once", lambda: stored(BURST), burst, lambda: bare(BURST))
        process_all(database, worker_name())
        compare("door to committed entry", filed, "bare Flask view, HMAC and one insert", bare)
        with database.reading() as session:
            states = session.execute(
                select(InboundMessage.state, text("count(*)")).group_by(InboundMessage.state)
            )
            print("messages:", ", ".join(f"{number} {state}" for state, number in states))


def prepare(database: Database, url: str, count: int) -> list[tuple[str, str]]:
    """Prompts to so many members, and reply addresses of theirs that are known here: (reply address, member)."""
    add_groups(database, -(-count // 8), 8)
    clock.start_at(clock.read_instant(TUESDAY))
    due_all(database, settings(url))
    addresses: list[tuple[str, str]] = []
    with database.transaction() as session:
        for row in session.scalars(select(OutboundMessage).filter_by(kind="prompt").limit(count)):
            token = tokens.random_token()
            row.reply_hash = tokens.token_hash(token)
            addresses.append((reply_address.mint(token, domain="in.example.org", address=None), row.rcpt_to))
    return addresses


def post(port: int, path: str, messages: list[tuple[str, str, bytes]], clients: int = 1) -> float:
    """Requests a second; each client posts one after the other on one connection."""
    requests = [(raw, headers(to, sender, raw)) for to, sender, raw in messages]

    def one_client(mine: list[tuple[bytes, dict[str, str]]]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for raw, fields in mine:
            connection.request("POST", path, raw, fields)
            response = connection.getresponse()
            response.read()
            assert response.status == 200, response.status

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(one_client, [requests[client::clients] for client in range(clients)]))
    return len(messages) / (time.perf_counter() - started)


def headers(to: str, sender: str, raw: bytes) -> dict[str, str]:
    at = str(int(time.time()))
    return {
        "Content-Type": "message/rfc822",
        "X-Digest-Mail-From": sender,
        "X-Digest-Rcpt-To": to,
        "X-Digest-Timestamp": at,
        "X-Digest-Signature": signature(SECRET, at, sender, to, [raw]),
        "X-Signature": hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest(),  # of the bare view
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 400)
