"""Owns "same here": a member has the same question, which its asker alone is told, without a name, after ten quiet
minutes. It must never tell anybody who said so, nor count as help.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from digest.domain.base import Base, insert_once, partial_index
from digest.domain.groups.group import Member
from digest.domain.groups.notice import notify
from digest.domain.mails.record import InboundMessage
from digest.domain.questions.question import QUIET, Question

LONGEST_WAIT = 2 * QUIET  # for others who say the same, so that one mail tells of all

_QUIET = "told_at IS NULL AND undone_at IS NULL"


class SameHere(Base):
    """One member, one question; said again it is the same."""

    __tablename__ = "same_heres"
    __table_args__ = (
        UniqueConstraint("question_id", "member_id"),
        partial_index("ix_same_heres_quiet", "question_id", "tell_at", where=_QUIET),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    source_message_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_messages.id"), index=True)
    tell_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    question: Mapped[Question] = relationship(lazy="joined", innerjoin=True)


def say_same(
    session: Session, question: Question, member: Member, source: InboundMessage, now: datetime
) -> SameHere:
    """The member has this question, too; what she took back stands again."""
    insert_once(
        session,
        SameHere,
        question_id=question.id,
        member_id=member.id,
        source_message_id=source.id,
        tell_at=now + QUIET,
    )
    standing = select(SameHere).filter_by(question_id=question.id, member_id=member.id)
    locked = standing.with_for_update(of=SameHere).execution_options(populate_existing=True)
    said = session.scalars(locked).one()
    if said.undone_at is not None and said.told_at is None:
        said.undone_at, said.tell_at, said.source_message_id = None, now + QUIET, source.id
    return said


def said_in(session: Session, source_message_id: int, member_id: int) -> list[SameHere]:
    """What stands of one message, locked until the transaction ends."""
    said = select(SameHere).where(
        SameHere.source_message_id == source_message_id,
        SameHere.member_id == member_id,
        SameHere.undone_at.is_(None),
    )
    return list(session.scalars(said.order_by(SameHere.id).with_for_update(of=SameHere)))


def take_back(said: list[SameHere], now: datetime) -> None:
    """What its asker has been told stays told: it named nobody."""
    for one in said:
        if one.told_at is None:
            one.undone_at = now


def questions_to_tell(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """The ids of questions whose asker is to be told: as soon as nobody's ten minutes run any more, or the first has
    waited for others long enough.
    """
    quiet = and_(SameHere.told_at.is_(None), SameHere.undone_at.is_(None))
    first, last = func.min(SameHere.tell_at), func.max(SameHere.tell_at)
    due = select(SameHere.question_id).where(quiet).group_by(SameHere.question_id)
    ripe = and_(first <= now, or_(last <= now, first <= now - LONGEST_WAIT))
    return list(session.scalars(due.having(ripe).order_by(first).limit(limit)))


def tell(session: Session, question_id: int, now: datetime) -> None:
    """Owe the asker one mail for all whose ten minutes are over; none where the question is open no more."""
    ripe = select(SameHere).where(
        SameHere.question_id == question_id,
        SameHere.told_at.is_(None),
        SameHere.undone_at.is_(None),
        SameHere.tell_at <= now,
    )
    said = list(session.scalars(ripe.with_for_update(skip_locked=True, of=SameHere)))
    for one in said:
        one.told_at = now
    if said and said[0].question.state == "open" and said[0].question.member.state == "active":
        asker_id, occasion = said[0].question.member_id, f"same:{max(one.id for one in said)}"
        notify(session, asker_id, "same_here", occasion, now, question_id=question_id, count=len(said))
