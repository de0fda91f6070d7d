"""What is reported about mails is judged: addresses that fail, domains that get no mail for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "domain_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enhanced_status", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain_pauses")),
        sa.UniqueConstraint("domain", name=op.f("uq_domain_pauses_domain")),
    )
    op.add_column("addresses", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("addresses", sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery_events", sa.Column("judgement", sa.String(), nullable=True))
    op.create_index("ix_delivery_events_reported_at", "delivery_events", ["reported_at"])


def downgrade() -> None:
    op.drop_index("ix_delivery_events_reported_at", table_name="delivery_events")
    op.drop_column("delivery_events", "judgement")
    op.drop_column("addresses", "reached_at")
    op.drop_column("addresses", "failing_since")
    op.drop_table("domain_pauses")
