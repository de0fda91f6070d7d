"""Whatever fails between a member's mail client and the database, each reply is filed once: connections are slow or
cut, answers are lost, the disk is full, the database is away, and every sender tries again after what its own table
says."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from digest.domain.entry import Section
from digest.domain.mail_record import InboundMessage
from digest.inbound.process import process_all
from tests.acceptance.unreliable import FAULTS, WAYS_IN, Service, Try, service
from tests.acceptance.world import Mail, World, reply_bytes
from tests.inbound.letter import Letter

TUESDAY = "2026-03-31T09:00+02:00"
PEOPLE = ("jonas", "mira", "ben", "carla", "emil")


def test_every_reply_through_every_door_is_filed_once(
    packaging: World, at_size: Callable[[int, int], int]
) -> None:
    packaging.at(TUESDAY)
    replies = at_size(6, 1000)
    prompts = [packaging.prompt(name) for name in PEOPLE]
    with service(packaging.settings) as made:
        tries = {
            (name, number): way_in(made)(_letter(prompts[number % len(prompts)], name, number))
            for name, way_in in WAYS_IN.items()
            for number in range(replies)
        }
        with ThreadPoolExecutor(16) as pool:
            outages = threading.Thread(target=_outages, args=(made, at_size(1, 60)))
            outages.start()
            sent = [pool.submit(_bring, one, random.Random(f"{key}")) for key, one in tries.items()]
            for done in sent:
                done.result()
            outages.join()
    process_all(packaging.database, "a worker")
    with packaging.database.reading() as session:
        came = Counter(
            session.scalars(select(InboundMessage.via).where(InboundMessage.round_id.is_not(None)))
        )
        assert {name: came[name] for name in WAYS_IN} == dict.fromkeys(WAYS_IN, replies)
        assert set(session.scalars(select(InboundMessage.state))) == {"filed"}
        texts = Counter(session.scalars(select(Section.text)))
    assert texts == Counter(_text(name, number) for name, number in tries)
    print(f"{sum(came.values())} replies filed once; tries: {sum(done.result() for done in sent)}")


def _letter(prompt: Mail, name: str, number: int) -> Letter:
    """A reply to a prompt."""
    return Letter(reply_bytes(prompt, f"Tried: {_text(name, number)}"), prompt.to, prompt.reply_to)


def _text(name: str, number: int) -> str:
    return f"crate number {number} by way of {name}"


def _bring(once: Try, chance: random.Random) -> int:
    """As the sender does: again and again, with growing pauses; how often."""
    tries, pause = 1, 0.02
    while not once(chance.choice(FAULTS)):
        time.sleep(pause * chance.uniform(0.5, 1))
        tries, pause = tries + 1, min(2.0, pause * 1.5)
    return tries


def _outages(made: Service, seconds: float) -> None:
    """The database goes away once for that long, and for moments; the disk is full for a while."""
    for outage, share in (
        (made.without_database, 1.0),
        (made.without_space, 0.3),
        (made.without_database, 0.3),
    ):
        time.sleep(0.1)
        with outage():
            time.sleep(seconds * share)
