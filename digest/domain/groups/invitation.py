"""Owns how somebody comes into a group: invited once and reminded once, or active by consent given elsewhere.
It must never bring back somebody who left.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from digest.domain.groups.group import (
    INVITATION_REPEATED_AFTER,
    LARGEST_SMALL_GROUP,
    Group,
    Member,
    add_member,
    members_in,
)
from digest.domain.groups.notice import notify
from digest.domain.groups.practice import Practice


def invite(
    session: Session,
    group: Group,
    address: str,
    name: str,
    *,
    locale: str | None = None,
    facilitator: bool = False,
    consent_source: str | None = None,
    now: datetime,
) -> Member:
    """A new member of the group. Without `consent_source` she is owed the invitation now and once more after a week.
    Where the group is small no more, its facilitators are owed a word about it, once.

    Raises Misuse as `add_member` does.
    """
    member = add_member(
        session,
        group,
        address,
        name,
        locale=locale,
        facilitator=facilitator,
        consent_source=consent_source,
        now=now,
    )
    if facilitator:
        _sign_example(session, member)
    if member.state == "invited":
        again = now + INVITATION_REPEATED_AFTER
        notify(session, member.id, "invitation", "invitation:1", now)
        notify(session, member.id, "invitation", "invitation:2", now, due_at=again, repeated=True)
    _tell_facilitators(session, group, now)
    return member


def size_of(session: Session, group: Group) -> int:
    """How many are in the group: invited, active or paused."""
    inside = select(func.count(Member.id)).where(Member.group_id == group.id, Member.state != "left")
    return session.scalar(inside) or 0


def _tell_facilitators(session: Session, group: Group, now: datetime) -> None:
    count = size_of(session, group)
    if count > LARGEST_SMALL_GROUP:
        for member in members_in(session, group.id, "active"):
            if member.is_facilitator:
                notify(session, member.id, "group_grows", "group_grows", now, count=count)


def _sign_example(session: Session, facilitator: Member) -> None:
    """The example of a group that has no other name under it is its first facilitator's."""
    unsigned = update(Practice).where(
        Practice.group_id == facilitator.group_id,
        Practice.example.is_not(None),
        Practice.example_by.is_(None),
    )
    session.execute(unsigned.values(example_by=facilitator.name))
