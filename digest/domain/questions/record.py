"""Owns the tables of questions, offers to help and answers. It must never hold a verb, nor tell who asked without a
name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from digest.domain.base import Base, partial_index
from digest.domain.groups.group import Member
from digest.domain.questions.life import QuestionState, Stage
from digest.domain.rounds.entry import Section

OfferState = Literal["quiet", "suspect", "told", "undone"]
Via = Literal["button", "auto", "reply"]

_TO_SHOW = (
    "told_at IS NOT NULL AND shown_at IS NULL AND taken_back_at IS NULL AND withdrawn_at IS NULL"
    " AND NOT just_you"
)


class Question(Base):
    """A question; its number is given when it is first shown, and is then the same in every mail, page and
    reply.
    """

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        CheckConstraint("state in ('open','answered','closed','withdrawn')", name="state"),
        Index("ix_questions_closed", "group_id", "closed_at"),
        partial_index("ix_questions_open", "group_id", where="state = 'open'"),
        partial_index("ix_questions_next", "next_at", where="next_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    number: Mapped[int | None]
    state: Mapped[QuestionState] = mapped_column(default="open")
    stage: Mapped[Stage] = mapped_column(default="waiting", server_default="waiting")  # see life.py
    next_at: Mapped[datetime | None]  # when that is due, where a clock brings it
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    take_away: Mapped[str | None]
    section: Mapped[Section] = relationship(lazy="joined", innerjoin=True)
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
    offers: Mapped[list[HelpOffer]] = relationship(back_populates="question", order_by="HelpOffer.id")
    answers: Mapped[list[Answer]] = relationship(back_populates="question", order_by="Answer.id")

    @property
    def text(self) -> str:
        return self.section.text

    @property
    def anonymous(self) -> bool:
        return self.section.entry.anonymous

    @property
    def shown_name(self) -> str | None:
        """The asker's name as others may see it. What was shown with it stays so: a name that vanished when its owner
        wrote again without hers would tell who that was.
        """
        return self.member.name if self.section.shown_with_name else None


class HelpOffer(Base):
    """ "I can help": one member, one question; the asker hears of it after ten quiet minutes."""

    __tablename__ = "help_offers"
    __table_args__ = (
        UniqueConstraint("question_id", "member_id"),
        CheckConstraint("state in ('quiet','suspect','told','undone')", name="state"),
        partial_index("ix_help_offers_quiet", "tell_at", where="state = 'quiet'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    state: Mapped[OfferState]
    via: Mapped[Via]
    times_made: Mapped[int] = mapped_column(default=1)
    outbound_message_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_messages.id"))
    made_at: Mapped[datetime]
    tell_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    question: Mapped[Question] = relationship(back_populates="offers", lazy="joined", innerjoin=True)
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class Answer(Base):
    """What a member wrote to a question, or to what somebody tried (`section_id`); its asker hears of it after
    ten quiet minutes, the group with the next mail unless it is for the asker alone.
    """

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("question_id", "source_message_id"),
        UniqueConstraint("section_id", "source_message_id"),
        partial_index("ix_answers_quiet", "tell_at", where="told_at IS NULL AND taken_back_at IS NULL"),
        partial_index("ix_answers_to_show", "told_at", where=_TO_SHOW),
        partial_index("ix_answers_shown", "shown_at", where="shown_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    to_member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))  # None: whoever asked
    text: Mapped[str]
    lang: Mapped[str | None]
    anonymous: Mapped[bool] = mapped_column(default=False)
    source_message_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_messages.id"), index=True)
    received_at: Mapped[datetime]
    just_you: Mapped[bool] = mapped_column(default=False, server_default=false())  # never shown to the group
    tell_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    question: Mapped[Question | None] = relationship(back_populates="answers")
    section: Mapped[Section | None] = relationship()
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True, foreign_keys=[member_id])
    to_member: Mapped[Member | None] = relationship(foreign_keys=[to_member_id])

    @property
    def seen_at(self) -> datetime | None:
        """When anybody else got it first: its asker mostly before the group; None as long as undo is unnoticed."""
        return self.told_at or self.shown_at

    @property
    def number(self) -> int:
        """Of the question, or of what somebody tried."""
        return (self.question.number if self.question else self.section and self.section.number) or 0

    @property
    def is_standing(self) -> bool:
        return self.taken_back_at is None and self.withdrawn_at is None
