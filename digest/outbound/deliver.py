"""Owns handing over: claimed mails go through a transport, a wave at a time, and how it went is recorded.
It must never change what is in a mail.

A wave is one mail for each connection. One transaction records the last wave and claims the next, so a worker that dies
leaves at most one mail a connection of which nobody knows whether it went.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from digest import clock
from digest.database import Database
from digest.domain.delivery.aftermath import follow_refusal
from digest.errors import Transient
from digest.outbound import lease, outbox, pacing
from digest.outbound.lease import Claimed, Outcome
from digest.outbound.transport import DeliveryResult, Transport

log = logging.getLogger(__name__)

#: How long to wait after the first, second ... deferral (RFC 5321, section 4.5.4.1 asks for half an hour and more).
RETRY_AFTER = tuple(timedelta(minutes=m) for m in (5, 15, 30, 60, 120, 240))
JITTER = 0.2
PATIENCE = 1.0  # seconds until a result is recorded again, where the database was away

Told = tuple[Claimed, DeliveryResult]


def deliver_all(database: Database, transport: Transport, worker: str) -> int:
    """Hand over every mail that is due; how many were tried."""
    tried, told = 0, list[Told]()
    _tidy(database)
    while wave := _next_wave(database, transport, worker, told):
        told = list(zip(wave, transport.send(wave), strict=True))
        tried += sum(result.result != "untried" for _, result in told)
    return tried


def _next_wave(database: Database, transport: Transport, worker: str, told: Sequence[Told]) -> list[Claimed]:
    """Record how the last wave went and claim the next, in one transaction, with full leases: none where the way rests.

    Where the database is away, results are kept and recorded again, as long as their leases may run.
    """
    if transport.is_resting and not told:
        return []
    outcomes = [_outcome(mail, result) for mail, result in told]
    busy = {mail.domain for mail, result in told if result.asks_for_less}
    give_up_at = time.monotonic() + (lease.LEASE.total_seconds() if told else 0)
    while True:
        try:
            with database.transaction() as session:
                _settle(session, worker, outcomes)
                for domain in busy:
                    pacing.slow_down(session, domain, clock.now())
                if transport.is_resting:
                    return []
                return lease.claim(session, worker, transport.at_once, clock.now(), transport.per_domain)
        except Transient:
            if time.monotonic() >= give_up_at:
                raise
            time.sleep(PATIENCE)


def _settle(session: Session, worker: str, outcomes: Sequence[Outcome]) -> None:
    """Record how mails went; a refusal may also say something of the address."""
    lost = [one for one in outcomes if one.state in ("rejected", "failed")]
    lease.record(session, worker, [one for one in outcomes if one not in lost])
    for one in lost:
        if lease.record(session, worker, [one]):
            follow_refusal(
                session,
                one.id,
                final=one.state == "rejected",
                enhanced_status=one.enhanced_status,
                remark=one.remark or "",
                now=clock.now(),
            )


def _outcome(mail: Claimed, result: DeliveryResult) -> Outcome:
    if result.result != "sent":
        status = result.enhanced_status or "no status"
        log.warning("mail %s %s: %s", mail.id, result.result, status, extra={"mail": mail.id})
    said, attempts = (result.enhanced_status, result.remark), mail.attempts + 1
    match result.result:
        case "sent":
            return Outcome(mail.id, "sent", attempts, mail.due_at, clock.now(), *said)
        case "rejected":
            return Outcome(mail.id, "rejected", attempts, mail.due_at, None, *said)
        case "untried":
            return Outcome(mail.id, "queued", mail.attempts, mail.due_at, None, *said)
        case "deferred":
            again_at = clock.now() + _wait(mail.attempts)
            state = "queued" if again_at < mail.expires_at else "failed"
            return Outcome(mail.id, state, attempts, again_at, None, *said)


def _wait(attempts: int) -> timedelta:
    """How long a deferred mail waits: a little more or less than the table says, so that they come back one by one."""
    wait = RETRY_AFTER[min(attempts, len(RETRY_AFTER) - 1)]
    return wait * random.uniform(1 - JITTER, 1 + JITTER)


def _tidy(database: Database) -> None:
    """What lost its worker goes back to the queue, what is over its time is let go, what is late sleeps by night."""
    with database.reading() as session:
        lost, over = lease.has_lost(session), outbox.has_expired(session, clock.now())
        mornings = pacing.sleepers(session, clock.now())
    if not (lost or over or mornings):
        return
    with database.transaction() as session:
        outbox.expire(session, clock.now())
        pacing.let_sleep(session, mornings)
        for mail_id in lease.release_lost(session):
            log.error("mail %s was given up: three workers were lost over it", mail_id)
