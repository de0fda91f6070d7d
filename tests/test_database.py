"""Writers of one SQLite file wait for each other, and lose nothing."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from digest import database as databases
from digest.database import Database


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


@pytest.fixture(autouse=True)
def _on_sqlite(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has many writers")


def test_a_writer_waits_for_the_one_before(database: Database) -> None:
    assert write_while_another_does(database) == [1, 2]


def test_where_it_takes_long_sqlite_itself_waits(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "LOOKS", 2)
    assert write_while_another_does(database) == [1, 2]


def test_whoever_waited_in_vain_hears_why_and_the_next_is_served(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "LOOKS", 2)
    monkeypatch.setattr(databases, "BUSY_TIMEOUT", 20)
    with database.transaction() as session:
        session.execute(text("CREATE TABLE numbers (number INTEGER)"))
        with pytest.raises(databases.Transient, match="locked"), database.transaction() as other:
            other.execute(text("SELECT 1"))
    with database.transaction() as session:
        session.execute(text("INSERT INTO numbers VALUES (1)"))
