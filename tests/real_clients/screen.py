"""Owns a screen that nobody sees (Xvfb, with a window manager), on which a program runs and keys are pressed. It must
never touch another display."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60.0  # seconds
KEY_PAUSE = "12"  # milliseconds between two keys
LAYOUTS = {"de": "de", "en": "gb"}


@dataclass(frozen=True)
class Screen:
    """A display; windows are found by a piece of their title and known by their number."""

    display: str

    def window(self, title: str) -> str:
        """The last visible window of that title, in front. Raises TimeoutError with the titles that are there."""
        deadline = time.monotonic() + PATIENCE
        while not (found := self.windows(title)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no window {title!r} among {self.titles()}")
            time.sleep(0.3)
        self._xdotool("windowactivate", "--sync", found[-1])
        return found[-1]

    def windows(self, title: str) -> list[str]:
        return self._xdotool("search", "--onlyvisible", "--name", title).split()

    def titles(self) -> list[str]:
        return [self._xdotool("getwindowname", one).strip() for one in self.windows(".")]

    def gone(self, window: str) -> None:
        """Wait until that window is closed."""
        deadline = time.monotonic() + PATIENCE
        while window in self.windows("."):
            if time.monotonic() > deadline:
                raise TimeoutError(f"still open: {self.titles()}")
            time.sleep(0.3)

    def rest(self, seconds: float) -> None:
        """What is not visible from outside needs a little time."""
        time.sleep(seconds)

    def press(self, *keys: str) -> None:
        self._xdotool("key", "--clearmodifiers", "--delay", KEY_PAUSE, *keys)

    def type(self, text: str) -> None:
        """Text with its line breaks, key by key."""
        for at, line in enumerate(text.split("\n")):
            if at:
                self.press("Return")
            if line:
                self._xdotool("type", "--clearmodifiers", "--delay", KEY_PAUSE, line)

    def clipboard(self) -> str:
        command = ["xclip", "-selection", "clipboard", "-out"]
        return subprocess.run(
            command, check=True, capture_output=True, env=self._environment()
        ).stdout.decode()

    def picture(self, path: Path) -> None:
        """What stands on the screen, as PNG."""
        subprocess.run(["import", "-window", "root", str(path)], check=True, env=self._environment())

    def _xdotool(self, *arguments: str) -> str:
        command = ["xdotool", *arguments]
        return subprocess.run(
            command, check=False, capture_output=True, env=self._environment()
        ).stdout.decode()

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "DISPLAY": self.display, "LANG": "C.UTF-8"}


@contextmanager
def screen(home: Path, locale: str, *program: str) -> Iterator[Screen]:
    """The program on a display of its own with the keyboard of that language; all of it ended afterwards."""
    with ExitStack() as ended, (home / "log").open("wb") as log:
        display = ended.enter_context(_display(log.fileno()))
        environment = _environment(home, display, locale)
        subprocess.run(["setxkbmap", LAYOUTS[locale]], check=True, env=environment)
        ended.enter_context(_running(["openbox"], environment, log.fileno()))
        ended.enter_context(_running(program, environment, log.fileno()))
        yield Screen(display)


@contextmanager
def _display(log: int) -> Iterator[str]:
    read_end, write_end = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(write_end),
        "-screen",
        "0",
        "1400x1000x24",
        "-noreset",
        "-nolisten",
        "tcp",
    ]
    with subprocess.Popen(command, pass_fds=[write_end], stdout=log, stderr=log) as server:
        os.close(write_end)
        try:
            with os.fdopen(read_end) as told:
                yield f":{told.readline().strip()}"
        finally:
            server.terminate()


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str], log: int) -> Iterator[None]:
    folder = environment["HOME"]
    with subprocess.Popen(
        command, env=dict(environment), cwd=folder, stdout=log, stderr=log, start_new_session=True
    ) as one:
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGTERM)


def _environment(home: Path, display: str, locale: str) -> dict[str, str]:
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "DISPLAY": display,
        "LANG": "de_DE.UTF-8" if locale == "de" else "C.UTF-8",
        "XDG_RUNTIME_DIR": str(home),
        "NO_AT_BRIDGE": "1",
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
    }
