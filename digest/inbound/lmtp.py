"""Owns the LMTP door (RFC 2033) for a mail server on this machine: it answers for each recipient by itself.
It must never parse a message, import `process`, or wait for the database in its loop.

at RCPT  250 2.1.5  an open reply or ask address, a bounce address, a mailbox of the settings
         550 5.1.1  any other, so that its sender hears at once; whether it ever existed is not told
         451 4.3.0  the database is away, or we failed: the mail server keeps the message and tries again
at DATA  250 2.0.0  stored for this recipient; also what is stored already
         451 4.3.0  not stored for this recipient: the same
at both  552 5.3.4  over the size cap, which LHLO announces. Other doors keep a stub and tell the writer; here the
                    mail server has the whole message and returns it at once with the reason, and nothing was taken.
         421 4.3.2  we are about to end: a message that was begun is still answered
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from asyncio import LimitOverrunError
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope as Transaction, Session

from digest.database import Database
from digest.errors import Transient
from digest.inbound import known_recipient
from digest.inbound.accept import accept
from digest.inbound.envelope import LARGEST_MESSAGE, clean_address, envelope
from digest.settings import Settings

log = logging.getLogger(__name__)

THREADS = 8
DRAIN = 10.0  # seconds in which messages that were begun may be finished
#: Bytes; lines may be longer than that, and longer than RFC 5321 has it: nobody's reply is lost for it.
PIECE = 64 * 1024
TURN = 0.02  # seconds
IDLE = 300.0  # seconds (RFC 5321, section 4.5.3.2.7)

STORED, KNOWN, UNKNOWN = "250 2.0.0 Stored", "250 2.1.5 Recipient ok", "550 5.1.1 No such address here"
OUR_FAULT = "451 4.3.0 Not now, please try again"
TOO_LARGE = f"552 5.3.4 More than {LARGEST_MESSAGE // 1024 // 1024} MiB are not taken"
CLOSING = "421 4.3.2 Closing, please try again"

Result = TypeVar("Result")


class Door:
    """What all connections have in common: how a recipient is judged, and how a message is stored."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.database = settings, database
        self.threads = ThreadPoolExecutor(THREADS, "lmtp")
        self.connections: set[Connection] = set()

    async def handle_EHLO(
        self, _: LMTP, session: Session, __: Transaction, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        extensions = ("PIPELINING", "ENHANCEDSTATUSCODES", f"SIZE {LARGEST_MESSAGE}")
        return [*responses[:-1], *(f"250-{extension}" for extension in extensions), responses[-1]]

    async def handle_MAIL(
        self, _: LMTP, __: Session, transaction: Transaction, address: str, options: list[str]
    ) -> str:
        if any(_announced(option) > LARGEST_MESSAGE for option in options):
            return TOO_LARGE
        transaction.mail_from = address
        return "250 2.1.0 Sender ok"

    async def handle_RCPT(
        self, _: LMTP, __: Session, transaction: Transaction, address: str, ___: list[str]
    ) -> str:
        rcpt_to = clean_address(address)
        if not await self.in_thread(lambda: known_recipient.is_known(self.database, self.settings, rcpt_to)):
            return UNKNOWN
        transaction.rcpt_tos.append(rcpt_to)
        return KNOWN

    async def store(self, transaction: Transaction, raw: bytes) -> AsyncIterator[str]:
        """The answer for each recipient in turn."""
        mail_from = clean_address(transaction.mail_from or "")
        for rcpt_to in transaction.rcpt_tos:
            arrival = envelope(mail_from, rcpt_to, raw, "lmtp")
            try:
                await self.in_thread(lambda arrival=arrival: accept(self.database, arrival))
                yield STORED
            except Exception as error:
                yield await self.handle_exception(error)

    async def handle_exception(self, error: Exception) -> str:
        """What a fault of ours is answered with, wherever it happens."""
        if isinstance(error, Transient):
            log.error("lmtp: not stored: %s", error)
        else:
            log.error("lmtp: not stored", exc_info=error)
        return OUR_FAULT

    def in_thread(self, work: Callable[[], Result]) -> Awaitable[Result]:
        return asyncio.get_running_loop().run_in_executor(self.threads, work)


class Connection(LMTP):
    """One connection; it reads a message by itself, for LMTP answers each recipient and aiosmtpd would answer once."""

    line_length_limit = PIECE

    def __init__(self, door: Door, loop: asyncio.AbstractEventLoop) -> None:
        host = door.settings.reply_domain or "localhost"
        super().__init__(
            door,
            data_size_limit=None,
            enable_SMTPUTF8=True,
            hostname=host,
            ident="Digest LMTP",
            timeout=IDLE,
            loop=loop,
        )
        self.door = door
        self.has_message = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.door.connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.door.connections.discard(self)
        super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:
        if await self.check_helo_needed():
            return
        transaction = self.envelope
        if transaction is None or not transaction.rcpt_tos:
            await self.push("503 5.5.1 RCPT comes first")
            return
        self.has_message = True
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            raw = await self._message()
            self._reset_timeout()
            if raw is None:
                await self._push_all(TOO_LARGE for _ in transaction.rcpt_tos)
            else:
                async for answer in self.door.store(transaction, raw):
                    await self.push(answer)
        finally:
            self.has_message = False
            self._set_post_data_state()

    async def _push_all(self, answers: Iterable[str]) -> None:
        for answer in answers:
            await self.push(answer)

    async def _message(self) -> bytes | None:
        """The message without its transparent dots (RFC 5321, section 4.5.2), read to its end; None over the cap.

        Only a dot between two CRLF ends it, so that no second message can hide behind a bare line feed.
        """
        kept, size, at_start = bytearray(), 0, True
        while True:
            piece, ends = await self._piece()
            if at_start:
                if piece == b".\r\n":
                    return bytes(kept) if size <= LARGEST_MESSAGE else None
                piece = piece.removeprefix(b".")
            size += len(piece)
            if size <= LARGEST_MESSAGE:
                kept += piece
            at_start = ends

    async def _piece(self) -> tuple[bytes, bool]:
        """A line, or a part of a long one, and whether its end has come."""
        try:
            return await self._reader.readuntil(b"\r\n"), True
        except LimitOverrunError as more:
            self._reset_timeout()
            return await self._reader.read(more.consumed), False

    def close(self, *, at_once: bool = False) -> None:
        """Say that we end (421); with `at_once` without waiting for a peer that does not read."""
        transport = cast(asyncio.Transport | None, self.transport)
        if transport is None:
            return
        if at_once:
            transport.abort()
        elif not transport.is_closing():
            transport.write(f"{CLOSING}\r\n".encode())  # and wait for nobody, who may be gone by now
            transport.close()


@contextmanager
def answering(settings: Settings, database: Database, listening: socket.socket) -> Generator[None]:
    """The door is open on that socket as long as the block lasts; messages that were begun are then finished."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the library would write addresses into the log
    loop, door = asyncio.new_event_loop(), Door(settings, database)
    thread = threading.Thread(target=loop.run_forever, name="lmtp")
    thread.start()

    def run(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    try:
        server = run(_open(door, loop, listening))
        try:
            yield
        finally:
            run(_close(door, server))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        door.threads.shutdown()


async def _open(
    door: Door, loop: asyncio.AbstractEventLoop, listening: socket.socket
) -> asyncio.AbstractServer:
    create = loop.create_unix_server if listening.family == socket.AF_UNIX else loop.create_server
    return await create(lambda: Connection(door, loop), sock=listening)


async def _close(door: Door, server: asyncio.AbstractServer) -> None:
    """No new connection is taken; each one is closed when it has no message under way, and all when time is up."""
    server.close()
    latest = asyncio.get_running_loop().time() + DRAIN
    while door.connections:
        late = asyncio.get_running_loop().time() > latest
        for connection in [one for one in door.connections if late or not one.has_message]:
            connection.close(at_once=late)
        await asyncio.sleep(TURN)


def _announced(option: str) -> int:
    """The size in SIZE=n (RFC 1870); 0 for any other parameter."""
    name, _, value = option.partition("=")
    return int(value) if name == "SIZE" and value.isdigit() else 0
