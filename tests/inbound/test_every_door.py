"""Every way in keeps the same promises: what is proven is stored once and byte for byte, what is not is refused, and
where we cannot store the sender is told what makes it try again."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from digest.database import Database, connect
from digest.domain.mails.record import InboundMessage
from digest.inbound.envelope import LARGEST_MESSAGE, STUB
from tests.inbound.doors import DOORS, SITUATIONS, Door, as_stored
from tests.inbound.letter import EIGHT_BIT, TO, letter
from tests.parts.databases import SqliteDatabases, database_with_schema

AWAY = "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1"
Open = Callable[[str], Door]


@pytest.fixture
def database_url(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """SQLite alone: a door differs by what it reads, and what stores is tried on both elsewhere."""
    with database_with_schema(sqlite_databases) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(connect(database_url)) as database:
        yield database


@pytest.fixture
def open_door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the door of this turn on a database."""
    with ExitStack() as doors:
        yield lambda url: doors.enter_context(closing(DOORS[request.param](url, tmp_path)))


@pytest.fixture
def door(open_door: Open, database_url: str) -> Door:
    return open_door(database_url)


every_door = pytest.mark.parametrize("open_door", DOORS, indirect=True)


def stored(database: Database) -> list[InboundMessage]:
    with database.reading() as session:
        return list(session.scalars(select(InboundMessage).options(undefer(InboundMessage.raw))))


def expect(door: Door, situation: str) -> tuple[object, int]:
    """What the door is to answer, and how many messages are stored then."""
    if situation in door.exempt:
        pytest.skip(f"{door.name}: {door.exempt[situation]}")
    return door.answers[situation]


@every_door
def test_every_situation_has_its_answer(door: Door) -> None:
    assert set(door.answers) | set(door.exempt) == set(SITUATIONS)


@every_door
def test_a_good_message_is_stored_as_it_came(door: Door, database: Database) -> None:
    answer, count = expect(door, "good")
    sent = letter("Tried: grüne Kisten")
    assert door.bring(sent) == answer
    (row,) = stored(database)
    assert count == 1
    raw = as_stored(door, sent)
    assert zlib.decompress(row.raw or b"") == raw
    assert (row.rcpt_to, row.mail_from, row.size) == (TO, sent.mail_from, len(raw))
    assert (row.via, row.state) == (door.via, "accepted")


@every_door
def test_while_two_secrets_are_in_force_both_open_the_door(door: Door, database: Database) -> None:
    answer, _ = expect(door, "old secret")
    assert door.bring(letter("one"), "old secret") == answer
    assert door.bring(letter("two")) == answer
    assert len(stored(database)) == 2


@pytest.mark.parametrize("situation", ["unsigned", "forged", "stale", "malformed"])
@every_door
def test_what_is_not_proven_or_no_message_is_refused(door: Door, database: Database, situation: str) -> None:
    answer, count = expect(door, situation)
    assert door.bring(letter(), situation) == answer
    assert len(stored(database)) == count


@every_door
def test_the_proof_of_one_message_lets_no_other_in(door: Door, database: Database) -> None:
    answer, count = expect(door, "replayed")
    door.bring(letter("mine"))
    assert door.bring(letter("not mine"), "replayed") == answer
    assert len(stored(database)) == count


@every_door
def test_the_same_again_is_stored_once_and_thanked_for(door: Door, database: Database) -> None:
    answer, count = expect(door, "duplicate")
    assert [door.bring(letter()) for _ in range(3)] == [answer] * 3
    assert len(stored(database)) == count


@every_door
def test_an_old_proof_of_what_is_stored_is_thanked_for(door: Door, database: Database) -> None:
    answer, count = expect(door, "stale but stored")
    door.bring(letter())
    assert door.bring(letter(), "stale but stored") == answer
    assert len(stored(database)) == count


@every_door
def test_of_what_is_too_large_the_head_is_stored(door: Door, database: Database) -> None:
    answer, count = expect(door, "oversize")
    sent = letter(b"x" * LARGEST_MESSAGE)
    assert door.bring(sent, "oversize") == answer
    rows = stored(database)
    kept = [(row.size, zlib.decompress(row.raw or b"")) for row in rows]
    raw = as_stored(door, sent)
    assert kept == [(len(raw), raw[:STUB])] * count


@every_door
def test_eight_bit_content_survives_byte_for_byte(door: Door, database: Database) -> None:
    answer, _ = expect(door, "8-bit")
    sent = letter(EIGHT_BIT + "\r\nlatin: gr\xfcn\r\n".encode("latin-1") + "utf-8: grün 😀".encode())
    assert door.bring(sent, "8-bit") == answer
    assert [zlib.decompress(row.raw or b"") for row in stored(database)] == [as_stored(door, sent)]


@every_door
def test_mail_to_nobody_is_answered_as_the_door_can(door: Door, database: Database) -> None:
    answer, count = expect(door, "wrong recipient")
    assert door.bring(letter(rcpt_to="nobody@in.example.org"), "wrong recipient") == answer
    assert len(stored(database)) == count


@every_door
def test_the_null_reverse_path_is_kept_as_such(door: Door, database: Database) -> None:
    answer, _ = expect(door, "good")
    assert door.bring(letter(mail_from="")) == answer
    assert [row.mail_from for row in stored(database)] == [""]


@every_door
def test_while_the_database_is_away_the_sender_is_told_to_try_again(open_door: Open) -> None:
    door = open_door(AWAY)
    answer, _ = expect(door, "away")
    assert door.bring(letter(), "away") == answer
