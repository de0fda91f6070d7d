"""A week of one group, through the public doors only."""

from __future__ import annotations

import pytest

from tests.acceptance.world import World

pytestmark = pytest.mark.both_databases

TUESDAY, MONDAY = "2026-03-31T09:00+02:00", "2026-04-06T09:00+02:00"


def test_a_group_lives_through_a_week(packaging: World) -> None:
    welcome = packaging.last("mira@example.com")
    assert "Dienstag" in welcome.text  # when the first prompt comes
    packaging.at(TUESDAY)
    prompt = packaging.last("mira@example.com")
    assert prompt.subject == "Packaging group, Woche 14"
    assert packaging.last("ben@example.com").subject == "Packaging group, week 14"

    text = (
        "Hallo zusammen,\n\nVersucht: den Etikettendrucker neu kalibriert.\n"
        "Nicht geklappt: Etiketten lösen sich im Kühlhaus noch immer.\n"
        "Frage: Welcher Kleber hält unter fünf Grad?\n\nViele Grüße\nMira"
    )
    assert packaging.reply(prompt, text) == 200
    packaging.tick()
    receipt = packaging.last("mira@example.com")
    assert "den Etikettendrucker neu kalibriert." in receipt.text
    assert "Welcher Kleber hält unter fünf Grad?" in receipt.text
    assert "Ben" in receipt.text
    assert "Viele Grüße" not in receipt.text

    packaging.at(MONDAY)
    digest = packaging.last("ben@example.com")
    assert digest.subject == "Packaging group, week 15: 1 open question"
    assert "Welcher Kleber hält unter fünf Grad?" in digest.text
    assert "Etiketten lösen sich im Kühlhaus noch immer." in digest.text
    assert "Mira" in digest.text
    own = packaging.last("mira@example.com")
    assert not [link for link in own.links if "/help/" in link]

    packaging.at("2026-04-06T11:00+02:00")
    help_page = packaging.get(digest.link("help"))
    assert help_page.status == 200
    assert packaging.press(digest.link("help"), via="button").status == 200
    packaging.tick()
    assert "mira@example.com" not in packaging.last("ben@example.com").text
    before = len(packaging.inbox("mira@example.com"))
    packaging.at("2026-04-06T11:11+02:00")
    introduction = packaging.last("mira@example.com")
    assert len(packaging.inbox("mira@example.com")) == before + 1
    assert introduction.reply_to == "ben@example.com"
    assert packaging.last("ben@example.com").reply_to == "mira@example.com"

    packaging.at("2026-04-13T09:00+02:00")
    assert "Ben" in packaging.last("carla@example.com").text  # somebody helps with it


def test_a_week_in_which_nobody_writes_has_no_digest(packaging: World) -> None:
    packaging.at(TUESDAY)
    count = len(packaging.inbox("ben@example.com"))
    packaging.at(MONDAY)
    assert len(packaging.inbox("ben@example.com")) == count


def test_a_tick_that_runs_twice_sends_nothing_twice(packaging: World) -> None:
    packaging.at(TUESDAY)
    for _ in range(3):
        packaging.tick()
    assert [mail.subject for mail in packaging.inbox("ben@example.com")].count(
        "Packaging group, week 14"
    ) == 1
