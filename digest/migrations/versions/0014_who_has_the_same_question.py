"""A member may say that she has the same question; its asker is told how many do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_QUIET = sa.text("told_at IS NULL AND undone_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "same_heres",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("source_message_id", sa.Integer(), nullable=True),
        sa.Column("tell_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_same_heres_question_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_same_heres_member_id")),
        sa.ForeignKeyConstraint(
            ["source_message_id"], ["inbound_messages.id"], name=op.f("fk_same_heres_source_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_same_heres")),
        sa.UniqueConstraint("question_id", "member_id", name=op.f("uq_same_heres_question_id_member_id")),
    )
    op.create_index("ix_same_heres_member_id", "same_heres", ["member_id"])
    op.create_index("ix_same_heres_source_message_id", "same_heres", ["source_message_id"])
    op.create_index(
        "ix_same_heres_quiet",
        "same_heres",
        ["question_id", "tell_at"],
        sqlite_where=_QUIET,
        postgresql_where=_QUIET,
    )


def downgrade() -> None:
    op.drop_table("same_heres")
