"""Measures what one look at the vital signs costs, as /healthz and /metrics take it, at 10,000 groups.

python -m bench.vital_signs [GROUPS] [DATABASE-URL]
Eight mails a group of the last day, eight weeks of the same before; two replies a week; eight open questions.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bench import questions
from bench.scene import add_groups, fresh_database
from digest import clock, schema
from digest.checking.watch import look
from digest.database import Database, connect
from digest.domain.groups.group import Member
from digest.domain.mails.record import REPLY_ADDRESS_OPEN, InboundMessage, OutboundMessage
from digest.domain.running import heartbeat

MEMBERS, WEEKS, TURNS = 4, 8, 9
RAW = b"x" * 200


def main(groups: int, url: str | None) -> None:
    with _database(url) as database:
        add_groups(database, groups, MEMBERS)
        clock.start_at(questions.NOW)
        numbers, weeks = count(1), count(1)
        questions._grow(database, 4, weeks, numbers)
        questions._open(database, weeks, numbers)
        _fill(database, 0)
        first = _measure(database)
        for week in range(1, WEEKS + 1):
            _fill(database, week)
        _tell(database, first, _measure(database))


@contextmanager
def _database(url: str | None) -> Iterator[Database]:
    if url is None:
        with fresh_database() as (_, database):
            yield database
        return
    with closing(connect(url)) as database:
        schema.upgrade(database)
        yield database


def _fill(database: Database, week: int) -> None:
    """What one prompt day left behind, that many weeks ago."""
    at = questions.NOW - timedelta(weeks=week, hours=8)
    with database.transaction() as session:
        heartbeat.beat(session, "a worker", clock.real_now())
        members = list(session.scalars(select(Member.id)))
        _insert(session, OutboundMessage, [
            {"kind": kind, "occasion": f"{week}", "member_id": member, "message_id": f"<{kind}.{week}.{member}@x>",
             "mail_from": "", "rcpt_to": "m@example.com", "raw": RAW, "reply_until": at + REPLY_ADDRESS_OPEN,
             "link_key": f"{kind}.{week}.{member}", "state": "sent", "created_at": at, "due_at": at, "expires_at": at}
            for member in members for kind in ("prompt", "digest")
        ])  # fmt: skip
        _insert(session, InboundMessage, [
            {"raw_digest": f"{week}.{member}", "rcpt_to": "r", "raw": RAW, "size": 1, "via": "raw", "received_at": at,
             "settled_at": at, "state": "filed"}
            for member in members[::2]
        ])  # fmt: skip


def _insert(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    session.execute(insert(model), rows)


def _measure(database: Database) -> float:
    """Milliseconds of one look, the median of several, after the database has looked at its tables."""
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    took: list[float] = []
    for _ in range(TURNS):
        started = time.perf_counter()
        look(database)
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


def _tell(database: Database, first: float, after: float) -> None:
    with database.reading() as session:
        mails = session.scalar(text("SELECT count(*) FROM outbound_messages"))
        asked = session.scalar(text("SELECT count(*) FROM questions WHERE state = 'open'"))
    print(f"{database.engine.dialect.name}: {mails} mails in the end, {asked} open questions")
    print(f"one look: {first:.0f} ms with one day behind it, {after:.0f} ms with {WEEKS} weeks more")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1000, sys.argv[2] if sys.argv[2:] else None)
