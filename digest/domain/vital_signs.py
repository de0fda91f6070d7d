"""Owns the figures by which one sees that the service works: how much waits and how long, what became of the mail of
the last day. It must never count by person or group, and costs what is open and one day, never history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from digest.domain.mails.record import REPLY_ADDRESS_OPEN, UNFINISHED, InboundMessage, OutboundMessage
from digest.domain.questions.question import Answer, HelpOffer, Question
from digest.domain.running.heartbeat import Beats, beats

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
TIME_TO_REPLY = timedelta(hours=6)  # a prompt that went out so long ago should have had a reply
AWAKE = timedelta(minutes=5)  # a worker that beat within it is there
STUBBORN = 3  # deferrals of one mail, about an hour after the first


@dataclass(frozen=True)
class Waiting:
    """How many wait, and since when the first of them."""

    count: int
    since: datetime | None


@dataclass(frozen=True)
class VitalSigns:
    """At one moment. `mails` and `messages` are those of the last day, by state."""

    at: datetime
    beats: Beats
    inbox: Waiting  # messages that came in and are not settled
    outbox: Waiting  # mails that are due and not sent
    deferred: int  # mails that were refused for now and wait
    stubborn: int  # of these, those that were refused three times and more
    mails: Mapping[str, int]
    messages: Mapping[str, int]
    prompts_unanswered_since: int  # prompts of the last day that went out six hours ago or earlier
    replies: int  # of people, in the last day
    replies_a_week_ago: int  # on the same day of the last week
    questions_open: int
    questions_helped: int  # of these, those with an answer or an offer


def vital_signs(session: Session, now: datetime, real_now: datetime) -> VitalSigns:
    """`now` is the service's clock, by which mails are due; `real_now` the machine's, by which workers beat."""
    deferred, stubborn = _deferred(session)
    return VitalSigns(
        at=now,
        beats=beats(session, real_now - AWAKE),
        inbox=_inbox(session),
        outbox=_outbox(session, now),
        deferred=deferred,
        stubborn=stubborn,
        mails=_mails(session, now),
        messages=_messages(session, now),
        prompts_unanswered_since=_prompts(session, now),
        replies=_replies(session, now - DAY, now),
        replies_a_week_ago=_replies(session, now - WEEK - DAY, now - WEEK),
        questions_open=session.scalar(select(func.count()).where(Question.state == "open")) or 0,
        questions_helped=session.scalar(select(func.count()).where(Question.state == "open", _helped())) or 0,
    )


def _inbox(session: Session) -> Waiting:
    unsettled = InboundMessage.state.in_(UNFINISHED)
    found = session.execute(
        select(func.count(InboundMessage.id), func.min(InboundMessage.received_at)).where(unsettled)
    ).one()
    return Waiting(found[0], found[1])


def _outbox(session: Session, now: datetime) -> Waiting:
    due = and_(OutboundMessage.state == "queued", OutboundMessage.due_at <= now)
    found = session.execute(
        select(func.count(OutboundMessage.id), func.min(OutboundMessage.due_at)).where(due)
    )
    count, since = found.one()
    return Waiting(count, since)


def _deferred(session: Session) -> tuple[int, int]:
    waits = and_(OutboundMessage.state == "queued", OutboundMessage.attempts > 0)
    stubborn = func.count(OutboundMessage.id).filter(OutboundMessage.attempts >= STUBBORN)
    found = session.execute(select(func.count(OutboundMessage.id), stubborn).where(waits)).one()
    return found[0], found[1]


def _mails(session: Session, now: datetime) -> dict[str, int]:
    counted = select(OutboundMessage.state, func.count(OutboundMessage.id)).where(_made_since(now - DAY))
    return {row[0]: row[1] for row in session.execute(counted.group_by(OutboundMessage.state))}


def _made_since(moment: datetime) -> ColumnElement[bool]:
    """By the end of the reply address, for which there is an index of the mails whose bytes are kept."""
    return and_(OutboundMessage.raw.is_not(None), OutboundMessage.reply_until >= moment + REPLY_ADDRESS_OPEN)


def _messages(session: Session, now: datetime) -> dict[str, int]:
    counted = select(InboundMessage.state, func.count(InboundMessage.id)).where(_settled(now - DAY, now))
    return {row[0]: row[1] for row in session.execute(counted.group_by(InboundMessage.state))}


def _settled(start: datetime, end: datetime) -> ColumnElement[bool]:
    """By the index of the messages whose bytes are kept: the last five weeks."""
    return and_(
        InboundMessage.raw.is_not(None), InboundMessage.settled_at >= start, InboundMessage.settled_at < end
    )


def _prompts(session: Session, now: datetime) -> int:
    went_out = and_(
        _made_since(now - DAY),
        OutboundMessage.reply_until < now - TIME_TO_REPLY + REPLY_ADDRESS_OPEN,
    )
    # Not in the condition: the index by kind would lead through every prompt there ever was
    prompts = and_(OutboundMessage.kind == "prompt", OutboundMessage.state.in_(["sent", "delivered"]))
    return session.scalar(select(func.count(OutboundMessage.id).filter(prompts)).where(went_out)) or 0


def _replies(session: Session, start: datetime, end: datetime) -> int:
    """What people wrote: automatic messages are dropped."""
    written = and_(_settled(start, end), InboundMessage.state.in_(["filed", "held"]))
    return session.scalar(select(func.count(InboundMessage.id)).where(written)) or 0


def _helped() -> ColumnElement[bool]:
    offered = exists().where(HelpOffer.question_id == Question.id, HelpOffer.state == "told")
    answered = exists().where(Answer.question_id == Question.id, Answer.told_at.is_not(None))
    return or_(offered, answered)
