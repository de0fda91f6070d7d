"""Owns a real HTTP server on loopback for an application. It must never leave a connection open behind it, whatever
its clients keep."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import waitress.server

TURN = 0.05  # seconds


class WebServer:
    """The server that `digest web` uses, on a free port, in a thread of its own."""

    def __init__(self, app: Callable[..., Any], threads: int = 8) -> None:
        self._sockets: dict[int, Any] = {}
        self._server: Any = waitress.server.create_server(
            app, map=self._sockets, host="127.0.0.1", port=0, threads=threads
        )
        self.port = int(self._server.effective_port)
        self._is_open = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while self._is_open:
            self._server.asyncore.loop(timeout=TURN, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown()
        self._server.asyncore.close_all(self._sockets)

    def close(self) -> None:
        self._is_open = False
        self._thread.join(10)
