""" "Without my name" after something was shown with it: its writer is told plainly what stays as it was."""

from __future__ import annotations

from datetime import datetime

import pytest

from digest import clock
from digest.outbound.due import due_all
from tests.acceptance.world import World

TUESDAY, ASKED, ROUND = "2026-03-31T09:00+02:00", "2026-03-31T10:10+02:00", "2026-03-31T11:10+02:00"
SHOWN = "Before that, at 11:10, the others were shown something of it with your name."


@pytest.mark.parametrize("words", ["without my name", "Tried: another glue\nwithout my name"])
def test_what_had_been_shown_with_her_name_is_said(packaging: World, words: str) -> None:
    packaging.at(TUESDAY)
    assert packaging.reply(packaging.prompt("emil"), "Question: which glue holds below five degrees?") == 200
    packaging.at(ASKED)
    packaging.at(ROUND)
    assert packaging.reply(packaging.prompt("emil"), words) == 200
    packaging.tick()
    assert sum(SHOWN in mail.text for mail in packaging.inbox("emil@example.com")) == 1


def compose(world: World) -> None:
    """The question mails are in the outbox, and none has left."""
    clock.start_at(datetime.fromisoformat("2026-03-31T11:11+02:00"))
    assert due_all(world.database, world.settings) > 0


def test_no_name_leaves_where_the_mails_are_composed_and_none_has_left(packaging: World) -> None:
    packaging.at(TUESDAY)
    packaging.at("2026-03-31T10:10+02:00")
    assert packaging.reply(packaging.prompt("emil"), "Question: which glue holds below five degrees?") == 200
    assert packaging.reply(packaging.prompt("carla"), "Question: who has a crate to lend?") == 200
    packaging.tick()
    receipt = packaging.last("emil@example.com")
    compose(packaging)
    assert packaging.reply(receipt, "without my name") == 200
    packaging.tick()
    round_mail = packaging.last("ben@example.com")
    assert "which glue holds" in round_mail.text
    assert "crate to lend" in round_mail.text
    for name in ("Emil", "Carla"):  # hers would be the only one left, and would tell
        assert name not in round_mail.text
    assert not any("others were shown" in mail.text for mail in packaging.inbox("emil@example.com"))
