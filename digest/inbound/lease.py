"""Owns which worker has which stored messages, and for how long. It must never read a message, nor decide anything
about one.

A worker may die anywhere: its lease runs out and another takes over; what three workers died over is set aside.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload, undefer
from sqlalchemy.orm.interfaces import ORMOption

from digest import clock
from digest.database import Database
from digest.domain.group import Member
from digest.domain.mail_record import MOST_LEASES, InboundMessage, OutboundMessage
from digest.domain.person import Person
from digest.domain.suppression import is_in_doubt
from digest.inbound.recipient import is_round_trip

LEASE = timedelta(minutes=5)
AT_ONCE = 16  # that many share their transactions


@dataclass(frozen=True)
class Claimed:
    """One message with all that the pure stages need to know."""

    id: int
    group_id: int | None
    raw: bytes
    size: int
    mail_from: str | None
    rcpt_to: str
    admitted: bool
    verdicts: Mapping[str, str]
    sent: bytes | None  # the mail that it answers, as it went out
    known_addresses: frozenset[str]
    thread_kind: str | None  # None where it answers no mail of ours
    is_round_trip: bool
    in_doubt: bool  # whether mail to its member did not get through


def claim(database: Database, worker: str) -> list[Claimed]:
    """The next messages whose members have no earlier one unsettled, leased to this worker.

    Some at a time, but one that a worker was lost over is taken alone: it must not take others with it again.
    """
    with database.transaction() as session:
        rows = session.scalars(_waiting()).all()
        taken = rows[:1] if rows and rows[0].attempts else [row for row in rows if not row.attempts]
        for row in taken:
            row.state, row.claimed_by, row.lease_until = "processing", worker, clock.real_now() + LEASE
            row.attempts += 1
        threads = answered(session, taken, undefer(OutboundMessage.raw))
        return [_claimed(session, row, threads.get(row.thread_id or 0)) for row in taken]


def _waiting() -> Select[InboundMessage]:
    earlier = aliased(InboundMessage)
    blocked = exists().where(
        earlier.member_id == InboundMessage.member_id,
        earlier.id < InboundMessage.id,
        earlier.state.in_(["accepted", "processing"]),
    )
    unsought = exists().where(
        earlier.id <= InboundMessage.id, earlier.state == "accepted", earlier.thread_sought.is_(False)
    )
    return (
        select(InboundMessage)
        .where(InboundMessage.state == "accepted", or_(InboundMessage.member_id.is_(None), ~blocked))
        .where(~unsought)
        .order_by(InboundMessage.id)
        .limit(AT_ONCE)
        .options(undefer(InboundMessage.raw))
        .with_for_update(skip_locked=True, of=InboundMessage)
    )


def answered(
    session: Session, rows: Sequence[InboundMessage], *options: ORMOption
) -> dict[int, OutboundMessage]:
    """The mails of ours that these answer, by id, with their members' addresses at hand."""
    ids = {row.thread_id for row in rows if row.thread_id is not None}
    addresses = joinedload(OutboundMessage.member).joinedload(Member.person).selectinload(Person.addresses)
    threads = select(OutboundMessage).where(OutboundMessage.id.in_(ids)).options(addresses, *options)
    return {thread.id: thread for thread in session.scalars(threads)} if ids else {}


def _claimed(session: Session, row: InboundMessage, thread: OutboundMessage | None) -> Claimed:
    addresses = thread.member.person.addresses if thread else []
    return Claimed(
        id=row.id,
        group_id=thread.member.group_id if thread else None,
        raw=zlib.decompress(row.raw) if row.raw else b"",
        size=row.size,
        mail_from=row.mail_from,
        rcpt_to=row.rcpt_to,
        admitted=row.admitted,
        verdicts=row.verdicts or {},
        sent=zlib.decompress(thread.raw) if thread and thread.raw else None,
        known_addresses=frozenset(address.addr_spec for address in addresses),
        thread_kind=thread.kind if thread else None,
        is_round_trip=is_round_trip(session, row.rcpt_to),
        in_doubt=is_in_doubt(addresses),
    )


def still_held(session: Session, ids: Sequence[int], worker: str) -> list[InboundMessage]:
    """The rows, locked, in the order in which they came; not those whose lease was lost to somebody else."""
    mine = select(InboundMessage).where(
        InboundMessage.id.in_(ids),
        InboundMessage.state == "processing",
        InboundMessage.claimed_by == worker,
    )
    return list(session.scalars(mine.order_by(InboundMessage.id).with_for_update(of=InboundMessage)))


def release_lost(database: Database) -> None:
    """Messages whose worker died go back to the queue; those that did so three times are set aside."""
    lost = (
        InboundMessage.state == "processing",
        InboundMessage.lease_until < clock.real_now(),
    )
    with database.reading() as session:
        if not session.scalar(select(exists().where(*lost))):
            return
    with database.transaction() as session:
        given_up = update(InboundMessage).where(*lost, InboundMessage.attempts >= MOST_LEASES)
        session.execute(given_up.values(state="failed", reason="worker-lost", settled_at=clock.now()))
        session.execute(update(InboundMessage).where(*lost).values(state="accepted", claimed_by=None))
