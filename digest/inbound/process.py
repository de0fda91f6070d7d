"""Owns what becomes of stored messages: leased, understood by the pure stages, filed, a group a transaction.
It must never open a door or hold a rule of reading.

Every message ends as filed, held, dropped or failed, with its reason.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from digest import clock
from digest.database import Database
from digest.domain.delivery.suppression import hear
from digest.domain.mails.record import InboundMessage
from digest.errors import Transient
from digest.inbound import lease, stray
from digest.inbound.filing import by_intent as filing
from digest.inbound.filing.by_intent import Settling
from digest.inbound.filing.case import Outcome
from digest.inbound.filing.report import file_reports
from digest.inbound.lease import Claimed, Ending, Held
from digest.inbound.sender.verdict import UNCHECKED, SenderCheck
from digest.inbound.thread import seek_all
from digest.inbound.understanding import Understood, understand_all

log = logging.getLogger(__name__)

Arrival = tuple[Claimed, Understood]


def process_all(database: Database, worker: str, check: SenderCheck = UNCHECKED) -> int:
    """Settle every message that waits, those of one member in the order in which they came; how many there were.

    Few that come in meanwhile are left to gather for the next turn: the more come together, the less each costs.
    """
    settled = 0
    while (newest := lease.newest_of_waiting(database)) is not None:
        lease.release_lost(database)
        turn = _process_until(database, newest, worker, check)
        settled += turn
        if turn < lease.AT_ONCE:
            break
    return settled


def _process_until(database: Database, newest: int, worker: str, check: SenderCheck) -> int:
    settled = 0
    while lease.any_waits(database, newest):
        claimed = lease.claim(database, worker, newest)
        if claimed:
            _settle_all(database, claimed, worker, check)
            settled += len(claimed)
        elif not seek_all(database):
            break  # what is left waits for what another worker has
    return settled


def _settle_all(database: Database, claimed: Sequence[Claimed], worker: str, check: SenderCheck) -> None:
    """Understand them all, then file them: a transaction covers one group; what belongs to none has one of its own."""
    started = time.monotonic()
    check = check.for_a_turn()
    groups: dict[int, list[Arrival]] = {}
    for one in zip(claimed, understand_all(claimed, check), strict=True):
        groups.setdefault(one[0].group_id or -one[0].id, []).append(one)
    for of_one_group in groups.values():
        _settle(database, of_one_group, worker, check)
    took = {"inbound": [one.id for one in claimed], "seconds": round(time.monotonic() - started, 3)}
    log.info("messages settled", extra=took)


def _settle(database: Database, arrivals: Sequence[Arrival], worker: str, check: SenderCheck) -> None:
    """File them together; where one of them cannot be filed, each alone, so that the others are."""
    understood = {one.id: (one, what) for one, what in arrivals}
    try:
        strays = {one.id: _writer_of(database, one, what, check) for one, what in arrivals}
        with database.transaction() as session:
            held = lease.still_held(session, list(understood), worker)
            outcomes = _file(session, held, understood)
            settled = zip(held, outcomes, strict=True)
            lease.settle(session, [_ending(row, understood[row.id][1], how) for (row, _), how in settled])
            for row, _ in held:
                if told := strays[row.id]:
                    stray.tell(session, row, told)
    except Transient:
        raise  # the database is away: the leases run out, and the messages are taken up again
    except Exception as error:
        if len(arrivals) > 1:
            for one in arrivals:
                _settle(database, [one], worker, check)
            return
        (message_id,) = understood
        log.exception("inbound message %s could not be filed", message_id, extra={"inbound": message_id})
        _record_failure(database, message_id, worker, type(error).__name__)


def _writer_of(database: Database, one: Claimed, what: Understood, check: SenderCheck) -> int | None:
    """Who is told that her message answers no mail of ours."""
    author = what.author if what.outcome is stray.STRAY else None
    return stray.writer_of(database, one.raw, author, one.verdicts, check)


def _file(session: Session, held: Sequence[Held], understood: Mapping[int, Arrival]) -> list[Outcome]:
    reports: dict[int, Outcome] = {}
    replies: list[Settling] = []
    for row, thread in held:
        claimed, what = understood[row.id]
        if what.is_in_doubt or row.from_address:
            row.from_address = what.author if what.is_in_doubt else None
        if what.reports:
            reports[row.id] = file_reports(session, row, what.reports)
            continue
        if claimed.in_doubt and thread and what.reading and not what.reading.automatic:
            hear(thread.member.person, clock.now())
        message_id = what.message.message_id if what.message else None
        replies.append(Settling(row, thread, what.reading, what.outcome, message_id))
    filed = {
        one.row.id: outcome for one, outcome in zip(replies, filing.file_all(session, replies), strict=True)
    }
    return [reports.get(row.id) or filed[row.id] for row, _ in held]


def _ending(row: InboundMessage, understood: Understood, outcome: Outcome) -> Ending:
    message, reading = understood.message, understood.reading
    return Ending(
        id=row.id,
        state=outcome.state,
        reason=outcome.reason,
        intent=outcome.intent,
        round_id=outcome.round_id,
        message_id=message.message_id if message else row.message_id,
        left_out=sorted({part.kind for part in reading.left_out}) if reading else row.left_out,
        settled_at=clock.now(),
    )


def _record_failure(database: Database, message_id: int, worker: str, reason: str) -> None:
    with database.transaction() as session:
        for row, _ in lease.still_held(session, [message_id], worker):
            row.state, row.reason, row.settled_at = "failed", reason, clock.now()
