"""Undo at every point between composing, sending and a retry: either nobody sees it, or its writer is told that it had
gone out and is withdrawn now. Nothing in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from digest import clock
from digest.outbound.due import due_all
from tests.acceptance.world import Mail, World

pytestmark = pytest.mark.both_databases

WORDS = "labyrinthine"  # in the question, and in nothing that we say
OTHERS = ("jonas", "ben", "carla", "emil")
ASKED_AT, ROUND_AT, DIGEST_AT = "2026-03-31T10:10+02:00", "2026-03-31T11:11+02:00", "2026-04-06T09:00+02:00"


def not_composed(world: World) -> None:
    world.at("2026-03-31T10:40+02:00")


def composed(world: World) -> None:
    compose_at(world, ROUND_AT)


def refused_for_now(world: World) -> None:
    """The mail server lets in nobody: all of them wait for a retry."""
    world.smtp_server.refuse("RCPT", "451 4.3.0 later")
    world.at(ROUND_AT)
    world.smtp_server.refuse_nothing()


def let_in_for_one(world: World) -> None:
    """One mail is out, those to the others wait for a retry."""
    for name in OTHERS[1:]:
        world.smtp_server.refuse("RCPT", "451 4.3.0 later", address=f"{name}@example.com")
    world.at(ROUND_AT)
    world.smtp_server.refuse_nothing()


def sent(world: World) -> None:
    world.at(ROUND_AT)


def compose_at(world: World, instant: str) -> None:

    clock.start_at(datetime.fromisoformat(instant))
    assert due_all(world.database, world.settings) > 0


POINTS: tuple[tuple[Callable[[World], None], bool], ...] = (
    (not_composed, False),
    (composed, False),
    (refused_for_now, False),
    (let_in_for_one, True),
    (sent, True),
)


def by_reply(world: World, receipt: Mail) -> bool:
    """Whether she is told that it had gone out."""
    assert world.reply(receipt, "undo") == 200
    world.tick()
    said = world.last(receipt.to).text
    assert ("zurückgezogen" in said) != ("niemand sonst hat es gesehen" in said.lower()), said
    return "zurückgezogen" in said


def by_page(world: World, receipt: Mail) -> bool:
    answer = world.press(receipt.link("undo"), act="undo")
    assert answer.status == 200
    assert ("zurückgezogen" in answer.text) != ("Niemand sonst hat es gesehen" in answer.text), answer.text
    return "zurückgezogen" in answer.text


@pytest.mark.parametrize(
    ("reach", "out", "undo"),
    [(*point, by_reply) for point in POINTS] + [(*point, by_page) for point in POINTS[2:4]],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_undo_leaves_nothing_half_seen(
    packaging: World, reach: Callable[[World], None], out: bool, undo: Callable[[World, Mail], bool]
) -> None:
    packaging.at("2026-03-31T09:00+02:00")
    packaging.at(ASKED_AT)
    text = f"Tried: a {WORDS} form\nQuestion: who knows a less {WORDS} one?"
    assert packaging.reply(packaging.prompt("mira"), text) == 200
    packaging.tick()
    receipt = packaging.last("mira@example.com")
    assert WORDS in receipt.text
    reach(packaging)
    got = {name: saw(packaging, name) for name in OTHERS}
    assert any(got.values()) == out
    assert undo(packaging, receipt) == out
    for instant in ("2026-03-31T12:00+02:00", "2026-03-31T16:00+02:00", DIGEST_AT, "2026-04-07T09:00+02:00"):
        packaging.at(instant)
    # Whoever had it keeps what she had; nobody gets it afterwards, in whatever mail.
    assert {name: saw(packaging, name) for name in OTHERS} == got


def saw(world: World, name: str) -> int:
    return sum(WORDS in mail.text or WORDS in mail.html for mail in world.inbox(f"{name}@example.com"))
