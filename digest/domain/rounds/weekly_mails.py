"""Owns how many mails a member gets in a week that she did not cause: four at most, for one group. It must never
decide what is sent: who asks, lets ride along what is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from digest import clock
from digest.domain.groups.group import Group, Member
from digest.domain.groups.notice import Notice
from digest.domain.mails.record import OutboundMessage
from digest.domain.rounds.round import Round

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


# Built once, since they are asked whenever somebody's question is the first of its day.
_PENDING = select(func.count(Round.id)).where(Round.group_id == bindparam("group"))
_PROMPTS = _PENDING.where(
    Round.prompted_at.is_(None), Round.prompt_due_at.between(bindparam("now"), bindparam("end"))
)
_DIGESTS = _PENDING.where(
    Round.digested_at.is_(None), Round.digest_due_at.between(bindparam("now"), bindparam("end"))
)
_STILL_TO_COME = select(_PROMPTS.scalar_subquery() + _DIGESTS.scalar_subquery())
_MEMBERS: BindParameter[list[int]] = bindparam("members", expanding=True)
_GOT = union_all(
    select(OutboundMessage.member_id)
    .where(OutboundMessage.member_id.in_(_MEMBERS))
    .where(OutboundMessage.created_at >= bindparam("start"), OutboundMessage.created_at < bindparam("end"))
    .where(OutboundMessage.kind.in_(UNCAUSED), OutboundMessage.state.not_in(NOT_SENT)),
    select(Notice.member_id)
    .where(Notice.member_id.in_(_MEMBERS))
    .where(Notice.kind.in_(UNCAUSED), Notice.settled_at.is_(None)),
)


def with_room(session: Session, group: Group, members: Sequence[Member], now: datetime) -> list[Member]:
    """Those who may get one more this ISO week, with a place kept for the prompt and the digest still to come."""
    free = have_room(session, group, [member.id for member in members], now)
    return [member for member in members if member.id in free]


def have_room(session: Session, group: Group, member_ids: Sequence[int], now: datetime) -> set[int]:
    """The same by their ids."""
    start, end = week_of(group, now)
    pending = session.scalar(_STILL_TO_COME, {"group": group.id, "now": now, "end": end}) or 0
    got = Counter(session.scalars(_GOT, {"members": member_ids, "start": start, "end": end}))
    return {member_id for member_id in member_ids if got[member_id] + pending < MOST_A_WEEK}


def week_of(group: Group, now: datetime) -> tuple[datetime, datetime]:
    """The first and the last instant of the ISO week in the group's zone."""
    week = clock.iso_week(now, group.timezone)
    first, following = clock.monday(week), clock.monday(clock.weeks_after(week, 1))
    return clock.start_of_day(first, group.timezone), clock.start_of_day(following, group.timezone)
