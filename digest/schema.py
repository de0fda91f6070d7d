"""Owns the schema's version: whether a database is up to date, and bringing it there (Alembic). It must
never change rows itself.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import column, inspect, select, table

from digest.database import Database
from digest.errors import Misuse

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = table("alembic_version", column("version_num"))


def upgrade(database: Database) -> None:
    """Bring the database to the newest schema; safe to run twice and at the same time."""
    from alembic import command
    from alembic.config import Config

    with database.engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def versions(database: Database) -> tuple[str | None, str | None]:
    """(the version of the database, the newest version)."""
    with database.reader.connect() as connection:
        has_one = inspect(connection).has_table(VERSION.name)
        return connection.scalar(select(VERSION.c.version_num)) if has_one else None, _newest()


def _newest() -> str:
    """The number that the last migration's name begins with; Alembic, which knows it too, is slow to import."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def require_current(database: Database) -> None:
    """Raises Misuse where the schema is older or newer than this version of Digest needs."""
    current, newest = versions(database)
    if current != newest:
        raise Misuse("The database has an older schema or none. Run: digest db upgrade")


def ready(database: Database) -> Database:
    """The database with its schema in place: a new SQLite one is brought up to date, any other has to be."""
    if database.is_sqlite and versions(database)[0] is None:
        upgrade(database)
    require_current(database)
    return database
