"""Owns the outbox: finished mails are put in once, claimed with a lease, and marked. It must never compose
or send."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session, undefer

from digest import clock, tokens
from digest.domain.ask_address import open_thread
from digest.domain.base import insert_many_once
from digest.domain.mail_record import MOST_LEASES, REPLY_ADDRESS_OPEN, OutboundMessage
from digest.domain.suppression import answers_her, suppressed_among
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.stamp import Stamp

LEASE = timedelta(minutes=20)  # longer than the time-outs of one delivery (RFC 5321, section 4.5.3.2)


@dataclass(frozen=True)
class Posted:
    """A composed mail on its way into the outbox; `about` holds the ids of what it is about, never words."""

    stamp: Stamp
    composed: ComposedMessage
    occasion: str
    expires_at: datetime
    round_id: int | None = None
    about: dict[str, Any] = field(default_factory=dict[str, Any])


def put(session: Session, mails: Sequence[Posted], now: datetime) -> int:
    """File finished mails; one whose kind, occasion and member stand already is not filed again. How many
    were new."""
    _open_ask_addresses(session, [mail.stamp for mail in mails if mail.stamp.ask_address], now)
    return insert_many_once(session, OutboundMessage, [_row(mail, now) for mail in mails])


def _open_ask_addresses(session: Session, stamps: Sequence[Stamp], now: datetime) -> None:
    """A thread that never closes for each address that stands at the foot of a mail; it is no mail of its own."""
    by_hash = {tokens.token_hash(stamp.ask_token): stamp for stamp in stamps}
    known = select(OutboundMessage.reply_hash).where(OutboundMessage.reply_hash.in_(by_hash))
    for reply_hash in by_hash.keys() - set(session.scalars(known)):
        open_thread(session, by_hash[reply_hash].member, reply_hash, now)


def _row(mail: Posted, now: datetime) -> dict[str, Any]:
    stamp, composed = mail.stamp, mail.composed
    return {
        "kind": stamp.kind,
        "occasion": mail.occasion,
        "member_id": stamp.member.id,
        "round_id": mail.round_id,
        "about": mail.about,
        "message_id": composed.message_id,
        "mail_from": composed.mail_from,
        "rcpt_to": composed.rcpt_to,
        "raw": zlib.compress(composed.raw, 6),
        "reply_hash": tokens.token_hash(stamp.reply_token),
        "reply_until": now + REPLY_ADDRESS_OPEN,
        "link_key": stamp.link_key,
        "link_names": stamp.links_in(composed.text_body),
        "state": "queued",
        "created_at": now,
        "due_at": now,
        "expires_at": mail.expires_at,
        "attempts": 0,
        "begun": False,
        "lost_leases": 0,
        "stale": False,
    }


def replace(mail: OutboundMessage, posted: Posted) -> None:
    """Other finished bytes for a mail that has not left: the same mail by its Message-ID and its links."""
    mail.raw = zlib.compress(posted.composed.raw, 6)
    mail.reply_hash = tokens.token_hash(posted.stamp.reply_token)
    mail.mail_from, mail.rcpt_to = posted.composed.mail_from, posted.composed.rcpt_to
    mail.link_names = posted.stamp.links_in(posted.composed.text_body)
    mail.stale = False


@dataclass(frozen=True)
class Claimed:
    """One mail that this worker may hand over, as long as its lease runs."""

    id: int
    message_id: str
    mail_from: str
    rcpt_to: str
    raw: bytes
    attempts: int
    expires_at: datetime


def claim(session: Session, worker: str, limit: int, now: datetime) -> list[Claimed]:
    """The next mails that are due, leased to this worker; those to addresses that get no mail are cancelled."""
    while rows := _due(session, limit, now):
        if wanted := _without_suppressed(session, rows):
            return [_leased(row, worker) for row in wanted]
        session.flush()
    return []


def _without_suppressed(session: Session, rows: Sequence[OutboundMessage]) -> list[OutboundMessage]:
    """This is the one place where an address that gets no mail gets none: whatever was composed, and whenever."""
    suppressed = suppressed_among(session, {row.rcpt_to for row in rows})
    unwanted = [row for row in rows if row.rcpt_to in suppressed and not answers_her(row.kind, row.about)]
    for row in unwanted:
        row.state, row.remark = "cancelled", f"no mail goes to this address: {suppressed[row.rcpt_to]}"
    return [row for row in rows if row.state == "queued"]


def _due(session: Session, limit: int, now: datetime) -> list[OutboundMessage]:
    due = (
        select(OutboundMessage)
        .where(
            OutboundMessage.state == "queued",
            OutboundMessage.due_at <= now,
            OutboundMessage.stale.is_(False),
        )
        .order_by(OutboundMessage.due_at, OutboundMessage.id)
        .limit(limit)
        .options(undefer(OutboundMessage.raw))
        .with_for_update(skip_locked=True, of=OutboundMessage)
    )
    return list(session.scalars(due))


def _leased(row: OutboundMessage, worker: str) -> Claimed:
    row.state, row.claimed_by, row.lease_until = "sending", worker, clock.real_now() + LEASE
    return Claimed(
        row.id,
        row.message_id,
        row.mail_from,
        row.rcpt_to,
        zlib.decompress(row.raw or b""),
        row.attempts,
        row.expires_at,
    )


def renew(session: Session, mail_id: int, worker: str) -> bool:
    """A full lease before the mail is handed over; False where it was lost, and nothing may be sent."""
    mine = _mine(mail_id, worker)
    return _changed(session, mine.values(lease_until=clock.real_now() + LEASE, begun=True))


def mark(session: Session, mail_id: int, worker: str, **values: Any) -> bool:
    """Record how it went, under the same guard; False where the lease was lost meanwhile."""
    settled = _mine(mail_id, worker).values(claimed_by=None, lease_until=None, begun=False, **values)
    return _changed(session, settled)


def give_back(session: Session, worker: str) -> None:
    """What this worker holds and has not begun goes back to the queue."""
    held = update(OutboundMessage).where(
        OutboundMessage.claimed_by == worker,
        OutboundMessage.state == "sending",
        OutboundMessage.begun.is_(False),
    )
    session.execute(held.values(state="queued", claimed_by=None, lease_until=None))


def _mine(mail_id: int, worker: str) -> Any:
    return update(OutboundMessage).where(
        OutboundMessage.id == mail_id,
        OutboundMessage.claimed_by == worker,
        OutboundMessage.state == "sending",
    )


def _changed(session: Session, statement: Any) -> bool:
    return bool(session.execute(statement.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


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


def waiting(session: Session) -> int:
    """How many mails wait to be sent."""
    return (
        session.scalar(select(func.count(OutboundMessage.id)).where(OutboundMessage.state == "queued")) or 0
    )


def has_expired(session: Session, now: datetime) -> bool:
    over = exists().where(OutboundMessage.state == "queued", OutboundMessage.expires_at <= now)
    return bool(session.scalar(select(over)))


def expire(session: Session, now: datetime) -> int:
    """Mails whose time is over are not sent any more."""
    over = update(OutboundMessage).where(OutboundMessage.state == "queued", OutboundMessage.expires_at <= now)
    result = session.execute(over.values(state="expired", remark="its time was over"))
    return int(result.rowcount)  # type: ignore[attr-defined]
