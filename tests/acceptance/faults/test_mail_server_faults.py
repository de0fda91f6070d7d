"""Replies come in through a real Postfix while everything fails that can: connections are cut, the database stopped,
the disk full, the door slow, restarted or killed. Postfix tries again, and in the end every reply is filed once."""

from __future__ import annotations

import os
import random
import resource
import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from sqlalchemy import Connection, event, func, select

from digest import clock
from digest.database import Database, connect
from digest.domain.mails.record import InboundMessage
from digest.errors import Transient
from digest.inbound import lmtp
from digest.inbound.envelope import Envelope
from digest.inbound.process import process_all
from digest.listening import bound_file
from digest.settings import Settings
from tests.domain.given import TUESDAY
from tests.inbound.given import mails_to_many
from tests.parts.databases import PostgresDatabases, SqliteDatabases, database_with_schema
from tests.parts.gate import Gate, postgres_gate
from tests.parts.postfix import LMTP, PIPE, Postfix

OURS = Settings(reply_domain=LMTP)
Tokens = dict[str, str]  # of a reply address -> whose it is
AtSize = Callable[[int, int], int]


@pytest.fixture(autouse=True)
def _on_a_tuesday() -> Iterator[None]:
    clock.start_at(TUESDAY)
    yield
    clock.start_at(None)


def test_by_lmtp_while_the_database_goes_away_and_the_door_fails(
    postfix: Postfix, postgres_databases: PostgresDatabases, at_size: AtSize
) -> None:
    chance = random.Random(2033)
    with database_with_schema(postgres_databases) as url, closing(connect(url)) as database:
        tokens = mails_to_many(database, at_size(20, 1000))
        gate, through = postgres_gate(url)
        with closing(gate), closing(connect(through)) as behind, faulty_accept(chance):
            with ExitStack() as door:
                open_door(door, postfix, behind)
                hand_in(postfix, tokens, LMTP)
                break_connections(gate, at_size(3, 60), chance)
                gate.shut()
                time.sleep(at_size(1, 60))
                gate.open()
            with ExitStack() as door:  # as after a restart
                open_door(door, postfix, behind)
                all_are_stored(postfix, database, tokens, patience=at_size(120, 900))
        each_is_filed_once(database, tokens)
    assert bounces(postfix, tokens) == []


def test_by_lmtp_while_the_disk_is_full(
    postfix: Postfix, sqlite_databases: SqliteDatabases, at_size: AtSize
) -> None:
    with (
        database_with_schema(sqlite_databases) as url,
        closing(connect(url)) as database,
        ExitStack() as door,
    ):
        tokens = mails_to_many(database, at_size(20, 1000))
        full = fills_up(database)
        open_door(door, postfix, database)
        full.set()
        hand_in(postfix, tokens, LMTP, size=20_000)
        postfix.wait_until(
            lambda: any("451 4.3.0" in line and next(iter(tokens)) in line for line in lines(postfix))
        )
        full.clear()
        all_are_stored(postfix, database, tokens, patience=at_size(120, 900))
        each_is_filed_once(database, tokens)
    assert bounces(postfix, tokens) == []


@pytest.mark.long  # a start of the command for each try; a few are tried in tests/inbound/test_postfix.py
def test_by_the_pipe_while_the_database_goes_away_and_the_command_is_killed(
    postfix: Postfix, postgres_databases: PostgresDatabases
) -> None:
    chance = random.Random(75)
    with database_with_schema(postgres_databases) as url, closing(connect(url)) as database:
        tokens = mails_to_many(database, 1000)
        gate, through = postgres_gate(url)
        with closing(gate):
            postfix.receive = lambda addresses, raw: received(through, addresses, raw, chance)
            hand_in(postfix, tokens, PIPE)
            break_connections(gate, 60, chance)
            gate.shut()
            time.sleep(60)
            gate.open()
            all_are_stored(postfix, database, tokens, patience=3000)
        each_is_filed_once(database, tokens)
    assert bounces(postfix, tokens) == []


def test_by_the_pipe_while_the_disk_is_full(sqlite_databases: SqliteDatabases) -> None:
    with database_with_schema(sqlite_databases) as url, closing(connect(url)) as database:
        tokens = mails_to_many(database, 1)
        ((token, sender),) = tokens.items()
        addresses, raw = [sender, f"r-{token}@{PIPE}"], reply(token, sender, 50_000)
        assert run_receive(url, addresses, raw, most_bytes=4096).returncode == 75
        assert stored(database) == 0
        assert run_receive(url, addresses, raw).returncode == 0
        each_is_filed_once(database, tokens)


def open_door(door: ExitStack, postfix: Postfix, database: Database) -> None:
    listening = door.enter_context(bound_file(postfix.lmtp))
    door.enter_context(lmtp.answering(OURS, database, listening))


def hand_in(postfix: Postfix, tokens: Tokens, domain: str, *, size: int = 0) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        for token, sender in tokens.items():
            client.sendmail(sender, f"r-{token}@{domain}", reply(token, sender, size))


def reply(token: str, sender: str, size: int = 0) -> bytes:
    """A reply, with so many bytes of noise beneath that no compression makes small."""
    head = f"From: {sender}\r\nTo: us\r\nSubject: Re: week 14\r\nMessage-ID: <{token}@client.example>\r\n\r\n"
    noise = random.Random(token).randbytes(size // 2).hex()
    lines = "".join(f"> {noise[at : at + 70]}\r\n" for at in range(0, len(noise), 70))
    return f"{head}Tried: crate {token}\r\n\r\n{lines}".encode()


def break_connections(gate: Gate, times: int, chance: random.Random) -> None:
    for _ in range(times):
        time.sleep(chance.uniform(0.01, 0.2))
        gate.cut()


@contextmanager
def faulty_accept(chance: random.Random) -> Iterator[None]:
    """Storing is slow, fails before it began, or fails when all is stored and nobody has been told."""
    with pytest.MonkeyPatch.context() as patch:
        accept = lmtp.accept

        def faulty(database: Database, envelope: Envelope) -> bool:
            fate = chance.random()
            if fate < 0.1:
                raise Transient("The disk is full.")
            if fate < 0.2:
                raise RuntimeError("nobody foresaw this")
            done = accept(database, envelope)
            if fate < 0.3:
                raise RuntimeError("and this not either")
            time.sleep(0.05 if fate < 0.4 else 0)
            return done

        patch.setattr(lmtp, "accept", faulty)
        yield


def fills_up(database: Database) -> threading.Event:
    """While that is set the database's file cannot grow by a single page."""
    full = threading.Event()

    @event.listens_for(database.engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={1 if full.is_set() else 2**30}")

    return full


def received(url: str, addresses: list[str], raw: bytes, chance: random.Random) -> int:
    """`digest receive` as a mail server starts it; one in five is killed within its first second and a half."""
    kill_after = chance.uniform(0.1, 1.5) if chance.random() < 0.2 else None
    done = run_receive(url, addresses, raw, kill_after=kill_after)
    return 75 if done.returncode == -signal.SIGKILL else done.returncode  # Postfix defers for a signal, too


def run_receive(
    url: str,
    addresses: list[str],
    raw: bytes,
    *,
    kill_after: float | None = None,
    most_bytes: int | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """The command's end; `most_bytes` is how long it may make a file, as on a disk without room."""
    command = [sys.executable, "-m", "digest", "receive", "--mail-from", addresses[0], "--", *addresses[1:]]

    def limit() -> None:
        if most_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    environment = {"PATH": os.environ["PATH"], "DIGEST_DATABASE_URL": url}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit
    ) as process:
        try:
            _, said = process.communicate(raw, timeout=kill_after)
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, b"", said)


def all_are_stored(postfix: Postfix, database: Database, tokens: Tokens, *, patience: float) -> None:
    postfix.wait_until(lambda: stored(database) >= len(tokens) and not postfix.queue, patience=patience)


def each_is_filed_once(database: Database, tokens: Tokens) -> None:
    process_all(database, "a worker")
    with database.reading() as session:
        rows = session.execute(select(InboundMessage.rcpt_to, InboundMessage.state)).all()
    assert Counter(rcpt_to.partition("@")[0] for rcpt_to, _ in rows) == Counter(
        f"r-{token}" for token in tokens
    )
    assert {state for _, state in rows} == {"filed"}


def stored(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(InboundMessage.id))) or 0


def lines(postfix: Postfix) -> list[str]:
    return postfix.log.splitlines()


def bounces(postfix: Postfix, tokens: Tokens) -> list[str]:
    """What came back of these messages to whoever sent them."""
    back = [mail.content.decode() for mail in list(postfix.outside.received)]
    return [mail for mail in back if any(token in mail for token in tokens)]
