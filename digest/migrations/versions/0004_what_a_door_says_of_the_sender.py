"""A door that checks senders itself hands its verdicts over with the message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbound_messages", sa.Column("verdicts", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("inbound_messages", "verdicts")
