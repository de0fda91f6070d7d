"""Whatever fails between a member's mail client and the database, each reply is filed once: connections are slow or
cut, answers are lost, the disk is full, the database is away, and every sender tries again after what its own table
says."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from digest import clock
from digest.database import Database
from digest.domain.mails.record import InboundMessage
from digest.domain.rounds.entry import Section
from digest.inbound.process import process_all
from digest.settings import Settings
from tests.acceptance.faults.unreliable import FAULTS, WAYS_IN, Service, Try, service
from tests.domain.given import TUESDAY
from tests.inbound.given import mails_to_many
from tests.inbound.letter import Letter

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _on_a_tuesday() -> Iterator[None]:
    clock.start_at(TUESDAY)
    yield
    clock.start_at(None)


def test_every_reply_through_every_door_is_filed_once(
    database: Database, database_url: str, at_size: Callable[[int, int], int]
) -> None:
    replies = at_size(6, 1000)
    mails = list(mails_to_many(database, replies * len(WAYS_IN)).items())
    ways = [name for name in WAYS_IN for _ in range(replies)]
    with service(Settings(database_url=database_url, secret=("a secret for the tests only",))) as made:
        tries = [
            WAYS_IN[way](made)(_letter(token, address))
            for way, (token, address) in zip(ways, mails, strict=True)
        ]
        with ThreadPoolExecutor(16) as pool:
            outages = threading.Thread(target=_outages, args=(made, at_size(1, 60)))
            outages.start()
            sent = [
                pool.submit(_bring, one, random.Random(token))
                for one, (token, _) in zip(tries, mails, strict=True)
            ]
            for done in sent:
                done.result()
            outages.join()
    process_all(database, "a worker")
    with database.reading() as session:
        came = session.execute(select(InboundMessage.via, InboundMessage.state)).all()
        texts = Counter(session.scalars(select(Section.text)))
    assert Counter(came) == {(way, "filed"): replies for way in WAYS_IN}
    assert texts == Counter(_text(token) for token, _ in mails)
    print(f"{len(came)} replies filed once; tries: {sum(done.result() for done in sent)}")


def _letter(token: str, address: str) -> Letter:
    """A reply as its member wrote it."""
    head = (
        f"From: {address}\r\nTo: us\r\nSubject: Re: week 14\r\nMessage-ID: <{token}@client.example>\r\n\r\n"
    )
    return Letter(f"{head}Tried: {_text(token)}\r\n".encode(), address, f"r-{token}@in.example.org")


def _text(token: str) -> str:
    return f"crate {token}"


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
