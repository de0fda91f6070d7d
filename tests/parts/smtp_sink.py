"""Owns Postfix's smtp-sink as a peer: a server that takes groups of commands, and refuses or hangs up as it is told. It
must never pass a message on."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager


class NoSink(Exception):
    """smtp-sink is not installed; it is in Debian's package postfix."""


@contextmanager
def running_sink(*options: str) -> Iterator[str]:
    """Its address, such as 127.0.0.1:2525; options as in its manual, for instance `-f DATA`. Raises NoSink."""
    if not shutil.which("smtp-sink"):
        raise NoSink("smtp-sink is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen(["smtp-sink", *user, *options, address, "100"], stderr=subprocess.DEVNULL)
    try:
        _wait_for(address)
        yield address
    finally:
        process.kill()
        process.wait()


def _wait_for(address: str) -> None:
    host, _, port = address.partition(":")
    latest = time.monotonic() + 10
    while True:
        try:
            socket.create_connection((host, int(port))).close()
            return
        except ConnectionRefusedError:
            if time.monotonic() > latest:
                raise
            time.sleep(0.01)
