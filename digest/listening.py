"""Owns the sockets that a process listens on: an address and port, or a file on this machine.
It must never answer on one.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from digest.errors import Misuse

BACKLOG = 1024
#: Who may hand in mail is decided by who may enter the folder, as on loopback by who may log in.
FOR_ALL = 0o666


@contextmanager
def bound(host: str, port: int, option: str | None = None) -> Generator[socket.socket]:
    """A socket that listens there; port 0 takes a free one. Raises Misuse where that cannot be, which names the option
    to change; without one it is --host or --port.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:  # the latter for a host that no name can be
        of_host = isinstance(error, socket.gaierror | UnicodeError)
        host_is_wrong = of_host or getattr(error, "errno", None) == errno.EADDRNOTAVAIL
        wrong = option or ("--host" if host_is_wrong else "--port")
        raise Misuse(
            f"Digest cannot listen on {host}, port {port}: {_reason(error)}. Choose another with {wrong}."
        ) from None
    with listening:
        yield listening


@contextmanager
def bound_file(path: Path, option: str = "--socket") -> Generator[socket.socket]:
    """A socket that listens in that file, which is there as long as the block lasts. Raises Misuse where that cannot
    be, and where another process listens there.
    """
    listening = socket.socket(socket.AF_UNIX)
    with listening:
        try:
            _remove_left_over(path)
            listening.bind(str(path))
            path.chmod(FOR_ALL)
            listening.listen(BACKLOG)
        except OSError as error:
            raise Misuse(
                f"Digest cannot listen on {path}: {_reason(error)}. Choose another with {option}."
            ) from None
        try:
            yield listening
        finally:
            path.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return "another program does already"
    return str(getattr(error, "strerror", None) or error).partition(" (while attempting")[0]


def _remove_left_over(path: Path) -> None:
    """A process that was killed leaves its file behind, and nobody answers there."""
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX) as other:
        try:
            other.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)


def place(listening: socket.socket) -> str:
    """Where a socket listens, as it is written: HOST:PORT, or the name of the file."""
    if listening.family == socket.AF_UNIX:
        return str(listening.getsockname())
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
