"""Measures mails a second out of the outbox against smtplib alone on one kept connection, and against smtp-source, all
to the same smtp-sink (both of Postfix's package).

python -m bench.sending [MAILS [CONNECTIONS]]
"""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from bench.rounds import ROUNDS, line
from bench.scene import TUESDAY, add_groups, fresh_database, settings
from digest import clock
from digest.database import Database
from digest.domain.mails.record import OutboundMessage
from digest.outbound.deliver import deliver_all
from digest.outbound.due import due_all
from digest.outbound.ways_out import transport_for
from digest.tick import worker_name

PROMPTS = OutboundMessage.kind == "prompt"
Mails = Sequence[tuple[str, str, bytes]]


def main(count: int, connections: int) -> None:
    with sink() as port, fresh_database() as (url, database):
        add_groups(database, count // 8, 8)
        clock.start_at(clock.read_instant(TUESDAY))
        due_all(database, settings(url))
        mails = composed(database)
        size = sum(len(raw) for _, _, raw in mails) // len(mails)
        print(f"{len(mails)} mails of {size} bytes, {connections} connections\n")
        ways: dict[str, Callable[[], float]] = {
            f"out of the outbox, {connections} connections": lambda: ours(database, port, connections),
            "out of the outbox, one connection": lambda: ours(database, port, 1),
            "smtplib alone, one connection kept": lambda: bare(mails, port),
            f"smtp-source, {connections} sessions kept": lambda: source(len(mails), size, port, connections),
        }
        compare(ways)


def compare(ways: dict[str, Callable[[], float]]) -> None:
    """In turn, after a warm-up; each ratio is that of the first to another, round by round."""
    rounds = [[way() for way in ways.values()] for _ in range(ROUNDS + 1)][1:]
    for name, rates in zip(ways, zip(*rounds, strict=True), strict=True):
        ratios = [first / rate for first, rate in zip((one[0] for one in rounds), rates, strict=True)]
        line(name, rates)
        print(
            f"{'the first to it':>46}{statistics.median(ratios):>10.2f}  [{min(ratios):.2f} .. {max(ratios):.2f}]"
        )


@contextmanager
def sink() -> Iterator[int]:
    """smtp-sink on a free port; a process of its own, so that it takes no time from the sender."""
    if not (shutil.which("smtp-sink") and shutil.which("smtp-source")):
        sys.exit("smtp-sink and smtp-source are needed. They are in Debian's package postfix.")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen(["smtp-sink", *user, f"127.0.0.1:{port}", "1000"])
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def composed(database: Database) -> Mails:
    with database.reading() as session:
        rows = session.scalars(select(OutboundMessage).where(PROMPTS).options(undefer(OutboundMessage.raw)))
        return [(row.mail_from, row.rcpt_to, zlib.decompress(row.raw or b"")) for row in rows]


def ours(database: Database, port: int, connections: int) -> float:
    """Claimed, handed over, and each result committed."""
    with database.transaction() as session:
        queued = update(OutboundMessage).where(PROMPTS).values(state="queued", claimed_by=None)
        count = int(session.execute(queued).rowcount)  # type: ignore[attr-defined]
    with closing(transport_for(f"smtp://127.0.0.1:{port}?connections={connections}")) as transport:
        started = time.perf_counter()
        assert deliver_all(database, transport, worker_name()) == count
        return count / (time.perf_counter() - started)


def bare(mails: Mails, port: int) -> float:
    with smtplib.SMTP("127.0.0.1", port) as connection:
        started = time.perf_counter()
        for mail_from, rcpt_to, raw in mails:
            connection.sendmail(mail_from, [rcpt_to], raw)
        return len(mails) / (time.perf_counter() - started)


def source(count: int, size: int, port: int, sessions: int) -> float:
    """Messages of the same length that exist already; its start is counted."""
    command = [
        "smtp-source",
        "-d",
        "-s",
        str(sessions),
        "-m",
        str(count),
        "-l",
        str(size),
        f"127.0.0.1:{port}",
    ]
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return count / (time.perf_counter() - started)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [1600, 32][len(given) :]))
