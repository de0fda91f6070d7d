"""A notice knows whether it answers a message, and when it did, so that automatic answers can be counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ANSWERED = sa.text("answered_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("notices", sa.Column("answers", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("notices", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    for name, columns in INDEXES.items():
        op.create_index(name, "notices", columns, sqlite_where=ANSWERED, postgresql_where=ANSWERED)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "notices")
    op.drop_column("notices", "answered_at")
    op.drop_column("notices", "answers")


INDEXES = {"ix_notices_answered": ["answered_at"], "ix_notices_answered_to": ["member_id", "answered_at"]}
