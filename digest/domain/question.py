"""Owns questions, the offers to help and the answers: their states and numbers. It must never tell who asked
without a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from digest.domain.base import Base, insert_once, partial_index
from digest.domain.entry import Entry, Section
from digest.domain.group import Group, Member

QuestionState = Literal["open", "answered", "closed", "withdrawn"]
OfferState = Literal["quiet", "suspect", "told", "undone"]
Via = Literal["button", "auto", "reply"]

QUIET = timedelta(minutes=10)  # an offer or an answer can be undone unnoticed for this long


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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    number: Mapped[int | None]
    state: Mapped[QuestionState] = mapped_column(default="open")
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
        """The asker's name as others may see it."""
        return self.member.name if self.section.shown_with_name and not self.anonymous else None


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
    """What a member wrote to a question; a digest shows it to the group."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("question_id", "source_message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    text: Mapped[str]
    lang: Mapped[str | None]
    anonymous: Mapped[bool] = mapped_column(default=False)
    source_message_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_messages.id"), index=True)
    received_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    question: Mapped[Question] = relationship(back_populates="answers")
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_standing(self) -> bool:
        return self.taken_back_at is None and self.withdrawn_at is None


def ask(session: Session, section: Section, member: Member) -> None:
    """A question section becomes a question; it gets its number when it is first shown."""
    session.add(
        Question(
            group_id=section.group_id,
            section_id=section.id,
            member_id=member.id,
            state="open",
            asked_at=section.received_at,
        )
    )


def give_numbers(group: Group, questions: Sequence[Question]) -> None:
    """Number questions that are about to be shown, in the order given."""
    for question in questions:
        if question.number is None:
            question.number = group.next_question_number
            group.next_question_number += 1


def open_questions(session: Session, group_id: int) -> list[Question]:
    """The questions of a group that were shown and are open, oldest number first."""
    standing = select(Question).where(
        Question.group_id == group_id, Question.state == "open", Question.number.is_not(None)
    )
    return list(session.scalars(standing.order_by(Question.number)))


def question_numbered(session: Session, group_id: int, number: int) -> Question | None:
    return session.scalar(select(Question).filter_by(group_id=group_id, number=number))


def asked_in(session: Session, section_ids: Sequence[int]) -> list[Question]:
    return list(session.scalars(select(Question).where(Question.section_id.in_(section_ids))))


def withdraw_questions(session: Session, section_ids: Sequence[int], now: datetime) -> None:
    """Questions go with the sections that were taken back or withdrawn."""
    session.execute(
        update(Question)
        .where(Question.section_id.in_(section_ids), Question.state != "withdrawn")
        .values(state="withdrawn", closed_at=now)
    )


def offer(
    session: Session,
    question: Question,
    member: Member,
    via: Via,
    now: datetime,
    message_id: int | None = None,
) -> HelpOffer:
    """One member's offer on one question; made once, however often she clicks. One that was undone stands
    again.
    """
    insert_once(
        session,
        HelpOffer,
        question_id=question.id,
        member_id=member.id,
        state="quiet",
        via=via,
        times_made=1,
        outbound_message_id=message_id,
        made_at=now,
        tell_at=now + QUIET,
    )
    standing = select(HelpOffer).filter_by(question_id=question.id, member_id=member.id)
    locked = standing.with_for_update(of=HelpOffer).execution_options(populate_existing=True)
    made = session.scalars(locked).one()
    if made.state == "undone" or (made.state == "suspect" and via != "auto"):
        made.state, made.via, made.made_at, made.tell_at = "quiet", via, now, now + QUIET
        made.outbound_message_id = message_id
        made.times_made += 1
    elif made.state == "quiet" and via != "auto":
        made.via, made.made_at = via, now  # a later press or a reply is never suspect
    return made


def undo_offer(session: Session, made: HelpOffer) -> bool:
    """Whether the offer could be taken back before its asker heard of it."""
    undone = (
        update(HelpOffer)
        .where(HelpOffer.id == made.id, HelpOffer.state.in_(["quiet", "suspect"]))
        .values(state="undone")
    )
    done = bool(session.execute(undone).rowcount)  # type: ignore[attr-defined]
    session.refresh(made)
    return done


def quiet_offers_due(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """The ids of offers whose ten quiet minutes are over."""
    due = select(HelpOffer.id).where(HelpOffer.state == "quiet", HelpOffer.tell_at <= now)
    return list(session.scalars(due.order_by(HelpOffer.tell_at).limit(limit)))


def answers_to_show(session: Session, group_id: int, due_at: datetime) -> list[Answer]:
    """Answers that came in before `due_at` and that the group has not seen yet."""
    waiting = (
        select(Answer)
        .join(Question)
        .where(
            Question.group_id == group_id,
            Answer.shown_at.is_(None),
            Answer.taken_back_at.is_(None),
            Answer.received_at < due_at,
        )
    )
    return list(session.scalars(waiting.order_by(Answer.id)))


def story_of(question: Question) -> dict[str, str]:
    """What the asker tried and what did not work, as far as others may see it: section key to text."""
    entry: Entry = question.section.entry
    parts: dict[str, list[str]] = {}
    for section in entry.sections:
        visible = section.shown_at is not None and section.withdrawn_at is None
        if visible and section.key in ("tried", "failed"):
            parts.setdefault(section.key, []).append(section.text)
    return {key: "\n\n".join(texts) for key, texts in parts.items()}
