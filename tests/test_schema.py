"""An update of Digest keeps what stands in a database that an older one has made."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from digest import schema
from digest.database import connect

OLDEST = "0001"
VALUES: dict[type, Any] = {
    int: 1,
    str: "kept",
    bool: True,
    bytes: b"kept",
    object: ["kept"],  # JSON
    date: date(2026, 11, 24),
    time: time(9),
    datetime: datetime(2026, 11, 24, 8, tzinfo=UTC),
}
STATES = {
    "members": "active",
    "outbound_messages": "sent",
    "inbound_messages": "filed",
    "questions": "answered",
    "help_offers": "told",
}


def test_an_upgrade_keeps_every_row_and_every_value(empty_database_url: str) -> None:
    database = connect(empty_database_url)
    with database.engine.begin() as connection:
        make_oldest(connection)
        before = {table.name: fill(connection, table) for table in tables(connection)}
    schema.upgrade(database)
    schema.require_current(database)
    with database.reader.begin() as connection:
        after = {
            table.name: [{name: row[name] for name in before[table.name]} for row in rows(connection, table)]
            for table in tables(connection)
            if table.name in before
        }
    database.close()
    assert len(before) > 10
    assert after == {name: [row] for name, row in before.items()}


def test_an_upgrade_that_fails_on_its_way_leaves_the_database_as_it_was(empty_database_url: str) -> None:
    """So two that begin at once cannot meet half-way, either: the second waits, and then finds nothing to do."""
    database = connect(empty_database_url)
    with database.transaction() as session:
        session.execute(
            text("CREATE TABLE mailbox_marks (id INTEGER)")
        )  # what a late migration wants to make
    with pytest.raises(DBAPIError, match="already exists"):
        schema.upgrade(database)
    with database.reader.begin() as connection:
        assert inspect(connection).get_table_names() == ["mailbox_marks"]
    database.close()


def make_oldest(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, OLDEST)


def tables(connection: Connection) -> list[Table]:
    """Each after those that it leads to."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(connection: Connection, table: Table) -> dict[str, Any]:
    """The one row that now stands in it, with a value in every column."""
    values = {column.name: VALUES[column.type.python_type] for column in table.columns}
    if table.name in STATES:
        values["state"] = STATES[table.name]
    connection.execute(insert(table).values(values))
    (row,) = rows(connection, table)
    return row


def rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]
