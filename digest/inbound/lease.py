"""Owns which worker has which stored messages, and for how long. It must never read a message, nor decide anything
about one.

A worker may die anywhere: its lease runs out and another takes over; what three workers died over is set aside.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, cast

from sqlalchemy import Row, Table, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from digest import clock
from digest.database import Database
from digest.domain.delivery.suppression import IN_DOUBT
from digest.domain.groups.group import Group, Member
from digest.domain.groups.person import Address
from digest.domain.mails.record import MOST_LEASES, UNFINISHED, InboundMessage, InboundState, OutboundMessage
from digest.inbound.recipient import is_round_trip

LEASE = timedelta(minutes=5)
AT_ONCE, AT_ONCE_BYTES = 128, 8 * 1024 * 1024  # so many messages, and no more bytes, are read together

Held = tuple[InboundMessage, OutboundMessage | None]

# Built once: they stand in the loop that every message goes through.
INBOUND, OUTBOUND = cast(Table, InboundMessage.__table__), cast(Table, OutboundMessage.__table__)
MEMBERS, ADDRESSES = cast(Table, Member.__table__), cast(Table, Address.__table__)
_EARLIER = INBOUND.alias()
_BLOCKED = exists().where(
    _EARLIER.c.member_id == INBOUND.c.member_id,
    _EARLIER.c.id < INBOUND.c.id,
    _EARLIER.c.state.in_(UNFINISHED),
)
_FIRST_UNSOUGHT = (
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.state == "accepted", _EARLIER.c.state.in_(UNFINISHED), _EARLIER.c.thread_sought.is_(False)
    )
    .order_by(_EARLIER.c.id)
    .limit(1)
    .scalar_subquery()
)
WAITING = (
    select(
        *(INBOUND.c[name] for name in ("id", "size", "mail_from", "rcpt_to", "admitted", "verdicts")),
        INBOUND.c.attempts,
        OUTBOUND.c.kind.label("thread_kind"),
        OUTBOUND.c.raw.label("sent"),
        MEMBERS.c.group_id,
        MEMBERS.c.person_id,
    )
    .outerjoin_from(INBOUND, OUTBOUND, OUTBOUND.c.id == INBOUND.c.thread_id)
    .outerjoin(MEMBERS, MEMBERS.c.id == OUTBOUND.c.member_id)
    .where(INBOUND.c.state == "accepted", INBOUND.c.state.in_(UNFINISHED))
    .where(or_(INBOUND.c.member_id.is_(None), ~_BLOCKED))
    .where(INBOUND.c.id < func.coalesce(_FIRST_UNSOUGHT, INBOUND.c.id + 1))
    .where(INBOUND.c.id <= bindparam("newest"))
    .order_by(INBOUND.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, of=INBOUND)
)
CLAIM = (
    update(INBOUND)
    .where(INBOUND.c.id.in_(bindparam("messages", expanding=True)))
    .values(
        state="processing",
        claimed_by=bindparam("worker"),
        lease_until=bindparam("until"),
        attempts=INBOUND.c.attempts + 1,
    )
    .returning(INBOUND.c.id, INBOUND.c.raw)
)
OF_MEMBER = contains_eager(OutboundMessage.member)
HELD = (
    select(InboundMessage, OutboundMessage)
    .outerjoin(OutboundMessage, OutboundMessage.id == InboundMessage.thread_id)
    .outerjoin(Member, Member.id == OutboundMessage.member_id)
    .outerjoin(Group, Group.id == Member.group_id)
    .options(OF_MEMBER.contains_eager(Member.group), OF_MEMBER.joinedload(Member.person, innerjoin=False))
    .where(InboundMessage.id.in_(bindparam("messages", expanding=True)), InboundMessage.state == "processing")
    .where(InboundMessage.claimed_by == bindparam("worker"))
    .order_by(InboundMessage.id)
    .with_for_update(of=InboundMessage)
)
ENDING = ("state", "reason", "intent", "round_id", "message_id", "left_out", "settled_at")
SETTLE = (
    update(INBOUND)
    .where(INBOUND.c.id == bindparam("message"))
    .values({"claimed_by": None, "lease_until": None})
    .values({name: bindparam(f"new_{name}") for name in ENDING})
)
_NOW, _BEYOND = (bindparam(name, type_=INBOUND.c.lease_until.type) for name in ("now", "beyond"))
# One that runs on beyond what any lease can have was taken while the machine's clock was wrong.
LOST = and_(
    INBOUND.c.state == "processing",
    INBOUND.c.state.in_(UNFINISHED),
    ~INBOUND.c.lease_until.between(_NOW, _BEYOND),
)
ANY_LOST = select(exists().where(LOST))
NEWEST = select(select(func.max(INBOUND.c.id)).scalar_subquery()).where(
    exists().where(INBOUND.c.state == "accepted", INBOUND.c.state.in_(UNFINISHED)) | exists().where(LOST)
)
ANY_WAITS = select(
    exists().where(
        INBOUND.c.state == "accepted", INBOUND.c.state.in_(UNFINISHED), INBOUND.c.id <= bindparam("newest")
    )
)
OWNED = select(ADDRESSES.c.person_id, ADDRESSES.c.addr_spec, IN_DOUBT).where(
    ADDRESSES.c.person_id.in_(bindparam("people", expanding=True))
)


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


def claim(database: Database, worker: str, newest: int) -> list[Claimed]:
    """The next messages, none after `newest`, whose members have no earlier one unsettled, leased to this worker.

    A power cut may undo that, and they wait again.
    """
    with database.transaction(asynchronous=True) as session:
        connection = session.connection()
        taken = _together(connection.execute(WAITING, {"newest": newest}).all())
        if not taken:
            return []
        mine = {"messages": [row.id for row in taken], "worker": worker, "until": clock.real_now() + LEASE}
        raws = {row.id: row.raw for row in connection.execute(CLAIM, mine)}
        owned: dict[int, list[tuple[str, bool]]] = {}
        for person_id, addr_spec, in_doubt in connection.execute(
            OWNED, {"people": list({row.person_id for row in taken if row.person_id})}
        ):
            owned.setdefault(person_id, []).append((addr_spec, in_doubt))
        trips = {row.id for row in taken if is_round_trip(session, row.rcpt_to)}
    # Behind the commit: others wait for their turn to write.
    return [_claimed(row, raws[row.id], owned.get(row.person_id, []), row.id in trips) for row in taken]


def _together(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Those that are taken at once. One that a worker was lost over goes alone: it must not take others with it."""
    if rows and rows[0].attempts:
        return [rows[0]]
    fresh = [row for row in rows if not row.attempts]
    that_fit = sum(size <= AT_ONCE_BYTES for size in accumulate(row.size for row in fresh))
    return fresh[: max(1, that_fit)]


def _claimed(
    row: Row[Any], raw: bytes | None, addresses: Sequence[tuple[str, bool]], is_round_trip: bool
) -> Claimed:
    return Claimed(
        id=row.id,
        group_id=row.group_id,
        raw=zlib.decompress(raw) if raw else b"",
        size=row.size,
        mail_from=row.mail_from,
        rcpt_to=row.rcpt_to,
        admitted=row.admitted,
        verdicts=row.verdicts or {},
        sent=zlib.decompress(row.sent) if row.sent else None,
        known_addresses=frozenset(addr_spec for addr_spec, _ in addresses),
        thread_kind=row.thread_kind,
        is_round_trip=is_round_trip,
        in_doubt=any(in_doubt for _, in_doubt in addresses),
    )


def still_held(session: Session, ids: Sequence[int], worker: str) -> list[Held]:
    """The rows, locked, in the order in which they came, each with the mail of ours that it answers, whose member and
    group are at hand; not those whose lease was lost to somebody else.
    """
    found = session.execute(HELD, {"messages": list(ids), "worker": worker})
    return [(message, thread) for message, thread in found]


@dataclass(frozen=True)
class Ending:
    """How one message ended; `left_out` are the kinds of what was not taken for its writer's words."""

    id: int
    state: InboundState
    reason: str | None
    intent: str | None
    round_id: int | None
    message_id: str | None
    left_out: list[str]
    settled_at: datetime


def settle(session: Session, endings: Sequence[Ending]) -> None:
    """Record how messages ended whose rows are held."""
    rows = [{"message": one.id} | {f"new_{name}": getattr(one, name) for name in ENDING} for one in endings]
    if rows:
        session.connection().execute(SETTLE, rows)


def newest_of_waiting(database: Database) -> int | None:
    """The newest message there is, where any waits: a cheap question, asked of an idle service every two seconds."""
    with database.reading() as session:
        newest: int | None = session.connection().scalar(NEWEST, _good_leases())
        return newest


def any_waits(database: Database, newest: int) -> bool:
    """Whether a message waits, none after `newest`: asked before a claim, which takes the turn of another writer."""
    with database.reading() as session:
        return bool(session.connection().scalar(ANY_WAITS, {"newest": newest}))


def _good_leases() -> dict[str, datetime]:
    """Between which instants those run out that hold; the clocks of two machines may differ a little."""
    now = clock.real_now()
    return {"now": now, "beyond": now + 2 * LEASE}


def release_lost(database: Database) -> None:
    """Messages whose worker died go back to the queue; those that did so three times are set aside."""
    held = _good_leases()
    with database.reading() as session:
        if not session.connection().scalar(ANY_LOST, held):
            return
    given_up = update(INBOUND).where(LOST, INBOUND.c.attempts >= MOST_LEASES)
    given_up = given_up.values(state="failed", reason="worker-lost", settled_at=clock.now())
    back = update(INBOUND).where(LOST).values(state="accepted", claimed_by=None)
    with database.transaction() as session:
        session.connection().execute(given_up, held)
        session.connection().execute(back, held)
