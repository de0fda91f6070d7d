"""The life of a question: its stages, question mails, answers that reach their asker, numbers of entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STAGES = ("waiting", "round", "spread", "sharpened", "helped", "asked", "answered", "closed", "withdrawn")


def upgrade() -> None:
    _question_mails()
    _questions()
    _answers()
    op.add_column("sections", sa.Column("number", sa.Integer(), nullable=True))
    _partial_index(
        "ix_sections_number", "sections", ["group_id", "number"], "number IS NOT NULL", unique=True
    )
    op.create_index("ix_outbound_messages_lately", "outbound_messages", ["member_id", "created_at"])


def _question_mails() -> None:
    op.create_table(
        "question_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("went_round", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_question_mails_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_mails")),
        sa.UniqueConstraint("group_id", "due_at", name=op.f("uq_question_mails_group_id_due_at")),
    )
    _partial_index("ix_question_mails_due", "question_mails", ["due_at"], "decided_at IS NULL")


def _questions() -> None:
    """A question that stands already begins where its state is; one that the group has is looked at soon."""
    stage = sa.Column("stage", sa.Enum(*STAGES, native_enum=False), nullable=False, server_default="waiting")
    op.add_column("questions", stage)
    op.add_column("questions", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE questions SET stage = state WHERE state <> 'open'")
    op.execute(
        "UPDATE questions SET stage = 'round', next_at = asked_at WHERE state = 'open' AND number IS NOT NULL"
    )
    _partial_index("ix_questions_next", "questions", ["next_at"], "next_at IS NOT NULL")


def _answers() -> None:
    """What was shown already needs no telling any more."""
    with op.batch_alter_table("answers") as answers:
        answers.alter_column("question_id", existing_type=sa.Integer(), nullable=True)
        answers.add_column(sa.Column("section_id", sa.Integer(), nullable=True))
        answers.add_column(sa.Column("to_member_id", sa.Integer(), nullable=True))
        answers.add_column(sa.Column("just_you", sa.Boolean(), nullable=False, server_default=sa.false()))
        answers.add_column(sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True))
        answers.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
        answers.create_foreign_key(op.f("fk_answers_section_id"), "sections", ["section_id"], ["id"])
        answers.create_foreign_key(op.f("fk_answers_to_member_id"), "members", ["to_member_id"], ["id"])
        answers.create_unique_constraint(
            op.f("uq_answers_section_id_source_message_id"), ["section_id", "source_message_id"]
        )
    op.create_index(op.f("ix_answers_section_id"), "answers", ["section_id"])
    op.execute("UPDATE answers SET tell_at = received_at, told_at = received_at")
    _partial_index("ix_answers_quiet", "answers", ["tell_at"], "told_at IS NULL AND taken_back_at IS NULL")


def _partial_index(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def downgrade() -> None:
    op.drop_index("ix_outbound_messages_lately", "outbound_messages")
    op.drop_index("ix_sections_number", "sections")
    op.drop_column("sections", "number")
    op.drop_index("ix_answers_quiet", "answers")
    op.drop_index("ix_answers_section_id", "answers")
    op.execute("DELETE FROM answers WHERE question_id IS NULL")
    with op.batch_alter_table("answers") as answers:
        answers.drop_constraint(op.f("uq_answers_section_id_source_message_id"), type_="unique")
        answers.drop_constraint(op.f("fk_answers_section_id"), type_="foreignkey")
        answers.drop_constraint(op.f("fk_answers_to_member_id"), type_="foreignkey")
        for column in ("section_id", "to_member_id", "just_you", "tell_at", "told_at"):
            answers.drop_column(column)
        answers.alter_column("question_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index("ix_questions_next", "questions")
    op.drop_column("questions", "next_at")
    with op.batch_alter_table("questions") as questions:
        questions.drop_column("stage")
    op.drop_table("question_mails")
