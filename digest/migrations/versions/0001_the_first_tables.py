"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("list_key", sa.String(), nullable=False),
        sa.Column("next_question_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("list_key", name=op.f("uq_groups_list_key")),
        sa.UniqueConstraint("name_key", name=op.f("uq_groups_name_key")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("addr_spec", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suppressed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suppressed_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_addresses_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("addr_spec", name=op.f("uq_addresses_addr_spec")),
    )
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_addresses_person_id"), ["person_id"], unique=False)

    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum("invited", "active", "paused", "left", native_enum=False), nullable=False),
        sa.Column("is_facilitator", sa.Boolean(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_source", sa.String(), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_joined", sa.Integer(), nullable=False),
        sa.Column("link_epoch", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('invited','active','paused','left')", name=op.f("ck_members_state")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_members_group_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_members_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("group_id", "person_id", name=op.f("uq_members_group_id_person_id")),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_members_person_id"), ["person_id"], unique=False)

    op.create_table(
        "practices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("prompt_weekday", sa.Integer(), nullable=False),
        sa.Column("prompt_time", sa.Time(), nullable=False),
        sa.Column("digest_weekday", sa.Integer(), nullable=False),
        sa.Column("digest_time", sa.Time(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("example", sa.String(), nullable=True),
        sa.Column("example_by", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_practices_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practices")),
    )
    with op.batch_alter_table("practices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practices_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_practices_planned_until"), ["planned_until"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_notices_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("member_id", "kind", "occasion", name=op.f("uq_notices_member_id_kind_occasion")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notices_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("prompt_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prompted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("prompt_missed", sa.Boolean(), nullable=False),
        sa.Column("digested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest_missed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_rounds_group_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_rounds_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint(
            "group_id", "practice_id", "week", name=op.f("uq_rounds_group_id_practice_id_week")
        ),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rounds_digest_due",
            ["digest_due_at"],
            unique=False,
            sqlite_where=sa.text("digested_at IS NULL"),
            postgresql_where=sa.text("digested_at IS NULL"),
        )
        batch_op.create_index(
            "ix_rounds_prompt_due",
            ["prompt_due_at"],
            unique=False,
            sqlite_where=sa.text("prompted_at IS NULL"),
            postgresql_where=sa.text("prompted_at IS NULL"),
        )

    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_entries_member_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_entries_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("round_id", "member_id", name=op.f("uq_entries_round_id_member_id")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entries_member_id"), ["member_id"], unique=False)

    op.create_table(
        "outbound_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("mail_from", sa.String(), nullable=False),
        sa.Column("rcpt_to", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("reply_hash", sa.String(), nullable=True),
        sa.Column("reply_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_key", sa.String(), nullable=False),
        sa.Column("link_names", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "rejected",
                "failed",
                "cancelled",
                "expired",
                "delivered",
                "bounced",
                "complained",
                native_enum=False,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("begun", sa.Boolean(), nullable=False),
        sa.Column("lost_leases", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enhanced_status", sa.String(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state in ('queued','sending','sent','rejected','failed','cancelled','expired','delivered','bounced','complained')",
            name=op.f("ck_outbound_messages_state"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_outbound_messages_member_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_outbound_messages_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_messages")),
        sa.UniqueConstraint(
            "kind", "occasion", "member_id", name=op.f("uq_outbound_messages_kind_occasion_member_id")
        ),
        sa.UniqueConstraint("link_key", name=op.f("uq_outbound_messages_link_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbound_messages_message_id")),
        sa.UniqueConstraint("reply_hash", name=op.f("uq_outbound_messages_reply_hash")),
    )
    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbound_messages_kept",
            ["reply_until"],
            unique=False,
            sqlite_where=sa.text("raw IS NOT NULL"),
            postgresql_where=sa.text("raw IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_outbound_messages_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_outbound_messages_queued",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )
        batch_op.create_index(
            "ix_outbound_messages_sending",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )

    op.create_table(
        "delivery_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbound_message_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("enhanced_status", sa.String(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbound_message_id"],
            ["outbound_messages.id"],
            name=op.f("fk_delivery_events_outbound_message_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_events")),
        sa.UniqueConstraint("source", "event_id", name=op.f("uq_delivery_events_source_event_id")),
    )
    with op.batch_alter_table("delivery_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delivery_events_outbound_message_id"), ["outbound_message_id"], unique=False
        )

    op.create_table(
        "inbound_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("raw_digest", sa.String(), nullable=False),
        sa.Column("rcpt_to", sa.String(), nullable=False),
        sa.Column("mail_from", sa.String(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("accepted", "processing", "filed", "held", "dropped", "failed", native_enum=False),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('accepted','processing','filed','held','dropped','failed')",
            name=op.f("ck_inbound_messages_state"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_inbound_messages_member_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_inbound_messages_round_id")),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["outbound_messages.id"], name=op.f("fk_inbound_messages_thread_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_messages")),
        sa.UniqueConstraint("raw_digest", "rcpt_to", name=op.f("uq_inbound_messages_raw_digest_rcpt_to")),
    )
    with op.batch_alter_table("inbound_messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbound_messages_in_order",
            ["member_id", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('accepted','processing')"),
            postgresql_where=sa.text("state IN ('accepted','processing')"),
        )
        batch_op.create_index(
            "ix_inbound_messages_kept",
            ["settled_at"],
            unique=False,
            sqlite_where=sa.text("raw IS NOT NULL"),
            postgresql_where=sa.text("raw IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_inbound_messages_unfinished",
            ["state", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('accepted','processing')"),
            postgresql_where=sa.text("state IN ('accepted','processing')"),
        )

    op.create_table(
        "link_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbound_message_id", sa.Integer(), nullable=False),
        sa.Column("link_name", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbound_message_id"],
            ["outbound_messages.id"],
            name=op.f("fk_link_openings_outbound_message_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_openings")),
    )
    with op.batch_alter_table("link_openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_openings_opened_at"), ["opened_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_link_openings_outbound_message_id"), ["outbound_message_id"], unique=False
        )

    op.create_table(
        "sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("source_message_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_with_name", sa.Boolean(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_sections_entry_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_sections_group_id")),
        sa.ForeignKeyConstraint(
            ["source_message_id"], ["inbound_messages.id"], name=op.f("fk_sections_source_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sections")),
    )
    with op.batch_alter_table("sections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sections_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index("ix_sections_source", ["source_message_id"], unique=False)
        batch_op.create_index(
            "ix_sections_waiting",
            ["group_id"],
            unique=False,
            sqlite_where=sa.text("shown_at IS NULL AND taken_back_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("shown_at IS NULL AND taken_back_at IS NULL AND replaced_at IS NULL"),
        )

    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "state", sa.Enum("open", "answered", "closed", "withdrawn", native_enum=False), nullable=False
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("take_away", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state in ('open','answered','closed','withdrawn')", name=op.f("ck_questions_state")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_questions_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_questions_member_id")),
        sa.ForeignKeyConstraint(["section_id"], ["sections.id"], name=op.f("fk_questions_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_questions_group_id_number")),
        sa.UniqueConstraint("section_id", name=op.f("uq_questions_section_id")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index("ix_questions_closed", ["group_id", "closed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_questions_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_questions_open",
            ["group_id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("source_message_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_answers_member_id")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_answers_question_id")),
        sa.ForeignKeyConstraint(
            ["source_message_id"], ["inbound_messages.id"], name=op.f("fk_answers_source_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint(
            "question_id", "source_message_id", name=op.f("uq_answers_question_id_source_message_id")
        ),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answers_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answers_question_id"), ["question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answers_source_message_id"), ["source_message_id"], unique=False)

    op.create_table(
        "help_offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum("quiet", "suspect", "told", "undone", native_enum=False), nullable=False),
        sa.Column("via", sa.Enum("button", "auto", "reply", native_enum=False), nullable=False),
        sa.Column("times_made", sa.Integer(), nullable=False),
        sa.Column("outbound_message_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tell_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('quiet','suspect','told','undone')", name=op.f("ck_help_offers_state")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_help_offers_member_id")),
        sa.ForeignKeyConstraint(
            ["outbound_message_id"], ["outbound_messages.id"], name=op.f("fk_help_offers_outbound_message_id")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_help_offers_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_offers")),
        sa.UniqueConstraint("question_id", "member_id", name=op.f("uq_help_offers_question_id_member_id")),
    )
    with op.batch_alter_table("help_offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_offers_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_help_offers_quiet",
            ["tell_at"],
            unique=False,
            sqlite_where=sa.text("state = 'quiet'"),
            postgresql_where=sa.text("state = 'quiet'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("help_offers", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_help_offers_quiet",
            sqlite_where=sa.text("state = 'quiet'"),
            postgresql_where=sa.text("state = 'quiet'"),
        )
        batch_op.drop_index(batch_op.f("ix_help_offers_member_id"))

    op.drop_table("help_offers")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answers_source_message_id"))
        batch_op.drop_index(batch_op.f("ix_answers_question_id"))
        batch_op.drop_index(batch_op.f("ix_answers_member_id"))

    op.drop_table("answers")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_questions_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_questions_member_id"))
        batch_op.drop_index("ix_questions_closed")

    op.drop_table("questions")
    with op.batch_alter_table("sections", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_sections_waiting",
            sqlite_where=sa.text("shown_at IS NULL AND taken_back_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("shown_at IS NULL AND taken_back_at IS NULL AND replaced_at IS NULL"),
        )
        batch_op.drop_index("ix_sections_source")
        batch_op.drop_index(batch_op.f("ix_sections_entry_id"))

    op.drop_table("sections")
    with op.batch_alter_table("link_openings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_openings_outbound_message_id"))
        batch_op.drop_index(batch_op.f("ix_link_openings_opened_at"))

    op.drop_table("link_openings")
    with op.batch_alter_table("inbound_messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbound_messages_unfinished",
            sqlite_where=sa.text("state IN ('accepted','processing')"),
            postgresql_where=sa.text("state IN ('accepted','processing')"),
        )
        batch_op.drop_index(
            "ix_inbound_messages_kept",
            sqlite_where=sa.text("raw IS NOT NULL"),
            postgresql_where=sa.text("raw IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_inbound_messages_in_order",
            sqlite_where=sa.text("state IN ('accepted','processing')"),
            postgresql_where=sa.text("state IN ('accepted','processing')"),
        )

    op.drop_table("inbound_messages")
    with op.batch_alter_table("delivery_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_events_outbound_message_id"))

    op.drop_table("delivery_events")
    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbound_messages_sending",
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )
        batch_op.drop_index(
            "ix_outbound_messages_queued",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )
        batch_op.drop_index(batch_op.f("ix_outbound_messages_member_id"))
        batch_op.drop_index(
            "ix_outbound_messages_kept",
            sqlite_where=sa.text("raw IS NOT NULL"),
            postgresql_where=sa.text("raw IS NOT NULL"),
        )

    op.drop_table("outbound_messages")
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entries_member_id"))

    op.drop_table("entries")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_rounds_prompt_due",
            sqlite_where=sa.text("prompted_at IS NULL"),
            postgresql_where=sa.text("prompted_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_rounds_digest_due",
            sqlite_where=sa.text("digested_at IS NULL"),
            postgresql_where=sa.text("digested_at IS NULL"),
        )

    op.drop_table("rounds")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notices_due",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.drop_table("notices")
    with op.batch_alter_table("practices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practices_planned_until"))
        batch_op.drop_index(batch_op.f("ix_practices_group_id"))

    op.drop_table("practices")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_members_person_id"))

    op.drop_table("members")
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_addresses_person_id"))

    op.drop_table("addresses")
    op.drop_table("people")
    op.drop_table("groups")
