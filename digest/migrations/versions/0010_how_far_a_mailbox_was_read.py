"""A mailbox that is read by IMAP is looked through once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from digest.domain.base import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailbox_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_marks")),
        sa.UniqueConstraint("mailbox", name=op.f("uq_mailbox_marks_mailbox")),
    )


def downgrade() -> None:
    op.drop_table("mailbox_marks")
