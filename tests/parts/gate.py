"""Owns a gate between a program and its server: connections pass while it is open, break when it is shut, and are
refused until it opens again. It must never look at what passes."""

from __future__ import annotations

import contextlib
import socket
import threading

from sqlalchemy import make_url


class Gate:
    """Open at first; `port` is where it stands, on 127.0.0.1."""

    def __init__(self, behind: tuple[str, int] | str) -> None:
        """`behind` is the server's address and port, or the file of its socket."""
        self._behind = behind
        self._passing: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening: socket.socket | None = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._watch()

    def shut(self) -> None:
        """Every connection breaks, and no new one is made."""
        with self._lock:
            listening, self._listening = self._listening, None
            passing, self._passing = self._passing, set()
        for one in [listening, *passing]:
            if one:
                _break(one)

    def open(self) -> None:
        with self._lock:
            self._listening = socket.create_server(("127.0.0.1", self.port))
        self._watch()

    def cut(self) -> None:
        """Every connection breaks; new ones pass."""
        with self._lock:
            passing, self._passing = self._passing, set()
        for one in passing:
            _break(one)

    close = shut

    def _watch(self) -> None:
        threading.Thread(target=self._let_in, args=[self._listening], daemon=True).start()

    def _let_in(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                outer = listening.accept()[0]
                inner = _connected(self._behind)
                with self._lock:
                    self._passing |= {outer, inner}
                for pair in ((outer, inner), (inner, outer)):
                    threading.Thread(target=_pass, args=pair, daemon=True).start()


def _connected(place: tuple[str, int] | str) -> socket.socket:
    if isinstance(place, tuple):
        return socket.create_connection(place)
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(place)
    return connection


def postgres_gate(url: str) -> tuple[Gate, str]:
    """A gate before the PostgreSQL of that URL, and the URL through it."""
    server = make_url(url)
    folder = server.query.get("host")
    behind = f"{folder}/.s.PGSQL.5432" if folder else (server.host or "127.0.0.1", server.port or 5432)
    gate = Gate(behind)
    through = server.set(host="127.0.0.1", port=gate.port, query={})
    return gate, through.render_as_string(hide_password=False)


def _pass(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    _break(source)
    _break(target)


def _break(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
