"""Owns how a worker says that it is alive: after a turn of all that was due, a few times a minute at most.
It must never beat for work that was not done.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from digest import clock
from digest.database import Database
from digest.domain.running import heartbeat

NOT_OFTENER = 20.0  # seconds


@dataclass
class Pulse:
    database: Database
    worker: str
    last: float | None = None  # by the clock that nobody sets

    def beat(self) -> None:
        """One row is written, unless that was done just now. Raises Transient."""
        now = time.monotonic()
        if self.last is not None and now - self.last < NOT_OFTENER:
            return
        with self.database.transaction() as session:
            heartbeat.beat(session, self.worker, clock.real_now())
        self.last = now
