#!/usr/bin/env python3
"""Sets up `.venv` from requirements.lock, then starts what was asked. It must never need anything but Python.

python3 run.py test [--long] [what pytest takes]
python3 run.py ARGS                   the same as `digest ARGS`
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("Digest needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])

import contextlib
import os
import pathlib
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec

WINDOWS = sys.platform == "win32"
ROOT = pathlib.Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
DIGEST = PYTHON.with_name("digest.exe" if WINDOWS else "digest")
OWN_PYTHON = getattr(sys, "_base_executable", sys.executable)  # .venv may be the one that is active
STAMP = VENV / "made-from"  # written last, so an environment without it was interrupted


def main(arguments: list[str]) -> None:
    """Brings `.venv` up to date where it is not, then becomes the tests or the `digest` command."""
    if not up_to_date():
        with alone() as lock:
            if not up_to_date():
                set_up(lock)
    if arguments[:1] == ["test"]:
        os.chdir(ROOT)
        become([str(PYTHON), "-m", "pytest", "--numprocesses=auto", *arguments[1:]])
    become([str(DIGEST), *arguments])


def up_to_date() -> bool:
    return DIGEST.exists() and stamped() == [place(), requirements()]


def stamped() -> list[str]:
    return STAMP.read_text("utf-8").splitlines() if STAMP.exists() else []


def place() -> str:
    """The folder and the Python of an environment: where either has changed it is made from nothing."""
    return f"{VENV} {os.path.realpath(PYTHON)} {PYTHON.exists()}"


def requirements() -> str:
    return sha256(LOCK.read_bytes()).hexdigest()


@contextlib.contextmanager
def alone() -> Iterator[tuple[int, ...]]:
    """Waits while another start sets up. Its children hold the lock too: pip outlives a killed start."""
    if WINDOWS:
        yield ()
        return
    import fcntl

    handle = os.open(ROOT, os.O_RDONLY)
    with contextlib.suppress(OSError):  # some network file systems know no locks
        fcntl.flock(handle, fcntl.LOCK_EX)
    yield (handle,)
    os.close(handle)


def set_up(lock: tuple[int, ...]) -> None:
    """Makes `.venv`, or installs into it what a new lock asks for; the stamp comes last."""
    if not (find_spec("venv") and find_spec("ensurepip")):
        sys.exit(NO_VENV.format(*sys.version_info))
    print("Setting up .venv, which takes a moment the first time.", file=sys.stderr, flush=True)
    if stamped()[:1] != [place()]:
        shutil.rmtree(VENV, ignore_errors=True)
        if run(lock, OWN_PYTHON, "-m", "venv", str(VENV)):
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit("Making .venv did not work: the lines above say why.")
    STAMP.unlink(missing_ok=True)
    install(lock, "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK))
    install(lock, "--no-deps", "--no-index", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(f"{place()}\n{requirements()}\n", "utf-8")


def install(lock: tuple[int, ...], *what: str) -> None:
    pip = [str(PYTHON), "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    if run(lock, *pip, *what):
        sys.exit("Setting up .venv did not work: the lines above say why. Starting again repairs it.")


def run(lock: tuple[int, ...], *command: str) -> int:
    return subprocess.run(command, pass_fds=lock).returncode


def become(command: list[str]) -> None:
    if WINDOWS:
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)


NO_VENV = "Python's venv is missing here. On Debian and Ubuntu this brings it: apt install python{}.{}-venv"

if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
