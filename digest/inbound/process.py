"""Owns what becomes of a stored message: claimed, understood by the pure stages, filed in one transaction.
It must never open a door or hold a rule of reading.

Every message ends as filed, held, dropped or failed, with its reason. A worker may die anywhere: its lease
runs out and another takes over; what kills three workers is set aside as failed.
"""

from __future__ import annotations

import logging
import zlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session, aliased, undefer

from digest import clock
from digest.database import Database
from digest.domain.admission import UNPROVED
from digest.domain.mail_record import MOST_LEASES, InboundMessage, OutboundMessage
from digest.domain.suppression import hear, is_in_doubt
from digest.errors import Transient, Unreadable
from digest.inbound import filing
from digest.inbound.case import Outcome
from digest.inbound.delivery_report import DeliveryReport
from digest.inbound.envelope import LARGEST_MESSAGE
from digest.inbound.filing_report import file_reports
from digest.inbound.recipient import doubt_sender, is_round_trip
from digest.inbound.reports import Arrived, read_reports
from digest.inbound.sender_verdict import UNCHECKED, SenderCheck
from digest.inbound.thread import seek_all
from digest.reading.meaning.interpret import Reading, read
from digest.reading.mime.message import ParsedMessage, parse
from digest.reading.screening import screen
from digest.reading.written.sent_text import sent_text

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Claimed:
    """One message with all that the pure stages need to know."""

    id: int
    raw: bytes
    size: int
    mail_from: str | None
    rcpt_to: str
    admitted: bool
    verdicts: dict[str, str]
    sent: bytes | None  # the mail that it answers, as it went out
    known_addresses: frozenset[str]
    thread_kind: str | None  # None where it answers no mail of ours
    is_round_trip: bool
    in_doubt: bool  # whether mail to its member did not get through


@dataclass(frozen=True)
class Understood:
    """What the pure stages made of a message: a reading, or the outcome that it already has."""

    message: ParsedMessage | None
    reading: Reading | None = None
    outcome: Outcome | None = None
    reports: tuple[DeliveryReport, ...] = ()

    @property
    def author(self) -> str | None:
        """Who wrote it, as it says; None where it names nobody, or several."""
        named = self.message.from_addresses if self.message else ()
        return named[0] if len(named) == 1 else None

    @property
    def is_in_doubt(self) -> bool:
        return self.outcome is not None and self.outcome.state == "held"


def process_all(database: Database, worker: str, check: SenderCheck = UNCHECKED) -> int:
    """Settle every message that waits, those of one member in the order in which they came; how many there
    were."""
    settled = 0
    _release_lost(database)
    while True:
        while claimed := _claim(database, worker):
            _settle(database, claimed, worker, check)
            settled += 1
        if not seek_all(database):
            return settled


def _settle(database: Database, claimed: Claimed, worker: str, check: SenderCheck) -> None:
    try:
        understood = _understand(claimed, check)
        with database.transaction() as session:
            row = _still_mine(session, claimed.id, worker)
            if row is not None:
                row.from_address = understood.author if understood.is_in_doubt else None
                _record(row, understood, _file(session, row, claimed, understood))
    except Transient:
        raise  # the database is away: the lease runs out, and the message is taken up again
    except Exception as error:
        log.exception("inbound message %s could not be filed", claimed.id)
        _record_failure(database, claimed.id, worker, type(error).__name__)


def _file(session: Session, row: InboundMessage, claimed: Claimed, understood: Understood) -> Outcome:
    if understood.reports:
        return file_reports(session, understood.reports)
    reading = understood.reading
    if claimed.in_doubt and row.member and reading and not reading.automatic:
        hear(row.member.person, clock.now())
    return filing.file(session, row, reading, understood.outcome)


def _understand(claimed: Claimed, check: SenderCheck) -> Understood:
    if claimed.is_round_trip:
        return Understood(None, outcome=Outcome("dropped", "round-trip", "automatic"))
    if not claimed.raw:
        return Understood(None, outcome=Outcome("dropped", "no-longer-kept"))
    if claimed.size > LARGEST_MESSAGE:
        return Understood(None, outcome=Outcome("dropped", "too-large"))
    try:
        message = parse(claimed.raw)
    except Unreadable as error:
        return Understood(None, outcome=Outcome("dropped", error.reason))
    reason = screen(message, claimed.mail_from)
    arrived = Arrived(claimed.raw, message, claimed.mail_from, claimed.rcpt_to)
    if reports := read_reports(arrived, by_a_machine=reason is not None):
        return Understood(message, reports=reports)
    if reason is not None:
        return Understood(message, outcome=Outcome("dropped", reason, "automatic"))
    if claimed.thread_kind is None:
        return Understood(message, outcome=Outcome("dropped", "unknown-recipient"))
    doubt = None if claimed.admitted else doubt_sender(message.from_addresses, claimed.known_addresses)
    if doubt is not None:
        return Understood(message, outcome=Outcome("held", doubt))
    sent = sent_text(claimed.sent) if claimed.sent else None
    reading = read(message, mail_from=claimed.mail_from, sent=sent)
    if not claimed.admitted and _is_unproved(claimed, message, reading, check):
        return Understood(message, outcome=Outcome("held", UNPROVED))
    return Understood(message, reading)


def _is_unproved(claimed: Claimed, message: ParsedMessage, reading: Reading, check: SenderCheck) -> bool:
    """A "yes" to the question itself needs no proof: it went to the member's own address alone, as its link did."""
    if claimed.thread_kind == "sender_unknown" and reading.command == "yes":
        return False
    return not reading.automatic and check.doubts(claimed.raw, message.from_addresses[0], claimed.verdicts)


def _record(row: InboundMessage, understood: Understood, outcome: Outcome) -> None:
    row.state, row.reason, row.intent = outcome.state, outcome.reason, outcome.intent
    row.settled_at, row.claimed_by, row.lease_until = clock.now(), None, None
    if understood.message is not None:
        row.message_id = understood.message.message_id


def _record_failure(database: Database, message_id: int, worker: str, reason: str) -> None:
    with database.transaction() as session:
        row = _still_mine(session, message_id, worker)
        if row is not None:
            row.state, row.reason, row.settled_at = "failed", reason, clock.now()


def _still_mine(session: Session, message_id: int, worker: str) -> InboundMessage | None:
    """The row, locked; None where the lease was lost and somebody else has it."""
    mine = select(InboundMessage).where(
        InboundMessage.id == message_id,
        InboundMessage.state == "processing",
        InboundMessage.claimed_by == worker,
    )
    return session.scalar(mine.with_for_update(of=InboundMessage))


def _claim(database: Database, worker: str) -> Claimed | None:
    """The next message whose member has no earlier one unsettled, leased to this worker.

    One at a time: a message that kills workers must not take others with it.
    """
    earlier = aliased(InboundMessage)
    blocked = exists().where(
        earlier.member_id == InboundMessage.member_id,
        earlier.id < InboundMessage.id,
        earlier.state.in_(["accepted", "processing"]),
    )
    unsought = exists().where(
        earlier.id <= InboundMessage.id, earlier.state == "accepted", earlier.thread_sought.is_(False)
    )
    waiting = (
        select(InboundMessage)
        .where(InboundMessage.state == "accepted", or_(InboundMessage.member_id.is_(None), ~blocked))
        .where(~unsought)
        .order_by(InboundMessage.id)
        .limit(1)
        .options(undefer(InboundMessage.raw))
        .with_for_update(skip_locked=True, of=InboundMessage)
    )
    with database.transaction() as session:
        row = session.scalar(waiting)
        if row is None:
            return None
        row.state, row.claimed_by, row.lease_until = "processing", worker, clock.real_now() + LEASE
        row.attempts += 1
        return _load(session, row)


def _load(session: Session, row: InboundMessage) -> Claimed:
    thread = (
        session.get(OutboundMessage, row.thread_id, options=[undefer(OutboundMessage.raw)])
        if row.thread_id is not None
        else None
    )
    addresses = thread.member.person.addresses if thread else []
    return Claimed(
        id=row.id,
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


def _release_lost(database: Database) -> None:
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
