"""Owns groups and their members: who is invited, active, paused or gone, and by whose word. It must never
send anything.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from digest.domain.base import Base
from digest.domain.groups.person import (
    Address,
    Person,
    canonical_address,
    canonical_name,
    find_by_address,
    person_at,
)
from digest.errors import Misuse

MemberState = Literal["invited", "active", "paused", "left"]
LARGEST_SMALL_GROUP = 12
INVITATION_REPEATED_AFTER = timedelta(days=7)


class Group(Base):
    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)  # case does not tell two groups apart
    task: Mapped[str | None]
    until: Mapped[date | None]
    timezone: Mapped[str]
    locale: Mapped[str]
    list_key: Mapped[str] = mapped_column(unique=True)  # List-Id (RFC 2919): stays when the name changes
    next_question_number: Mapped[int] = mapped_column(default=1)
    offers_old_questions: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    members: Mapped[list[Member]] = relationship(back_populates="group", order_by="Member.id")


class Member(Base):
    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("group_id", "person_id"),
        CheckConstraint("state in ('invited','active','paused','left')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[MemberState]
    is_facilitator: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    consent_source: Mapped[str | None]
    consent_at: Mapped[datetime | None]
    times_joined: Mapped[int] = mapped_column(default=0)
    last_asked_at: Mapped[datetime | None]  # when an old question was last offered to her by name
    link_epoch: Mapped[int] = mapped_column(default=0)  # raising it makes every link sent before worthless
    group: Mapped[Group] = relationship(back_populates="members")
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def locale(self) -> str:
        return self.person.locale or self.group.locale

    @property
    def is_reachable(self) -> bool:
        """Whether mail goes to her address; see domain/delivery/suppression.py."""
        return self.person.addresses[0].suppressed_at is None

    @property
    def gets_mail_of_the_group(self) -> bool:
        return self.state == "active"


def add_group(
    session: Session,
    name: str,
    *,
    timezone: str,
    locale: str,
    task: str | None,
    until: date | None,
    now: datetime,
) -> Group:
    """A new group. Raises Misuse where the name is taken or cannot be shown."""
    shown = canonical_name(name, "group's name")
    if find_group(session, shown):
        raise Misuse(f"There is a group {shown!r} already. Choose another name.")
    group = Group(
        name=shown,
        name_key=shown.casefold(),
        task=canonical_name(task, "task") if task else None,
        until=until,
        timezone=timezone,
        locale=locale,
        list_key="g-" + secrets.token_hex(8),
        created_at=now,
    )
    session.add(group)
    session.flush()
    return group


def find_group(session: Session, name: str) -> Group | None:
    return session.scalar(select(Group).where(Group.name_key == name.strip().casefold()))


def group_named(session: Session, name: str) -> Group:
    """The group of that name. Raises Misuse that says which there are."""
    group = find_group(session, name)
    if group is None:
        names = ", ".join(session.scalars(select(Group.name).order_by(Group.name_key).limit(10)))
        raise Misuse(
            f"There is no group {name!r}. " + (f"There are: {names}." if names else "There is none yet.")
        )
    return group


def add_member(
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
    """A new member: invited, or active where `consent_source` says who gave the consent elsewhere.

    Raises Misuse for somebody who is in the group already; nobody who left is brought back but by her own word.
    """
    addr_spec, shown = canonical_address(address), canonical_name(name)
    person = find_by_address(session, addr_spec)
    if person and (
        member := session.scalar(select(Member).filter_by(group_id=group.id, person_id=person.id))
    ):
        raise Misuse(_why_not_again(member, addr_spec))
    person = person_at(session, addr_spec, shown, locale, now)
    member = Member(
        group=group,
        person=person,
        state="invited",
        is_facilitator=facilitator,
        invited_at=now,
        times_joined=0,
        link_epoch=0,
    )
    session.add(member)
    if consent_source is not None:
        member.consent_source, member.consent_at = consent_source, now
        join(member, now)
    session.flush()
    return member


def _why_not_again(member: Member, addr_spec: str) -> str:
    if member.state == "left":
        return (
            f"{member.name} left this group. Only her or his own word can change that: a reply "
            f'"yes" to any mail that the group sent to {addr_spec}.'
        )
    return f"{addr_spec} is in this group already ({member.name}, {member.state})."


def join(member: Member, now: datetime) -> None:
    """The member takes part from now on; it is her own word, or consent that was recorded beforehand."""
    if member.state == "active":
        return
    member.state, member.joined_at, member.left_at = "active", now, None
    member.consent_at = member.consent_at or now
    member.times_joined += 1


def pause(member: Member) -> None:
    if member.state == "active":
        member.state = "paused"


def leave(member: Member, now: datetime) -> None:
    """The member is out; links that were sent to her act no more."""
    member.state, member.left_at = "left", now
    member.link_epoch += 1


def active_member_at(session: Session, addr_spec: str) -> int | None:
    """The id of the member with that address (lower case); of somebody in several groups, in the first of them."""
    active = (
        select(Member.id)
        .join(Address, Address.person_id == Member.person_id)
        .where(Address.addr_spec == addr_spec, Member.state == "active")
    )
    return session.scalar(active.order_by(Member.id).limit(1))


def members_in(session: Session, group_id: int, *states: MemberState) -> list[Member]:
    """The members in one of those states, with their addresses at hand."""
    found = select(Member).where(Member.group_id == group_id, Member.state.in_(states)).order_by(Member.id)
    addresses = joinedload(Member.person, innerjoin=True).selectinload(Person.addresses)
    return list(session.scalars(found.options(addresses)))
