"""A message whose writer is in doubt keeps the address that it names, until its bytes are forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbound_messages", sa.Column("from_address", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("inbound_messages", "from_address")
