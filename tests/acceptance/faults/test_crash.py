"""Workers are killed at random while prompts go out and replies come in."""

from __future__ import annotations

import datetime
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess

import pytest
from sqlalchemy import select

from digest import clock
from digest.domain.groups.notice import Notice
from digest.domain.mails.record import InboundMessage, OutboundMessage
from digest.domain.rounds.entry import Section
from tests.acceptance.faults.killed_worker import SHORT_LEASE, work
from tests.acceptance.world import Mail, World

pytestmark = pytest.mark.both_databases

KILLS_A_WEEK = 10
ADDRESS = "ask"  # a row that is no mail: the address by which a member asks
NINE = datetime.time(9)
PEOPLE = ("jonas", "mira", "ben", "carla", "emil")

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["tests.acceptance.faults.killed_worker"])


def test_whoever_dies_nothing_is_lost_or_composed_twice(
    packaging: World, at_size: Callable[[int, int], int]
) -> None:
    kills = at_size(10, 200)
    chance = random.Random(2026)
    for week in range(kills // KILLS_A_WEEK):
        _live_through_a_week(packaging, week, chance)
    _everything_is_settled(packaging)
    _nothing_was_composed_twice(packaging)
    _each_reply_was_filed_once(packaging, kills // KILLS_A_WEEK)


def _live_through_a_week(world: World, week: int, chance: random.Random) -> None:
    tuesday = clock.local_instant(clock.weeks_after("2026-W14", week), 1, NINE, "Europe/Berlin")
    clock.start_at(tuesday)
    _kill_some(world, KILLS_A_WEEK // 2, chance)
    world.tick()
    _wait_for_leases(world)
    for name in PEOPLE:
        prompt = world.last(f"{name}@example.com")
        assert f"{14 + week}" in prompt.subject
        assert (
            world.reply(prompt, f"Tried: crate {week} of {name}\nDid not work: the lid of {name} {week}")
            == 200
        )
    _kill_some(world, KILLS_A_WEEK - KILLS_A_WEEK // 2, chance)
    _wait_for_leases(world)


def _kill_some(world: World, kills: int, chance: random.Random) -> None:
    """Two workers at a time; whichever is killed, at whatever point, is followed by another."""
    workers = [_start(world), _start(world)]
    for turn in range(kills):
        time.sleep(chance.uniform(0.005, 0.25))
        victim = workers[turn % 2]
        victim.kill()
        victim.join()
        workers[turn % 2] = _start(world)
    for worker in workers:
        worker.kill()
        worker.join()


def _start(world: World) -> ForkServerProcess:
    worker = forks.Process(target=work, args=(world.settings, clock.now()), daemon=True)
    worker.start()
    return worker


def _wait_for_leases(world: World) -> None:
    """What the dead held is free when their leases are over."""
    time.sleep(SHORT_LEASE.total_seconds() + 0.2)
    world.tick()


def _everything_is_settled(world: World) -> None:
    with world.database.reading() as session:
        assert set(session.scalars(select(InboundMessage.state))) == {"filed"}
        mails = select(OutboundMessage.state).where(OutboundMessage.kind != ADDRESS)
        assert set(session.scalars(mails)) == {"sent"}
        owed = select(Notice.id).where(Notice.settled_at.is_(None), Notice.due_at <= clock.now())
        assert not session.scalars(owed).all()


def _nothing_was_composed_twice(world: World) -> None:
    """A second copy may leave where a worker dies after handing over; it has the same Message-ID."""
    copies = Counter(str(mail.message["Message-ID"]) for name in PEOPLE for mail in _inbox(world, name))
    composed = select(OutboundMessage.message_id).where(OutboundMessage.kind != ADDRESS)
    with world.database.reading() as session:
        assert set(copies) == set(session.scalars(composed))
    second = sum(copies.values()) - len(copies)
    print(f"{len(copies)} mails, {second} second copies")


def _inbox(world: World, name: str) -> list[Mail]:
    return world.inbox(f"{name}@example.com")


def _each_reply_was_filed_once(world: World, weeks: int) -> None:
    with world.database.reading() as session:
        texts = Counter(session.scalars(select(Section.text)))
    wanted = {f"crate {week} of {name}" for week in range(weeks) for name in PEOPLE}
    wanted |= {f"the lid of {name} {week}" for week in range(weeks) for name in PEOPLE}
    assert texts == Counter(wanted)
