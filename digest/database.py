"""Owns the engine, the transactions and the differences between PostgreSQL and SQLite. It must never know a
model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from digest import sqlite
from digest.errors import Misuse, Transient
from digest.group_commit import GroupCommit
from digest.sqlite import ASYNCHRONOUS

Result = TypeVar("Result")

CONNECT_TIMEOUT = 10  # seconds


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

        An asynchronous commit does not wait for the disk: a power cut may undo it, but not what was committed before; a
        crash of ours undoes neither.
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
    if parsed.get_backend_name() == "sqlite":
        return _of(sqlite.writer(parsed), sqlite.reader(parsed))
    return _postgresql(parsed)


def _postgresql(url: URL) -> Database:
    timeout = {"connect_timeout": CONNECT_TIMEOUT}
    options = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20, "connect_args": timeout}
    engine = create_engine(url, hide_parameters=True, **options)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get(ASYNCHRONOUS):
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")

    return _of(engine, engine.execution_options(postgresql_readonly=True))


def _of(engine: Engine, reader: Engine) -> Database:
    asynchronous = engine.execution_options(**{ASYNCHRONOUS: True})
    return Database(engine, asynchronous, reader, GroupCommit(engine))


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
