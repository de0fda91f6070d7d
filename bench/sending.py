"""Measures mails a second out of the outbox against smtplib alone, on a kept connection, to the same sink.

python -m bench.sending [MAILS]
"""

from __future__ import annotations

import asyncio
import multiprocessing
import smtplib
import socket
import sys
import time
import zlib
from contextlib import closing

from aiosmtpd.smtp import SMTP
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from bench.rounds import compare
from bench.scene import TUESDAY, add_groups, fresh_database, settings
from digest import clock
from digest.domain.mail_record import OutboundMessage
from digest.outbound.deliver import deliver_all
from digest.outbound.due import due_all
from digest.outbound.ways_out import transport_for
from digest.tick import worker_name


class Sink:
    async def handle_DATA(self, *_: object) -> str:
        return "250 2.0.0 gone"


def sink(listening: socket.socket) -> None:
    """A process of its own, so that it takes no time from the sender."""

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Sink(), loop=loop), sock=listening)
        await server.serve_forever()

    asyncio.run(serve())


def main(count: int) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    process = multiprocessing.get_context("fork").Process(target=sink, args=(listening,), daemon=True)
    process.start()
    host, port = listening.getsockname()
    prompts = OutboundMessage.kind == "prompt"
    with fresh_database() as (url, database):
        add_groups(database, count // 8, 8)
        clock.start_at(clock.read_instant(TUESDAY))
        due_all(database, settings(url))
        with database.reading() as session:
            rows = session.scalars(
                select(OutboundMessage).where(prompts).options(undefer(OutboundMessage.raw))
            ).all()
        mails = [(row.mail_from, row.rcpt_to, zlib.decompress(row.raw or b"")) for row in rows]

        def ours() -> float:
            with database.transaction() as session:
                session.execute(
                    update(OutboundMessage).where(prompts).values(state="queued", claimed_by=None)
                )
            with closing(transport_for(f"smtp://{host}:{port}")) as transport:
                started = time.perf_counter()
                assert deliver_all(database, transport, worker_name()) == len(mails)
                return len(mails) / (time.perf_counter() - started)

        def bare() -> float:
            with smtplib.SMTP(host, port) as connection:
                started = time.perf_counter()
                for mail_from, rcpt_to, raw in mails:
                    connection.sendmail(mail_from, [rcpt_to], raw)
                return len(mails) / (time.perf_counter() - started)

        compare("out of the outbox, each recorded", ours, "smtplib alone, connection kept", bare)
    process.kill()


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 800)
