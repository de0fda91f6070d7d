"""A mail that has not left is composed anew when something in it is taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WAITS = sa.text("stale")


def upgrade() -> None:
    op.add_column(
        "outbound_messages", sa.Column("stale", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_outbound_messages_stale",
        "outbound_messages",
        ["id"],
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )


def downgrade() -> None:
    op.drop_index("ix_outbound_messages_stale", "outbound_messages")
    op.drop_column("outbound_messages", "stale")
