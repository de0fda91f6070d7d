"""What came in together is settled together, and one message that cannot be settled takes no other with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from digest import clock
from digest.database import Database
from digest.domain.mails.record import InboundMessage
from digest.inbound import lease, understanding
from digest.inbound.accept import accept
from digest.inbound.envelope import envelope
from digest.inbound.filing import by_intent as filing
from digest.inbound.filing.case import Case, Outcome
from digest.inbound.process import process_all
from digest.reading.meaning.interpret import Reading
from digest.reading.mime.message import ParsedMessage
from digest.reading.screening import Reason
from digest.reading.written.sent_text import SentText
from tests.acceptance.world import World, reply_bytes

pytestmark = pytest.mark.both_databases

NAMES = ("jonas", "mira", "ben", "carla")
ALL = 2**31 - 1  # an id after which none comes


def come_in(world: World, words: str = "Tried: the new crates.\nQuestion: who has lids?") -> None:
    """One reply of each member, stored and not yet read."""
    world.at("2026-03-31T09:00+02:00")
    for name in NAMES:
        prompt = world.prompt(name)
        raw = reply_bytes(prompt, f"{words} {name}")
        assert accept(world.database, envelope(prompt.to, prompt.reply_to, raw, "raw"))


def endings(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        newest = select(InboundMessage).order_by(InboundMessage.id.desc()).limit(len(NAMES))
        return [(row.state, row.reason) for row in session.scalars(newest)][::-1]


def test_those_of_one_group_are_filed_together_in_the_order_in_which_they_came(packaging: World) -> None:
    come_in(packaging)
    assert process_all(packaging.database, "worker") == len(NAMES)
    assert endings(packaging.database) == [("filed", None)] * len(NAMES)
    packaging.tick()
    assert all(packaging.last(f"{name}@example.com").subject.count(":") == 1 for name in NAMES)  # receipts


def test_one_that_cannot_be_filed_is_set_aside_and_the_others_are_filed(
    packaging: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(packaging)
    whole = filing.file_entry

    def stumbles(case: Case) -> Outcome:
        if case.member.name == "Ben":
            raise ArithmeticError("nothing that was foreseen")
        return whole(case)

    monkeypatch.setitem(filing.BY_INTENT, "entry", stumbles)
    process_all(packaging.database, "worker")
    assert endings(packaging.database) == [
        ("filed", None),
        ("filed", None),
        ("failed", "ArithmeticError"),
        ("filed", None),
    ]


def test_one_that_cannot_be_read_is_set_aside_and_the_others_are_filed(
    packaging: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(packaging)
    whole = understanding.read_screened

    def stumbles(message: ParsedMessage, reason: Reason | None, sent: SentText | None) -> Reading:
        if "ben" in (message.text or ""):
            raise ArithmeticError("nothing that was foreseen")
        return whole(message, reason, sent)

    monkeypatch.setattr(understanding, "read_screened", stumbles)
    process_all(packaging.database, "worker")
    assert [reason for _, reason in endings(packaging.database)] == [None, None, "ArithmeticError", None]
    sent = len(packaging.inbox("ben@example.com"))
    packaging.tick()
    assert len(packaging.inbox("ben@example.com")) == sent  # it may have been a machine


def test_what_comes_in_meanwhile_is_left_for_the_next_turn(packaging: World) -> None:
    come_in(packaging)
    newest = lease.newest_of_waiting(packaging.database)
    assert newest is not None
    assert [one.id for one in lease.claim(packaging.database, "worker", newest - 1)] == [
        newest - 3,
        newest - 2,
        newest - 1,
    ]
    assert process_all(packaging.database, "another worker") == 1


def test_no_more_are_taken_together_than_fit_in_memory(
    packaging: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(packaging)
    with packaging.database.reading() as session:
        sizes = list(session.scalars(select(InboundMessage.size).order_by(InboundMessage.id.desc()).limit(4)))
    monkeypatch.setattr(lease, "AT_ONCE_BYTES", sum(sizes[1:]))
    assert [len(lease.claim(packaging.database, f"worker {turn}", ALL)) for turn in range(3)] == [3, 1, 0]


def test_what_a_worker_was_lost_over_is_taken_one_by_one(packaging: World) -> None:
    come_in(packaging)
    assert len(lease.claim(packaging.database, "lost", ALL)) == len(NAMES)
    with packaging.database.transaction() as session:
        over = clock.real_now() - timedelta(seconds=1)
        session.execute(
            update(InboundMessage).where(InboundMessage.state == "processing").values(lease_until=over)
        )
    lease.release_lost(packaging.database)
    assert [len(lease.claim(packaging.database, f"worker {turn}", ALL)) for turn in range(5)] == [
        1,
        1,
        1,
        1,
        0,
    ]


def test_a_lease_taken_while_the_clock_was_far_ahead_is_over_when_it_is_right_again(
    packaging: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(packaging)
    with monkeypatch.context() as wrong:
        ahead = clock.real_now() + timedelta(days=300)
        wrong.setattr(clock, "real_now", lambda: ahead)
        assert len(lease.claim(packaging.database, "lost", ALL)) == len(NAMES)
    assert process_all(packaging.database, "worker") == len(NAMES)


def test_two_messages_of_one_member_are_never_under_way_at_the_same_time(packaging: World) -> None:
    come_in(packaging)
    come_in(packaging, "Tried: other crates.")
    first = lease.claim(packaging.database, "one", ALL)
    assert len(first) == len(NAMES)
    assert lease.claim(packaging.database, "two", ALL) == []
