"""Owns how SQLite is used: what its connections are told, and how those who write take turns. It must never know a
model.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

BUSY_TIMEOUT = 30_000  # milliseconds that SQLite waits for its one writer
LOOK_AGAIN, LOOKS = 0.0005, 400  # seconds until a writer looks again whether it is its turn, and how often
POOL = 20

#: The execution option of a transaction whose commit does not wait for the disk.
ASYNCHRONOUS = "digest_asynchronous"


def writer(url: URL) -> Engine:
    """Connections whose every transaction may write. Commits of all are on disk, but for asynchronous ones."""
    engine = _engine(url, query_only=False)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        _say_synchronous(connection)
        _wait_for_turn(connection)

    return engine


def reader(url: URL) -> Engine:
    """Connections that cannot write: to forbid it anew for each transaction makes SQLite compile all its statements
    anew.
    """
    engine = _engine(url, query_only=True)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _engine(url: URL, *, query_only: bool) -> Engine:
    engine = create_engine(url, hide_parameters=True, pool_size=POOL)

    @event.listens_for(engine, "do_connect")
    def _before_connect(_dialect: Any, _record: Any, arguments: list[Any], _options: Any) -> None:
        _make_private(Path(arguments[0]))

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        # In a log of its own (WAL, which not every file system can) a writer waits where its transaction begins, and
        # nowhere else.
        looks = record.info["digest_looks"] = mode == "wal" and not query_only
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={0 if looks else BUSY_TIMEOUT}",
            "temp_store=MEMORY",  # else a statement that changes many rows writes their old pages into a file
            f"query_only={int(query_only)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _make_private(file: Path) -> None:
    """A new file is for its owner alone; those that SQLite puts beside it are as open as it is. One that stands is
    never opened here: closing it would end this process's locks on it (fcntl).
    """
    with suppress(OSError):
        if file.is_absolute():  # SQLAlchemy hands over anything else only where it names no file
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _say_synchronous(connection: Connection) -> None:
    wanted = "NORMAL" if connection.get_execution_options().get(ASYNCHRONOUS) else "FULL"
    if connection.info.get("digest_synchronous", "FULL") != wanted:
        connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
        connection.info["digest_synchronous"] = wanted


def _wait_for_turn(connection: Connection) -> None:
    """Begin to write. A transaction that reads first and writes later fails at once when another wrote in between,
    whatever the busy timeout; so whoever may write waits for its turn at the start.
    """
    if not connection.info["digest_looks"]:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif not _has_turn(connection.connection.driver_connection):
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")


def _has_turn(driver: Any) -> bool:
    """Whether it began to write. SQLite itself waits longer and longer between two looks at its lock, so that writers
    sleep while nobody writes; looking often for a while keeps them all at work.
    """
    for _ in range(LOOKS):
        try:
            driver.execute("BEGIN IMMEDIATE")
            return True
        except sqlite3.OperationalError:
            time.sleep(LOOK_AGAIN)
    return False
