"""Owns which addresses get no mail, since when and why, and what brings them back. It must never tell anybody of a
complaint, nor take silence for a sign.

An address that is *gone* or *failing* gets mail again when its person writes, whatever she says. After a *complaint*
only her own explicit word brings mail back. What answers a message of hers goes out all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from digest.domain.delivery.event import DeliveryEvent
from digest.domain.groups.group import Member
from digest.domain.groups.notice import notify
from digest.domain.groups.person import Address, Person
from digest.domain.mails.record import OutboundMessage
from digest.domain.running.alarm import raise_alarm

Why = Literal["gone", "failing", "complaint"]

MOST_WEEKS = 3  # consecutive ones in which mail came back that might have got through
GATHERED = timedelta(minutes=15)  # several addresses that are wrong are told in one mail
OWN_ACTS = ("offer", "welcome", "left", "declined")  # mails that follow from what she did on a page


def suppress(session: Session, address: Address, why: Why, now: datetime) -> None:
    """No mail to that address from now on; the facilitators are owed a word, but never about a complaint."""
    if address.suppressed_at is not None and (address.suppressed_reason == "complaint" or why != "complaint"):
        return
    address.suppressed_at, address.suppressed_reason = now, why
    if why != "complaint":
        _tell_facilitators(session, address, now)


def count_failure(session: Session, address: Address, mail: OutboundMessage, now: datetime) -> None:
    """A mail that might have got through did not: in the third consecutive week the address is taken for failing."""
    if address.failing_since is None or mail.created_at < address.failing_since:
        address.failing_since = mail.created_at
    if _failing_weeks(session, address) >= MOST_WEEKS:
        suppress(session, address, "failing", now)


def forget_failures(session: Session, address: Address, mail: OutboundMessage) -> None:
    """That mail got through: what had failed before it counts no more."""
    if address.failing_since is not None and address.failing_since <= mail.created_at:
        later = [at for at in _failed_at(session, address) if at > mail.created_at]
        address.failing_since = min(later, default=None)
    if address.suppressed_reason == "failing" and address.failing_since is None:
        address.suppressed_at, address.suppressed_reason = None, None


def is_in_doubt(addresses: Iterable[Address]) -> bool:
    """Whether hearing from their owner would change what we think of them."""
    return any(address.suppressed_at or address.failing_since for address in addresses)


#: The same in a query.
IN_DOUBT = or_(Address.suppressed_at.is_not(None), Address.failing_since.is_not(None))


def hear(person: Person, now: datetime, *, asks_for_mail: bool = False) -> None:
    """She wrote, so mail reaches her; after a complaint only where she asks for it in so many words."""
    for address in person.addresses:
        if not is_in_doubt([address]) or (address.suppressed_reason == "complaint" and not asks_for_mail):
            continue
        address.suppressed_at, address.suppressed_reason = None, None
        address.failing_since, address.reached_at = None, now


def why_suppressed(rcpt_to: ColumnElement[str]) -> ScalarSelect[str]:
    """In a query: why that recipient gets no mail; null where she does."""
    why = select(func.coalesce(Address.suppressed_reason, ""))
    return why.where(Address.addr_spec == rcpt_to, Address.suppressed_at.is_not(None)).scalar_subquery()


def answers_her(kind: str, about: dict[str, Any]) -> bool:
    """Whether a mail follows from something that its reader did herself, so that it goes to any address."""
    return kind in OWN_ACTS or (kind != "sender_unknown" and "inbound_id" in about)


def is_about_earlier(address: Address, mail: OutboundMessage) -> bool:
    """Whether she has told us since that mail that her address works."""
    return address.reached_at is not None and mail.created_at <= address.reached_at


def _failing_weeks(session: Session, address: Address) -> int:
    """In how many consecutive weeks with mail to her some of it came back."""
    since = address.failing_since
    left = OutboundMessage.state.in_(("sent", "delivered", "bounced", "complained"))
    failed = set(_failed_at(session, address))
    times = session.scalars(select(OutboundMessage.created_at).where(*_mine(address), left))
    weeks: dict[tuple[int, int], bool] = {}
    for at in sorted({*times, *failed}):
        if since is None or at >= since:
            week = at.isocalendar()[:2]
            weeks[week] = weeks.get(week, False) or at in failed
    longest = run = 0
    for fails in weeks.values():
        run = run + 1 if fails else 0
        longest = max(longest, run)
    return longest


def _failed_at(session: Session, address: Address) -> list[datetime]:
    """When the mails were written that came back softly after the last one that is known to have got through."""
    mine = _mine(address)
    reached = session.scalar(
        select(func.max(OutboundMessage.created_at)).where(*mine, OutboundMessage.state == "delivered")
    )
    failed = (
        select(OutboundMessage.created_at)
        .join(DeliveryEvent, DeliveryEvent.outbound_message_id == OutboundMessage.id)
        .where(*mine, DeliveryEvent.judgement == "soft")
    )
    return [at for at in session.scalars(failed) if reached is None or at > reached]


def _mine(address: Address) -> tuple[ColumnElement[bool], ...]:
    """Of mails in a query: those that went to that address."""
    members = select(Member.id).where(Member.person_id == address.person_id)
    return OutboundMessage.member_id.in_(members), OutboundMessage.rcpt_to == address.addr_spec


def _tell_facilitators(session: Session, address: Address, now: datetime) -> None:
    """Of every group in which she is; where nobody can be told, the person who runs the service is."""
    mine = select(Member).where(Member.person_id == address.person_id, Member.state != "left")
    for member in session.scalars(mine.order_by(Member.id)):
        told = [other for other in member.group.members if _can_be_told(other, address)]
        for facilitator in told:
            occasion = f"address:{address.id}:{now.isoformat()}"
            notify(
                session,
                facilitator.id,
                "unreachable",
                occasion,
                now,
                due_at=now + GATHERED,
                of_member=member.id,
            )
        if not told:
            raise_alarm(session, "no-facilitator-reachable", now, group_id=member.group_id)


def _can_be_told(other: Member, address: Address) -> bool:
    return (
        other.is_facilitator
        and other.state == "active"
        and other.person_id != address.person_id
        and other.is_reachable
    )
