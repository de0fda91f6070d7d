"""Owns leases on mails that wait: a worker claims those it hands over at once, records how it went, and loses them when
it dies. It must never compose or send.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Table, and_, bindparam, case, exists, or_, select, text, update
from sqlalchemy.orm import Session

from digest import clock
from digest.domain.delivery.domain_pause import is_paused
from digest.domain.delivery.suppression import answers_her, why_suppressed
from digest.domain.mails.record import MOST_LEASES, OutboundMessage, OutboundState

LEASE = timedelta(minutes=30)  # longer than the time-outs of one delivery (RFC 5321, section 4.5.3.2)
LOOK_PAST = 8  # how far past a domain that has its share, in waves

# Built once: they stand in the loop that hands over.
TABLE = cast(Table, OutboundMessage.__table__)
COLUMNS = ("id", "mail_from", "rcpt_to", "raw", "attempts", "due_at", "expires_at")
DUE = (
    select(*(TABLE.c[name] for name in COLUMNS), why_suppressed(TABLE.c.rcpt_to))
    .where(text("outbound_messages.state = 'queued'"))  # spelled as in the partial index
    .where(TABLE.c.due_at <= bindparam("now"), TABLE.c.raw.is_not(None), TABLE.c.stale.is_(False))
    .where(~is_paused(cast(Any, bindparam("now"))))
    .order_by(TABLE.c.due_at, TABLE.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True, of=TABLE)
)
CLAIM = (
    update(TABLE)
    .where(TABLE.c.id.in_(bindparam("mails", expanding=True)))
    .values(state="sending", begun=True, claimed_by=bindparam("worker"), lease_until=bindparam("until"))
)
OUTCOME = ("state", "attempts", "due_at", "sent_at", "enhanced_status", "remark")
OF_SENT = OUTCOME[3:]
HELD = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("mail"), TABLE.c.claimed_by == bindparam("worker"))
    .where(text("outbound_messages.state = 'sending'"))
    .values({"claimed_by": None, "lease_until": None, "begun": False})
)
RECORD = HELD.values({name: bindparam(f"new_{name}") for name in OUTCOME})
#: Nearly all mails leave, so of those nothing is said that is known.
RECORD_SENT = HELD.values({"state": text("'sent'"), "attempts": TABLE.c.attempts + 1}).values(
    {name: bindparam(f"new_{name}") for name in OF_SENT}
)


@dataclass(frozen=True)
class Claimed:
    """One mail that this worker may hand over, as long as its lease runs."""

    id: int
    mail_from: str
    rcpt_to: str
    compressed: bytes
    attempts: int
    due_at: datetime
    expires_at: datetime
    suppressed: str | None  # why its address gets no mail

    @property
    def raw(self) -> bytes:
        return zlib.decompress(self.compressed)

    @property
    def domain(self) -> str:
        return self.rcpt_to.rpartition("@")[2].lower()


def claim(
    session: Session, worker: str, limit: int, now: datetime, per_domain: int | None = None
) -> list[Claimed]:
    """The next mails that are due, leased to this worker, which hands them over at once.

    Not those to a domain that is paused, nor more than `per_domain` to any other; those to addresses that get no mail
    are cancelled.
    """
    connection = session.connection()
    at_most = limit if per_domain is None else limit * LOOK_PAST
    while due := [Claimed(*row) for row in connection.execute(DUE, {"now": now, "at_most": at_most})]:
        unwanted = _unwanted(connection, due)
        claimed = _spread([one for one in due if one.id not in unwanted], limit, per_domain)
        _cancel(session, [one for one in due if one.id in unwanted])
        if claimed:
            mine = {"mails": [one.id for one in claimed], "worker": worker, "until": clock.real_now() + LEASE}
            connection.execute(CLAIM, mine)
            return claimed
    return []


def _unwanted(connection: Connection, due: Sequence[Claimed]) -> frozenset[int]:
    """Those to addresses that get no mail. Only here are such mails held back, whatever was composed and whenever."""
    suppressed = [one.id for one in due if one.suppressed is not None]
    if not suppressed:
        return frozenset()
    what = select(TABLE.c.id, TABLE.c.kind, TABLE.c.about).where(TABLE.c.id.in_(suppressed))
    return frozenset(row.id for row in connection.execute(what) if not answers_her(row.kind, row.about))


def _cancel(session: Session, unwanted: Sequence[Claimed]) -> None:
    for one in unwanted:
        remark = f"no mail goes to this address: {one.suppressed}"
        session.execute(update(TABLE).where(TABLE.c.id == one.id).values(state="cancelled", remark=remark))


def _spread(due: list[Claimed], limit: int, per_domain: int | None) -> list[Claimed]:
    if per_domain is None:
        return due
    taken: list[Claimed] = []
    to: Counter[str] = Counter()
    for mail in due:
        if to[mail.domain] < per_domain and len(taken) < limit:
            taken.append(mail)
            to[mail.domain] += 1
    return taken


@dataclass(frozen=True)
class Outcome:
    """What stands of a mail after it was tried."""

    id: int
    state: OutboundState
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    enhanced_status: str | None
    remark: str | None


def record(session: Session, worker: str, outcomes: Sequence[Outcome]) -> int:
    """Record how mails went, and how many were recorded: a mail whose lease was lost meanwhile is left as it is."""
    sent = [_row(one, worker, OF_SENT) for one in outcomes if one.state == "sent"]
    others = [_row(one, worker, OUTCOME) for one in outcomes if one.state != "sent"]
    done = ((RECORD_SENT, sent), (RECORD, others))
    return sum(session.connection().execute(statement, rows).rowcount for statement, rows in done if rows)


def _row(one: Outcome, worker: str, names: Sequence[str]) -> dict[str, Any]:
    return {"mail": one.id, "worker": worker, **{f"new_{name}": getattr(one, name) for name in names}}


def has_lost(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(_lost()))))


def release_lost(session: Session) -> list[int]:
    """Mails whose worker died go back to the queue; the ids of those given up, because it was the third time.

    Only a mail that was being handed over counts, not those that merely waited beside it.
    """
    times = OutboundMessage.lost_leases + case((OutboundMessage.begun, 1), else_=0)
    released = (
        update(OutboundMessage)
        .where(_lost())
        .values(
            lost_leases=times,
            state=case((times >= MOST_LEASES, "failed"), else_="queued"),
            remark=case(
                (times >= MOST_LEASES, "three workers were lost over it"), else_=OutboundMessage.remark
            ),
            claimed_by=None,
            lease_until=None,
            begun=False,
        )
    )
    rows = session.execute(released.returning(OutboundMessage.id, OutboundMessage.state)).all()
    return [row.id for row in rows if row.state == "failed"]


def _lost() -> Any:
    lease_over = or_(OutboundMessage.lease_until.is_(None), OutboundMessage.lease_until < clock.real_now())
    return and_(OutboundMessage.state == "sending", lease_over)
