"""Owns the schedule: all repeated work on one page, each with its name, cadence and function.
It must never decide what is due: the database does, and any run may come twice, late, or on several machines.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor  # pyright: ignore[reportMissingTypeStubs]
from apscheduler.schedulers.background import BackgroundScheduler  # pyright: ignore[reportMissingTypeStubs]
from apscheduler.triggers.base import BaseTrigger  # pyright: ignore[reportMissingTypeStubs]

from digest import clock, retention
from digest.checking import operator_mail
from digest.checking.watch import watch
from digest.database import Database
from digest.errors import DigestError
from digest.inbound.process import process_all
from digest.inbound.sender.verdict import sender_check
from digest.log_lines import words_of
from digest.outbound.deliver import deliver_all
from digest.outbound.due import due_all
from digest.outbound.sign import signers
from digest.outbound.transport import Transport
from digest.pulse import Pulse
from digest.settings import Settings

log = logging.getLogger(__name__)

LOOK_AT_CLOCK, A_JUMP = 1.0, 2.0  # seconds


@dataclass(frozen=True)
class Job:
    name: str
    every: timedelta
    run: Callable[[], object]


def jobs(database: Database, settings: Settings, transport: Transport, worker: str) -> tuple[Job, ...]:
    """All repeated work. `worker` is a name that no other process has."""
    signers(settings)  # what is wrong there is said before any mail is composed
    pulse, check = Pulse(database, worker), sender_check(settings)
    return (
        Job("read what came in", timedelta(seconds=2), lambda: process_all(database, worker, check)),
        Job("compose what is due", timedelta(seconds=3), lambda: (due_all(database, settings), pulse.beat())),
        Job("send what waits", timedelta(seconds=2), lambda: deliver_all(database, transport, worker)),
        Job("forget openings of links", timedelta(minutes=1), lambda: retention.forget_openings(database)),
        Job("forget the bytes of old mails", timedelta(hours=1), lambda: retention.forget_bytes(database)),
        look_for_trouble(database, settings),
        Job("forget old traces", timedelta(hours=1), lambda: retention.forget_traces(database)),
    )


def look_for_trouble(database: Database, settings: Settings) -> Job:
    """Web processes have it too: where no worker is left, they say so. Raises Misuse where that could not be told."""
    operator_mail.require_way(settings)
    since = clock.real_now()
    return Job("look for trouble", timedelta(minutes=1), lambda: watch(database, settings, since))


class _Every(BaseTrigger):
    """At a cadence, without the runs that were missed: the library's own would count each of a year's."""

    def __init__(self, every: timedelta) -> None:
        self.every = every

    def get_next_fire_time(  # pyright: ignore[reportIncompatibleMethodOverride] - the base knows no types
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime:
        if previous_fire_time is None:
            return now
        late = max(now - previous_fire_time, timedelta(0))
        return previous_fire_time + self.every * (late // self.every + 1)


@contextmanager
def running(work: Sequence[Job]) -> Generator[None]:
    """Runs each job at once and then at its cadence, never twice at the same time; at the end waits for what runs."""
    scheduler: Any = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(len(work))},
        # A late run is never dropped (the library's own grace is one second), and late ones become one.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in work:
        scheduler.add_job(_watched(job), _Every(job.every), name=job.name)
    end = threading.Event()
    minding = threading.Thread(
        target=_mind_the_clock, args=(scheduler, end), name="mind the clock", daemon=True
    )
    scheduler.start()
    minding.start()
    try:
        yield
    finally:
        end.set()
        minding.join()
        scheduler.shutdown(wait=True)


def _mind_the_clock(scheduler: Any, end: threading.Event) -> None:
    """The library goes by the machine's clock: set back by hours, that would let all work rest for hours. So where it
    was set, everything runs anew.
    """
    ahead = _ahead()
    while not end.wait(LOOK_AT_CLOCK):
        before, ahead = ahead, _ahead()
        if abs(ahead - before) > A_JUMP:
            log.warning("the clock of this machine was set by %+.0f seconds", ahead - before)
            for job in scheduler.get_jobs():
                job.modify(next_run_time=clock.real_now())


def _ahead() -> float:
    """Seconds by which the machine's clock is ahead of the one that nobody sets."""
    return clock.real_now().timestamp() - time.monotonic()


def _watched(job: Job) -> Callable[[], None]:
    """The job as the scheduler runs it: a failure is logged when it begins and when it is over, not each time."""
    trouble = ""

    def run() -> None:
        nonlocal trouble
        try:
            job.run()
        except Exception as error:
            if str(error) != trouble:
                log.error("%s: %s", job.name, words_of(error), exc_info=not isinstance(error, DigestError))
            trouble = str(error) or type(error).__name__
        else:
            if trouble:
                log.info("%s: works again", job.name)
            trouble = ""

    return run
