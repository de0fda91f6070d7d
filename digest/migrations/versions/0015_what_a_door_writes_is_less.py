"""A message that comes in stands in no index of what is settled, and a token in none of when it was spent: each was a
page more to write before the sender is answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KEPT, _TOKENS = "ix_inbound_messages_kept", "ix_spent_tokens_spent_at"


def upgrade() -> None:
    _keep("raw IS NOT NULL AND settled_at IS NOT NULL")
    op.drop_index(_TOKENS, "spent_tokens")


def downgrade() -> None:
    _keep("raw IS NOT NULL")
    op.create_index(_TOKENS, "spent_tokens", ["spent_at"])


def _keep(where: str) -> None:
    op.drop_index(_KEPT, "inbound_messages")
    op.create_index(
        _KEPT,
        "inbound_messages",
        ["settled_at"],
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
