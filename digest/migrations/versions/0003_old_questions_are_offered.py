"""Whether a group has old questions offered to two members, and who was asked last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    offers = sa.Column("offers_old_questions", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("groups", offers)
    op.add_column("members", sa.Column("last_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("members", "last_asked_at")
    op.drop_column("groups", "offers_old_questions")
