"""Owns the processes that stay: web, worker, the LMTP door, or all in one, each ended cleanly by SIGTERM and SIGINT.
It must never do the work itself.
"""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from waitress.server import create_server  # pyright: ignore

from digest import start
from digest.database import Database
from digest.listening import bound, bound_file, place
from digest.settings import Listen, Settings

THREADS = 8
TURN = 0.5  # seconds in which a stop is noticed
DRAIN = 10.0  # seconds in which requests that are under way may end
LMTP_USUAL = ("127.0.0.1", 2424)
LARGEST_BODY = 256 * 1024 * 1024  # a door has its own, smaller limit; this one is for what has no door

WsgiApp = Callable[..., Any]


def web(host: str, port: int) -> None:
    """The pages and the door alone."""
    from digest import scheduler
    from digest.app import create_app

    settings = start.settings("DIGEST_SECRET")
    with (
        closing(start.database(settings)) as database,
        bound(host, port) as listening,
        stopping() as stop,
        scheduler.running([scheduler.look_for_trouble(database, settings)]),
    ):
        answer(create_app(settings, database), listening, stop)


def worker() -> None:
    """The repeated work alone; any number of them may run."""
    settings = start.settings(*start.TO_SEND)
    with closing(start.database(settings)) as database, stopping() as stop, working(settings, database):
        print("Digest works. Ctrl-C ends it.", flush=True)
        stop.wait()


def lmtp(at: Listen | None) -> None:
    """The LMTP door alone; None takes the place of the settings, or the usual one."""
    settings = start.settings("DIGEST_REPLY_DOMAIN")
    with (
        closing(start.database(settings)) as database,
        stopping() as stop,
        taking_mail(
            settings, database, at or settings.lmtp_listen or LMTP_USUAL, ("--listen", "--socket")
        ) as where,
    ):
        print(f"Digest takes mail by LMTP on {where}. Ctrl-C ends it.", flush=True)
        stop.wait()


def everything(host: str, port: int) -> None:
    """Web and worker in one process; the LMTP door too, where the settings have one."""
    from digest.app import create_app

    settings = start.settings(*start.TO_SEND)
    with (
        closing(start.database(settings)) as database,
        bound(host, port) as listening,
        stopping() as stop,
        working(settings, database),
        taking_mail(settings, database, settings.lmtp_listen) as where,
    ):
        if where:
            print(f"Digest takes mail by LMTP on {where}.", flush=True)
        answer(create_app(settings, database), listening, stop)


@contextmanager
def working(settings: Settings, database: Database) -> Generator[None]:
    """All repeated work runs as long as the block does."""
    from digest import scheduler
    from digest.inbound.imap.watch import watching
    from digest.outbound.ways_out import transport_of
    from digest.tick import worker_name

    with closing(transport_of(settings)) as transport:
        work = scheduler.jobs(database, settings, transport, worker_name())
        with watching(database, settings), scheduler.running(work):
            yield


@contextmanager
def stopping() -> Generator[threading.Event]:
    """An event that the first SIGTERM or SIGINT sets; a second one ends the process as usual."""
    stop = threading.Event()
    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in wanted}

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        for number in wanted:
            signal.signal(number, before[number])

    for number in wanted:
        signal.signal(number, on_signal)
    try:
        yield stop
    finally:
        for number in wanted:
            signal.signal(number, before[number])


@contextmanager
def taking_mail(
    settings: Settings,
    database: Database,
    at: Listen | None,
    options: tuple[str, str] = ("DIGEST_LMTP_LISTEN", "DIGEST_LMTP_LISTEN"),
) -> Generator[str]:
    """The LMTP door is open as long as the block does, where there is to be one; the place at which it listens."""
    if at is None:
        yield ""
        return
    from digest.inbound import lmtp

    port, file = options
    with (
        bound_file(at, file) if isinstance(at, Path) else bound(*at, port) as listening,
        lmtp.answering(settings, database, listening),
    ):
        yield place(listening)


def answer(app: WsgiApp, listening: socket.socket, stop: threading.Event) -> None:
    """Answer requests on that socket until `stop` is set; those that are under way then may end."""
    sockets: dict[int, Any] = {}
    server: Any = create_server(
        app, map=sockets, sockets=[listening], threads=THREADS, ident=None, max_request_body_size=LARGEST_BODY
    )
    host, port = listening.getsockname()[:2]
    print(f"Digest listens on http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)
    while not stop.is_set():
        server.asyncore.loop(timeout=TURN, map=sockets, count=1)
    _drain(server, sockets)


def _drain(server: Any, sockets: dict[int, Any]) -> None:
    """No new request is taken, and those that were are answered."""
    server.accepting = False
    latest = time.monotonic() + DRAIN
    while _is_busy(server) and time.monotonic() < latest:
        server.asyncore.loop(timeout=TURN / 10, map=sockets, count=1)
    server.task_dispatcher.shutdown()
    server.asyncore.close_all(sockets)


def _is_busy(server: Any) -> bool:
    return any(channel.requests or channel.total_outbufs_len for channel in server.active_channels.values())
