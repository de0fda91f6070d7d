"""Owns the schema's version: whether a database is up to date, and bringing it there (Alembic). It must
never change rows itself.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import column, inspect, select, table

from digest.database import Database
from digest.errors import Permanent

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = table("alembic_version", column("version_num"))


def upgrade(database: Database) -> None:
    """Bring the database to the newest schema; safe to run twice and at the same time. Raises Permanent where its
    schema is newer than any that this version of Digest knows.
    """
    from alembic import command
    from alembic.config import Config

    _refuse_newer(*versions(database))
    with database.engine.connect() as connection:
        config = Config()
        config.set_main_option(
            "script_location", str(MIGRATIONS).replace("%", "%%")
        )  # % begins a reference there
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def versions(database: Database) -> tuple[str | None, str]:
    """(the version of the database, None where it has no schema; the newest version that this Digest knows)."""
    with database.reader.connect() as connection:
        has_one = inspect(connection).has_table(VERSION.name)
        return connection.scalar(select(VERSION.c.version_num)) if has_one else None, _newest()


def _newest() -> str:
    """The number that the last migration's name begins with; Alembic, which knows it too, is slow to import."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def require_current(database: Database) -> None:
    """Raises Permanent where the schema is older or newer than this version of Digest needs."""
    current, newest = versions(database)
    _refuse_newer(current, newest)
    if current != newest:
        raise Permanent("The database has an older schema or none. Run: digest db upgrade")


def _refuse_newer(current: str | None, newest: str) -> None:
    if current is not None and current > newest:
        raise Permanent(
            f"The database has schema {current}, which only a newer Digest knows; this one knows {newest}. "
            "Bring Digest up to date."
        )


def ready(database: Database) -> Database:
    """The database with its schema in place: a new SQLite one is brought up to date, any other has to be. Raises
    Permanent where it is not.
    """
    if database.is_sqlite and versions(database)[0] is None:
        upgrade(database)
    require_current(database)
    return database
