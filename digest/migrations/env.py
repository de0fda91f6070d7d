"""Runs migrations on the connection that `digest.schema` hands over. It must never open one itself."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from digest.domain import every_table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=every_table(),
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,  # SQLite too can undo all of it; its one writer's turn is taken before the version is read
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        # Two machines may start at once; the second waits here and then finds nothing to do.
        connection.execute(text("SELECT pg_advisory_xact_lock(20261122)"))
    context.run_migrations()
