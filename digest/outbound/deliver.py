"""Owns handing over: claimed mails go through a transport one by one, and how it went is recorded.
It must never change what is in a mail.
"""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from digest import clock
from digest.database import Database
from digest.domain.aftermath import follow_refusal
from digest.outbound import outbox
from digest.outbound.outbox import Claimed
from digest.outbound.transport import DeliveryResult, Transport

log = logging.getLogger(__name__)

AT_ONCE = 20
#: How long to wait after the first, second ... deferral (RFC 5321, section 4.5.4.1 asks for half an hour and more).
RETRY_AFTER = tuple(timedelta(minutes=m) for m in (5, 15, 30, 60, 120, 240))
JITTER = 0.2


def deliver_all(database: Database, transport: Transport, worker: str) -> int:
    """Hand over every mail that is due; how many were tried."""
    tried = 0
    _tidy(database)
    while mails := _claim(database, worker):
        mine = _begin(database, worker, mails[0])
        for mail, following in zip(mails, [*mails[1:], None], strict=True):
            result = _send(transport, mail) if mine else None
            if result is not None and result.nobody_answers:
                _record(database, worker, mail, result, None)
                _give_back(database, worker)
                return tried
            mine = _record(database, worker, mail, result, following)
            tried += 1
    return tried


def _begin(database: Database, worker: str, mail: Claimed) -> bool:
    """A full lease on the first mail; False where another worker has it by now."""
    with database.transaction() as session:
        return outbox.renew(session, mail.id, worker)


def _send(transport: Transport, mail: Claimed) -> DeliveryResult:
    result = transport.send(mail.mail_from, mail.rcpt_to, mail.raw)
    if result.result != "sent":
        log.warning("mail %s %s: %s", mail.id, result.result, result.enhanced_status or "no status")
    return result


def _record(
    database: Database, worker: str, mail: Claimed, result: DeliveryResult | None, following: Claimed | None
) -> bool:
    """How it went with one mail, and in the same transaction a full lease on the next, if that is still ours."""
    with database.transaction() as session:
        if result is not None:
            values = _after(mail, result)
            if outbox.mark(session, mail.id, worker, **values):
                _follow(session, mail, result, values["state"])
        return following is not None and outbox.renew(session, following.id, worker)


def _follow(session: Session, mail: Claimed, result: DeliveryResult, state: str) -> None:
    """What a mail that did not leave says of its address; that the next hop is away says nothing."""
    if state in ("rejected", "failed") and not result.nobody_answers:
        follow_refusal(
            session,
            mail.id,
            final=state == "rejected",
            enhanced_status=result.enhanced_status,
            remark=result.remark,
            now=clock.now(),
        )


def _give_back(database: Database, worker: str) -> None:
    """The mails that were claimed and not tried wait again, for the next turn."""
    with database.transaction() as session:
        outbox.give_back(session, worker)


def _after(mail: Claimed, result: DeliveryResult) -> dict[str, Any]:
    values: dict[str, Any] = {
        "attempts": mail.attempts + 1,
        "enhanced_status": result.enhanced_status,
        "remark": result.remark,
    }
    if result.result == "sent":
        return values | {"state": "sent", "sent_at": clock.now()}
    if result.result == "rejected":
        return values | {"state": "rejected"}
    again_at = clock.now() + _wait(mail.attempts)
    if again_at >= mail.expires_at:
        return values | {"state": "failed"}
    return values | {"state": "queued", "due_at": again_at}


def _wait(attempts: int) -> timedelta:
    """A little more or less than the table says, so that deferred mails do not all come back at once."""
    wait = RETRY_AFTER[min(attempts, len(RETRY_AFTER) - 1)]
    return wait * random.uniform(1 - JITTER, 1 + JITTER)


def _claim(database: Database, worker: str) -> list[Claimed]:
    with database.transaction() as session:
        return outbox.claim(session, worker, AT_ONCE, clock.now())


def _tidy(database: Database) -> None:
    """What lost its worker goes back to the queue, what is over its time is let go."""
    with database.reading() as session:
        lost, over = outbox.has_lost(session), outbox.has_expired(session, clock.now())
    if not lost and not over:
        return
    with database.transaction() as session:
        outbox.expire(session, clock.now())
        for mail_id in outbox.release_lost(session):
            log.error("mail %s was given up: three workers were lost over it", mail_id)
