"""What a mail to the group showed is found by its instant, and answers that are still to be shown without a search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TO_SHOW = (
    "told_at IS NOT NULL AND shown_at IS NULL AND taken_back_at IS NULL AND withdrawn_at IS NULL"
    " AND NOT just_you"
)
_INDEXES = (
    ("ix_sections_shown", "sections", ["group_id", "shown_at"], "shown_at IS NOT NULL"),
    ("ix_answers_shown", "answers", ["shown_at"], "shown_at IS NOT NULL"),
    ("ix_answers_to_show", "answers", ["told_at"], _TO_SHOW),
)


def upgrade() -> None:
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, table, _columns, _where in _INDEXES:
        op.drop_index(name, table)
