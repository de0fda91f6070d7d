"""Writes that come at the same moment share a commit; each gets its own answer, and none before it is committed."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from digest import group_commit
from digest.database import Database
from digest.errors import Transient

INSERT = text("INSERT INTO spent (number) VALUES (:number)")
WRITERS = 8


@pytest.fixture
def table(database: Database) -> Database:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE spent (number INTEGER PRIMARY KEY)"))
    return database


def put(number: int) -> Callable[[Connection], int]:
    def act(connection: Connection) -> int:
        connection.execute(INSERT, {"number": number})
        return number

    return act


def wait_for(database: Database, writers: int) -> None:
    """Until so many wait for a commit; ten seconds at most."""
    for _ in range(1000):
        if len(database.doors._waiting) >= writers:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{writers} writers do not wait")


def stored(database: Database) -> set[int]:
    with database.engine.begin() as connection:
        return set(connection.scalars(text("SELECT number FROM spent")))


def test_each_write_of_a_burst_is_stored_and_answered_once(table: Database) -> None:
    commits = 0

    def count(_: Connection) -> None:
        nonlocal commits
        commits += 1

    event.listen(table.engine, "commit", count)
    start = threading.Barrier(WRITERS)

    def write(number: int) -> list[int]:
        start.wait()
        return [table.write_together(put(number * 100 + turn)) for turn in range(20)]

    with ThreadPoolExecutor(WRITERS) as pool:
        answered = [number for numbers in pool.map(write, range(WRITERS)) for number in numbers]
    assert len(answered) == len(set(answered)) == WRITERS * 20
    assert commits <= WRITERS * 20
    assert stored(table) == set(answered)


def test_what_fails_is_told_to_its_writer_alone(table: Database) -> None:
    table.write_together(put(1))
    start = threading.Barrier(WRITERS)

    def write(number: int) -> str:
        start.wait()
        try:
            return str(table.write_together(put(1 if number % 2 else 10 + number)))
        except Exception as error:
            return type(error).__name__

    with ThreadPoolExecutor(WRITERS) as pool:
        said = list(pool.map(write, range(WRITERS)))
    assert said == [f"{10 + n}" if n % 2 == 0 else "IntegrityError" for n in range(WRITERS)]
    assert stored(table) == {1, 10, 12, 14, 16}


def test_nobody_is_answered_before_the_commit(table: Database) -> None:
    order: list[str] = []
    event.listen(table.engine, "commit", lambda _: order.append("committed"))
    table.write_together(put(1))
    order.append("answered")
    assert order == ["committed", "answered"]


def test_writers_that_wait_while_one_commits_share_the_next_commit(table: Database) -> None:
    inside, go_on = threading.Event(), threading.Event()
    commits: list[object] = []
    event.listen(table.engine, "commit", commits.append)

    def slow(connection: Connection) -> int:
        inside.set()
        go_on.wait(10)
        return put(0)(connection)

    with ThreadPoolExecutor(WRITERS) as pool:
        first = pool.submit(table.write_together, slow)
        inside.wait(10)
        others = [pool.submit(table.write_together, put(number)) for number in range(1, WRITERS)]
        wait_for(table, WRITERS - 1)
        go_on.set()
        assert [first.result(10), *(one.result(10) for one in others)] == list(range(WRITERS))
    assert len(commits) == 2


def test_writers_that_come_while_it_waits_for_its_turn_are_taken_along(table: Database) -> None:
    if not table.is_sqlite:
        pytest.skip("PostgreSQL lets several write at once")
    commits: list[object] = []
    with ThreadPoolExecutor(WRITERS) as pool:
        with table.transaction() as session:
            session.connection()
            writers = [pool.submit(table.write_together, put(number)) for number in range(WRITERS)]
            wait_for(table, WRITERS)
            event.listen(table.engine, "commit", commits.append)
        assert [one.result(10) for one in writers] == list(range(WRITERS))
    assert len(commits) == 2, "ours, and one for all of them"


def test_where_no_transaction_can_begin_each_hears_why(
    table: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Connection:
        raise RuntimeError("no connection")

    monkeypatch.setattr(table.doors, "_connection", refuse)
    with pytest.raises(RuntimeError):
        table.write_together(put(1))
    monkeypatch.undo()
    assert table.write_together(put(2)) == 2
    assert stored(table) == {2}


def test_while_the_database_is_away_nobody_waits_for_the_others_to_try(table: Database) -> None:
    tries: list[object] = []
    inside, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> int:
        inside.set()
        go_on.wait(10)
        return put(0)(connection)

    def away(connection: Connection) -> int:
        tries.append(connection)
        raise OperationalError("INSERT", {}, Exception("the server went away"))

    with ThreadPoolExecutor(WRITERS) as pool:
        first = pool.submit(table.write_together, slow)
        inside.wait(10)
        others = [pool.submit(table.write_together, away) for _ in range(WRITERS - 1)]
        wait_for(table, WRITERS - 1)
        go_on.set()
        assert first.result(10) == 0
        assert all(isinstance(one.exception(10), Transient) for one in others)
    assert len(tries) == 1


def cut(database: Database) -> None:
    """As a server does that is started anew: every connection of ours breaks."""
    ours = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with database.engine.connect() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {ours}"))


def test_a_connection_that_broke_is_replaced(table: Database) -> None:
    if table.is_sqlite:
        pytest.skip("SQLite has no server that could go away")
    assert table.write_together(put(1)) == 1
    cut(table)
    with pytest.raises(Transient):
        table.write_together(put(2))
    assert table.write_together(put(3)) == 3
    assert stored(table) == {1, 3}


def test_one_that_rested_is_looked_at_first(table: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    if table.is_sqlite:
        pytest.skip("SQLite has no server that could go away")
    monkeypatch.setattr(group_commit, "KEPT_FOR", 0.0)
    assert table.write_together(put(1)) == 1
    cut(table)
    assert table.write_together(put(2)) == 2


def test_after_a_failure_the_next_write_goes_on(table: Database) -> None:
    for number in (1, 1, 2, 2, 3):
        with contextlib.suppress(IntegrityError):
            table.write_together(put(number))
    assert stored(table) == {1, 2, 3}


def test_a_write_that_leaves_its_thread_by_force_leaves_nothing_behind(table: Database) -> None:
    def leave(connection: Connection) -> int:
        put(1)(connection)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        table.write_together(leave)
    assert table.write_together(put(2)) == 2
    assert stored(table) == {2}
