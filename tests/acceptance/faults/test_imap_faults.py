"""Whatever fails between a mailbox and the database, each reply is filed once and moved away: two readers at once, the
server restarts, connections are cut, the database is away."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from digest.domain.mails.record import InboundMessage
from digest.domain.rounds.entry import Section
from digest.inbound.imap import watch as imap_watch
from digest.inbound.imap.mailbox import Mailbox
from digest.inbound.imap.watch import watching
from digest.inbound.process import process_all
from digest.settings import ImapSettings
from tests.acceptance.faults.unreliable import service
from tests.acceptance.world import World, reply_bytes
from tests.parts.dovecot import Dovecot

pytestmark = pytest.mark.both_databases

TUESDAY = "2026-03-31T09:00+02:00"
PEOPLE = ("jonas", "mira", "ben", "carla", "emil")
READ = "Digest read"


def test_every_reply_that_lies_in_the_mailbox_is_filed_once(
    packaging: World, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, at_size: Callable[[int, int], int]
) -> None:
    packaging.at(TUESDAY)
    replies, outage = at_size(15, 1000), at_size(1, 60)
    monkeypatch.setattr(imap_watch, "PAUSES", (0.05, 0.2))
    monkeypatch.setattr(imap_watch, "LOOK_EVERY", 0.3)
    _cut_connections(monkeypatch, random.Random("cuts"))
    inbox = dovecot.mailbox()
    texts = [f"crate number {number} by way of the mailbox" for number in range(replies)]
    letters = [_letter(packaging, number, text) for number, text in enumerate(texts)]
    with service(packaging.settings) as made:
        settings = replace(made.settings, imap=ImapSettings(url=inbox.url))
        inbox.deliver(*letters[: replies // 2])
        with watching(made.database, settings), watching(made.database, settings):
            time.sleep(outage / 20)
            with made.without_database():
                time.sleep(outage)
            dovecot.restart()
            inbox.deliver(*letters[replies // 2 :])
            _until(lambda: inbox.count() == 0, at_size(60, 600))
    process_all(packaging.database, "a worker")
    with packaging.database.reading() as session:
        came = select(func.count(InboundMessage.id)).where(InboundMessage.via == "imap")
        assert session.scalar(came) == replies
        assert set(session.scalars(select(InboundMessage.state))) == {"filed"}
        assert Counter(session.scalars(select(Section.text))) == Counter(texts)
    assert inbox.count(READ) >= replies


def _letter(world: World, number: int, text: str) -> bytes:
    prompt = world.prompt(PEOPLE[number % len(PEOPLE)])
    return reply_bytes(prompt, f"Tried: {text}")


def _cut_connections(monkeypatch: pytest.MonkeyPatch, chance: random.Random) -> None:
    """Now and then the connection breaks before a message is moved, and now and then right after."""
    move = Mailbox.move

    def unreliable(self: Mailbox, uid: int) -> None:
        broken = chance.random()
        if broken < 0.05:
            self._client.shutdown()  # pyright: ignore[reportPrivateUsage]
        move(self, uid)
        if broken > 0.95:
            self._client.shutdown()  # pyright: ignore[reportPrivateUsage]

    monkeypatch.setattr(Mailbox, "move", unreliable)


def _until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
