"""Owns a worker that is there to be killed: it ticks until then. It must never settle anything but through `tick`."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta

from digest import clock
from digest.database import connect
from digest.errors import Transient
from digest.inbound import lease as inbound_lease
from digest.outbound import lease
from digest.outbound.ways_out import transport_for
from digest.settings import Settings
from digest.tick import tick, worker_name

SHORT_LEASE = timedelta(seconds=1)  # real ones are longer than a test may last


def work(settings: Settings, instant: datetime) -> None:
    """Tick for ever, as if it were `instant` now."""
    logging.disable(logging.CRITICAL)
    clock.start_at(instant)
    inbound_lease.LEASE = lease.LEASE = SHORT_LEASE
    database = connect(settings.database_url)
    transport = transport_for(f"{settings.mail_url}?connections=3", settings.mail_from)
    while True:
        with suppress(Transient):  # a database that another one holds for too long: the next turn tries again
            tick(database, settings, transport, worker_name())
        time.sleep(0.005)
