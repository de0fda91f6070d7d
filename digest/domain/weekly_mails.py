"""Owns how many mails a member gets in a week that she did not cause: four at most, for one group. It must never
decide what is sent: who asks, lets ride along what is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from digest import clock
from digest.domain.group import Group, Member
from digest.domain.mail_record import OutboundMessage
from digest.domain.notice import Notice
from digest.domain.round import Round

MOST_A_WEEK = 4
#: The mails that come of themselves. An invitation is no mail of the group yet.
UNCAUSED = (
    "prompt",
    "digest",
    "questions",
    "did_it_help",
    "could_you_help",
    "sharpen",
    "stuck",
    "closed_kindly",
    "unreachable",
)
NOT_SENT = ("cancelled", "expired", "rejected", "failed")


def with_room(session: Session, group: Group, members: Sequence[Member], now: datetime) -> list[Member]:
    """Those who may get one more this ISO week, with a place kept for the prompt and the digest still to come."""
    kept = _still_to_come(session, group, now)
    got = _got(session, group, members, now)
    return [member for member in members if got[member.id] + kept < MOST_A_WEEK]


def week_of(group: Group, now: datetime) -> tuple[datetime, datetime]:
    """The first and the last instant of the ISO week in the group's zone."""
    week = clock.iso_week(now, group.timezone)
    first, following = clock.monday(week), clock.monday(clock.weeks_after(week, 1))
    return clock.start_of_day(first, group.timezone), clock.start_of_day(following, group.timezone)


def _still_to_come(session: Session, group: Group, now: datetime) -> int:
    _, end = week_of(group, now)
    mine = select(func.count(Round.id)).where(Round.group_id == group.id)
    prompts = mine.where(Round.prompted_at.is_(None), Round.prompt_due_at.between(now, end))
    digests = mine.where(Round.digested_at.is_(None), Round.digest_due_at.between(now, end))
    return (session.scalar(prompts) or 0) + (session.scalar(digests) or 0)


def _got(session: Session, group: Group, members: Sequence[Member], now: datetime) -> Counter[int]:
    """Of each member, the mails of this week, and those that are owed to her and not composed yet."""
    start, end = week_of(group, now)
    ids = [member.id for member in members]
    sent = select(OutboundMessage.member_id).where(
        OutboundMessage.member_id.in_(ids),
        OutboundMessage.created_at >= start,
        OutboundMessage.created_at < end,
        OutboundMessage.kind.in_(UNCAUSED),
        OutboundMessage.state.not_in(NOT_SENT),
    )
    owed = select(Notice.member_id).where(
        Notice.member_id.in_(ids), Notice.kind.in_(UNCAUSED), Notice.settled_at.is_(None)
    )
    return Counter([*session.scalars(sent), *session.scalars(owed)])
