"""What was written back to a mail is found by it: the same message may be delivered again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_THREAD = "ix_inbound_messages_thread"
_SETTLED = sa.text("message_id IS NOT NULL")  # so that the door has no page more to write


def upgrade() -> None:
    op.create_index(
        _THREAD, "inbound_messages", ["thread_id"], sqlite_where=_SETTLED, postgresql_where=_SETTLED
    )


def downgrade() -> None:
    op.drop_index(_THREAD, "inbound_messages")
