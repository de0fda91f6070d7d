"""Owns the schema's version: whether a database is up to date, and bringing it there (Alembic). It must
never change rows itself.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from digest.database import Database
from digest.errors import Misuse

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Bring the database to the newest schema; safe to run twice and at the same time."""
    with database.engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def versions(database: Database) -> tuple[str | None, str | None]:
    """(the version of the database, the newest version)."""
    with database.reader.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, ScriptDirectory.from_config(_config()).get_current_head()


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


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
