""" "Without my name" after something was shown with it: its writer is told plainly what stays as it was."""

from __future__ import annotations

import pytest

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
