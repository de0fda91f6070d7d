"""Owns how a worker says that it is alive: after a turn of all that was due, a few times a minute at most.
It must never beat for work that was not done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from digest import clock
from digest.database import Database
from digest.domain.running import heartbeat

NOT_OFTENER = timedelta(seconds=20)


@dataclass
class Pulse:
    database: Database
    worker: str
    last: datetime | None = None

    def beat(self) -> None:
        """One row is written, unless that was done just now. Raises Transient."""
        now = clock.real_now()
        if self.last is not None and now - self.last < NOT_OFTENER:
            return
        with self.database.transaction() as session:
            heartbeat.beat(session, self.worker, now)
        self.last = now
