"""Owns a terminal without a screen (tmux, with a socket of its own), in which a program runs and keys are pressed. It
must never touch another tmux."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 20.0  # seconds


@dataclass(frozen=True)
class Terminal:
    """A running program; `press` takes tmux's names of keys, `type` text as it stands."""

    socket: Path

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Text with its line breaks, as a person types it."""
        for at, line in enumerate(text.split("\n")):
            if at:
                self.press("Enter")
            if line:
                self._tmux("send-keys", "-l", line)

    def wait_for(self, words: str) -> None:
        """Until `words` stand on the screen. Raises TimeoutError with what stands there instead."""
        deadline = time.monotonic() + PATIENCE
        while words not in (seen := self._tmux("capture-pane", "-p")):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{words!r} does not appear:\n{seen}")
            time.sleep(0.1)

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-S", str(self.socket), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def terminal(home: Path, environment: Mapping[str, str], *program: str) -> Iterator[Terminal]:
    """The program in a terminal of 110 by 60, ended with it."""
    socket = home / "tmux"
    start = ["tmux", "-S", str(socket), "-f", "/dev/null", "new-session", "-d", "-x", "110", "-y", "60"]
    subprocess.run([*start, *program], check=True, env=dict(environment), cwd=home)
    try:
        yield Terminal(socket)
    finally:
        subprocess.run(["tmux", "-S", str(socket), "kill-server"], check=False, capture_output=True)
