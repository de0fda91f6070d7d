"""Owns the change of a member's address by whoever runs the service. It must never carry consent from one mailbox to
another: who reads the new one is asked.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from digest.domain.delivery.suppression import hear
from digest.domain.groups.group import Group, Member
from digest.domain.groups.notice import notify
from digest.domain.groups.person import Person, canonical_address, find_by_address, person_at
from digest.domain.mails.record import cancel_waiting
from digest.errors import Misuse


def change_address(session: Session, group: Group, old: str, new: str, now: datetime) -> Member:
    """Her mail of this group goes to `new`, and she is invited anew there; until she says yes she gets nothing else.

    What she wrote stays hers. The same address twice means that the mailbox is there by now: it is tried again. Raises
    Misuse for somebody who is not in the group, who left it, or whose new address belongs to another of its members.
    """
    member, addr_spec = _member_at(session, group, old), canonical_address(new)
    if member.person.address == addr_spec:
        _try_again(member, now)
    else:
        _move(session, member, addr_spec, now)
    if member.state == "invited":
        notify(session, member.id, "invitation", f"address:{now.isoformat()}", now)
    return member


def _member_at(session: Session, group: Group, address: str) -> Member:
    addr_spec = canonical_address(address)
    person = find_by_address(session, addr_spec)
    member = person and session.scalar(select(Member).filter_by(group_id=group.id, person_id=person.id))
    if not member:
        raise Misuse(
            f'Nobody in {group.name} has the address {addr_spec}. See: digest group show "{group.name}"'
        )
    if member.state == "left":
        raise Misuse(f"{member.name} left this group. Only her or his own word can change that.")
    return member


def _try_again(member: Member, now: datetime) -> None:
    if member.person.addresses[0].suppressed_reason == "complaint":
        raise Misuse(f"{member.name} wants no mail for now. Only her or his own word can change that.")
    hear(member.person, now)


def _move(session: Session, member: Member, addr_spec: str, now: datetime) -> None:
    before = member.person
    known = find_by_address(session, addr_spec)
    if known and session.scalar(select(Member.id).filter_by(group_id=member.group_id, person_id=known.id)):
        raise Misuse(f"{addr_spec} belongs to {known.name}, who is in this group too. Give another address.")
    cancel_waiting(session, member.id, now)
    member.person = known or person_at(session, addr_spec, before.name, before.locale, now)
    member.state, member.invited_at, member.joined_at = "invited", now, None
    member.consent_source, member.consent_at = None, None
    member.link_epoch += 1
    session.flush()
    _forget(session, before)


def _forget(session: Session, person: Person) -> None:
    """Somebody who is in no group any more is not kept."""
    if session.scalar(select(func.count(Member.id)).where(Member.person_id == person.id)) == 0:
        session.refresh(person, ["addresses"])
        for address in person.addresses:
            session.delete(address)
        session.flush()
        session.delete(person)
