"""Owns the engine, the transactions and the differences between PostgreSQL and SQLite. It must never know a
model.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from digest.errors import Misuse, Transient
from digest.group_commit import GroupCommit

Result = TypeVar("Result")

CONNECT_TIMEOUT = 10  # seconds
BUSY_TIMEOUT = 30_000  # milliseconds that SQLite waits for its one writer
LOOK_AGAIN, LOOKS = 0.0005, 400  # seconds until a writer looks again whether it is its turn, and how often


@dataclass(frozen=True)
class Database:
    """One database: `transaction()` for what changes it, `reading()` for what only looks."""

    engine: Engine
    asynchronous: Engine
    reader: Engine
    doors: GroupCommit

    @contextmanager
    def transaction(self, *, asynchronous: bool = False) -> Iterator[Session]:
        """A write transaction: committed at the end, rolled back when anything is raised. Raises Transient
        where it is away.

        An asynchronous commit does not wait for the disk: a power cut may undo it, though nothing that was committed
        before it, or a crash of ours.
        """
        engine = self.asynchronous if asynchronous else self.engine
        with _away_as_transient(), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def write_together(self, act: Callable[[Connection], Result]) -> Result:
        """What `act` returns, committed with the small writes of other threads that come just then. Raises what it
        raises, and Transient.
        """
        with _away_as_transient():
            return self.doors.write(act)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction in which the database itself refuses every write."""
        with _away_as_transient(), Session(self.reader, expire_on_commit=False) as session, session.begin():
            yield session

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        self.doors.close()
        self.engine.dispose()
        self.reader.dispose()


def connect(url: str) -> Database:
    """The database at a SQLAlchemy URL. Raises Misuse for a URL that cannot be read; no connection is made
    yet.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Misuse(
            "DIGEST_DATABASE_URL is not a database URL. Write sqlite:///digest.sqlite or postgresql://..."
        ) from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise Misuse(
            f"DIGEST_DATABASE_URL begins with {parsed.drivername}://, which Digest does not know. "
            "Write sqlite:///digest.sqlite or postgresql://user:password@host/digest."
        )
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)


def _postgresql(url: URL) -> Database:
    timeout = {"connect_timeout": CONNECT_TIMEOUT}
    options = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20, "connect_args": timeout}
    engine = create_engine(url, hide_parameters=True, **options)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if _is_asynchronous(connection):
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")

    reader = engine.execution_options(postgresql_readonly=True)
    return Database(engine, engine.execution_options(digest_asynchronous=True), reader, GroupCommit(engine))


def _sqlite(url: URL) -> Database:
    """Who reads has connections of their own: to forbid a connection to write makes SQLite compile all its statements
    anew.
    """
    engine, reader = (create_engine(url, hide_parameters=True, pool_size=20) for _ in range(2))
    _prepare_sqlite(engine, "OFF")
    _prepare_sqlite(reader, "ON")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA synchronous={'NORMAL' if _is_asynchronous(connection) else 'FULL'}")
        # A transaction that reads first and writes later fails at once when another wrote in between,
        # whatever the busy timeout; so whoever may write waits for its turn at the start.
        if not _has_turn(driver):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(reader, "begin")
    def _on_reading(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return Database(engine, engine.execution_options(digest_asynchronous=True), reader, GroupCommit(engine))


def _prepare_sqlite(engine: Engine, query_only: str) -> None:
    @event.listens_for(engine, "do_connect")
    def _before_connect(_dialect: Any, _record: Any, arguments: list[Any], _options: Any) -> None:
        _make_private(Path(arguments[0]))

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT}",
            "temp_store=MEMORY",  # else a statement that changes many rows writes their old pages into a file
            f"query_only={query_only}",
        ):
            connection.execute(f"PRAGMA {pragma}")


def _is_asynchronous(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("digest_asynchronous"))


def _make_private(file: Path) -> None:
    """A new file is for its owner alone; those that SQLite puts beside it are as open as it is. One that stands is
    never opened here: closing it would end this process's locks on it (fcntl).
    """
    with suppress(OSError):
        if file.is_absolute():  # SQLAlchemy hands over anything else only where it names no file
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _has_turn(driver: Any) -> bool:
    """Whether a write transaction was begun. SQLite itself waits longer and longer between two looks at its lock, so
    that writers sleep while nobody writes; looking often for a while keeps them all at work.
    """
    driver.execute("PRAGMA busy_timeout=0")
    try:
        for _ in range(LOOKS):
            try:
                driver.execute("BEGIN IMMEDIATE")
                return True
            except sqlite3.OperationalError:
                time.sleep(LOOK_AGAIN)
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
    return False


@contextmanager
def _away_as_transient() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Transient(_what_is_away(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Transient("The database went away. It is tried again.") from error
        raise


def _what_is_away(error: OperationalError) -> str:
    reason = str(error.orig).strip().splitlines()
    return f"The database cannot be used: {reason[0] if reason else 'no reason given'}."
