"""Owns the real `digest` command as the tests run it: in this process, or in one of its own. It must never leave this
process's settings, clock or streams changed."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from digest import cli, clock
from digest.database import connect

#: Settings with which everything works and nothing leaves the folder.
ENOUGH = {
    "DIGEST_SECRET": "a secret that signs the links",
    "DIGEST_MAIL_URL": "maildir:out",
    "DIGEST_MAIL_FROM": "digest@example.com",
    "DIGEST_REPLY_DOMAIN": "in.example.com",
    "DIGEST_BASE_URL": "http://127.0.0.1:8080",
}

BERLIN = ("--timezone", "Europe/Berlin", "--locale", "de")


@dataclass(frozen=True)
class Said:
    exit_code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error; anything else fails the test."""
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        assert self.err.strip()
        return self.err.strip()


@dataclass
class Operator:
    """Somebody at a shell in a folder, with these settings and no others."""

    folder: Path
    settings: dict[str, str] = field(default_factory=lambda: dict(ENOUGH))

    def digest(self, *arguments: str, stdin: bytes = b"") -> Said:
        """Run a command line in this process."""
        out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with (
                patch.dict(os.environ, self._environment(), clear=True),
                patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
                patch.object(sys, "stdout", out),
                patch.object(sys, "stderr", err),
            ):
                exit_code = cli.run(arguments)
        finally:
            os.chdir(before)
            clock.start_at(None)
        return Said(exit_code, _written(out), _written(err))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "digest", *arguments],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def in_database(self, query: Any) -> list[Any]:
        """What stands in the SQLite database of the folder."""
        with (
            closing(connect(f"sqlite:///{self.folder}/digest.sqlite")) as database,
            database.reading() as session,
        ):
            return list(session.scalars(query))

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DIGEST_")}
        return kept | self.settings


def an_old_schema(operator: Operator) -> None:
    _with_schema(operator, "0000")


def a_newer_schema(operator: Operator) -> None:
    _with_schema(operator, "9999")


def _with_schema(operator: Operator, version: str) -> None:
    with closing(sqlite3.connect(operator.folder / "digest.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (version,))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
