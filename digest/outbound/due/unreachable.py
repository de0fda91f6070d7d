"""Owns the members of whom a facilitator is told that their address gets no mail: all whom she is to be told of stand
in one mail. It must never name somebody who complained, nor send her more mails than her week bears.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain.groups.group import Member
from digest.domain.groups.notice import Notice
from digest.domain.rounds.weekly_mails import week_of, with_room
from digest.outbound.facts import Unreachable, UnreachableFacts

TOLD = ("gone", "failing")


def unreachable_facts(session: Session, notice: Notice, now: datetime) -> UnreachableFacts | None:
    """The members whom this notice and all others of its kind are about and who still get no mail; all of these
    notices are settled with it.

    None where nobody is left to tell of; and where the facilitator has had four mails this week: then the notice waits
    for the next one.
    """
    facilitator = notice.member
    if not with_room(session, facilitator.group, [facilitator], now):
        notice.settled_at, notice.due_at = None, week_of(facilitator.group, now)[1]
        return None
    people: dict[int, Unreachable] = {}
    for owed in [notice, *_others(session, notice)]:
        owed.settled_at = now
        member = session.get(Member, owed.facts["of_member"])
        if member is not None and member.id not in people and (found := _unreachable(member)):
            people[member.id] = found
    return UnreachableFacts(people=tuple(people.values())) if people else None


def _others(session: Session, notice: Notice) -> list[Notice]:
    same = select(Notice).where(
        Notice.member_id == notice.member_id, Notice.kind == notice.kind, Notice.settled_at.is_(None)
    )
    return list(session.scalars(same.order_by(Notice.id).with_for_update(skip_locked=True, of=Notice)))


def _unreachable(member: Member) -> Unreachable | None:
    address = member.person.addresses[0]
    if member.state == "left" or address.suppressed_reason not in TOLD:
        return None
    return Unreachable(name=member.name, address=address.addr_spec, gone=address.suppressed_reason == "gone")
