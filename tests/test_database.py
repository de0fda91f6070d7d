"""What is committed is on disk, and nobody else on the machine may read it; writers of one SQLite file take turns."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from digest import database as databases, sqlite
from digest.database import Database, connect


def write_while_another_does(database: Database) -> list[int]:
    """Both numbers, in the order in which they were committed."""
    began, may_end = threading.Event(), threading.Event()

    def first() -> None:
        with database.transaction() as session:
            session.execute(text("INSERT INTO numbers VALUES (1)"))
            began.set()
            may_end.wait(10)

    with database.transaction() as session:
        session.execute(text("CREATE TABLE numbers (number INTEGER)"))
    thread = threading.Thread(target=first)
    thread.start()
    began.wait(10)
    threading.Timer(0.1, may_end.set).start()
    with database.transaction() as session:
        session.execute(text("INSERT INTO numbers VALUES (2)"))
    thread.join()
    with database.reading() as session:
        return list(session.scalars(text("SELECT number FROM numbers ORDER BY rowid")))


def waits_for_the_disk(database: Database, session: Session) -> bool:
    if database.is_sqlite:
        full = 2
        return session.scalar(text("PRAGMA synchronous")) == full
    return session.scalar(text("SHOW synchronous_commit")) == "on"


def test_a_commit_waits_for_the_disk_unless_it_may_be_undone(database: Database) -> None:
    found: list[bool] = []
    if not database.is_sqlite:
        with database.transaction() as session:
            session.execute(text("SET synchronous_commit TO on"))  # the tests' server does without
    for asynchronous in (False, True, False, True, True, False):
        with database.transaction(asynchronous=asynchronous) as session:
            found.append(waits_for_the_disk(database, session))
    assert found == [True, False, True, False, False, True]


def test_who_reads_cannot_write(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("CREATE TABLE numbers (number INTEGER)"))
    for _ in range(2):
        with pytest.raises((DBAPIError, databases.Transient)), database.reading() as session:
            session.execute(text("INSERT INTO numbers VALUES (1)"))
        with database.transaction() as session:
            session.execute(text("INSERT INTO numbers VALUES (2)"))


@pytest.fixture
def _sqlite_alone(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has many writers")


@pytest.mark.usefixtures("_sqlite_alone")
def test_a_writer_waits_for_the_one_before(database: Database) -> None:
    assert write_while_another_does(database) == [1, 2]


@pytest.mark.usefixtures("_sqlite_alone")
def test_where_it_takes_long_sqlite_itself_waits(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "LOOKS", 2)
    assert write_while_another_does(database) == [1, 2]


@pytest.mark.usefixtures("_sqlite_alone")
def test_whoever_waited_in_vain_hears_why_and_the_next_is_served(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "LOOKS", 2)
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 20)
    with database.transaction() as session:
        session.execute(text("CREATE TABLE numbers (number INTEGER)"))
        with pytest.raises(databases.Transient, match="locked"), database.transaction() as other:
            other.execute(text("SELECT 1"))
    with database.transaction() as session:
        session.execute(text("INSERT INTO numbers VALUES (1)"))


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="files have no such mode there")
@pytest.mark.usefixtures("usual_umask")
def test_a_new_file_and_those_beside_it_are_for_their_owner_alone(tmp_path: Path) -> None:
    assert modes_after_a_write(tmp_path) == {"new": 0o600, "new-shm": 0o600, "new-wal": 0o600}


@pytest.mark.skipif(os.name == "nt", reason="files have no such mode there")
@pytest.mark.usefixtures("usual_umask")
def test_a_file_that_stands_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "new").touch(0o640)
    assert modes_after_a_write(tmp_path) == {"new": 0o640, "new-shm": 0o640, "new-wal": 0o640}


def modes_after_a_write(folder: Path) -> dict[str, int]:
    database = connect(f"sqlite:///{folder / 'new'}")
    with database.transaction() as session:
        session.execute(text("CREATE TABLE numbers (number INTEGER)"))
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    database.close()
    return found
