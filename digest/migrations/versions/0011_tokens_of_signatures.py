"""A signature that does not cover the body lets one body in: its token is kept for a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("used_for", sa.String(), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_tokens")),
        sa.UniqueConstraint("source", "token_hash", name=op.f("uq_spent_tokens_source_token_hash")),
    )
    op.create_index(op.f("ix_spent_tokens_spent_at"), "spent_tokens", ["spent_at"])


def downgrade() -> None:
    op.drop_table("spent_tokens")
