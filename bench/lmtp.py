"""Measures messages a second through the LMTP door until they are stored, against Postfix's own smtp-sink, which stores
nothing; smtp-source hands over to both (Postfix's package).

python -m bench.lmtp [MESSAGES] [SESSIONS]
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import time

from sqlalchemy import func, select

from bench.inbound import prepare
from bench.rounds import compare
from bench.scene import fresh_database, settings
from digest.database import connect
from digest.domain.mails.record import InboundMessage
from digest.inbound import lmtp

SIZE = 16_000  # bytes, a reply with what it quotes


def main(count: int, sessions: int) -> None:
    if not (shutil.which("smtp-sink") and shutil.which("smtp-source")):
        sys.exit("smtp-sink and smtp-source are needed. They are in Debian's package postfix.")
    with fresh_database() as (url, database), socket.create_server(("127.0.0.1", 0), backlog=100) as door:
        address, _ = prepare(database, url, 8)[0]
        fork = multiprocessing.get_context("fork")
        serving = fork.Process(target=serve, args=(url, door), daemon=True)
        serving.start()
        sink_port = free_port()
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        sink = subprocess.Popen(["smtp-sink", "-L", *user, f"127.0.0.1:{sink_port}", "100"])
        try:
            time.sleep(1)
            port = door.getsockname()[1]
            compare(
                f"LMTP to stored, {sessions} sessions",
                lambda: source(count, sessions, port, address),
                "smtp-sink, which stores nothing",
                lambda: source(count, sessions, sink_port, address),
            )
            with database.reading() as session:
                print("stored:", session.scalar(select(func.count(InboundMessage.id))))
        finally:
            sink.terminate()
            serving.terminate()


def serve(url: str, listening: socket.socket) -> None:
    with lmtp.answering(settings(url), connect(url), listening):
        time.sleep(3600)


def source(count: int, sessions: int, port: int, address: str) -> float:
    """Messages a second, each with a Message-ID of its own."""
    numbers = ["-m", str(count), "-s", str(sessions), "-l", str(SIZE)]
    command = [
        "smtp-source",
        "-L",
        *numbers,
        "-d",
        "-f",
        "mira@example.com",
        "-t",
        address,
        f"127.0.0.1:{port}",
    ]
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return count / (time.perf_counter() - started)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] + ["200", "8"][len(sys.argv) - 1 :])[:2]))
