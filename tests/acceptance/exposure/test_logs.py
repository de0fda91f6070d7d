"""A whole week with every logger of every library at its most talkative: no word, name, address or token of anybody."""

from __future__ import annotations

import pytest

from digest.inbound.filing import by_intent as filing
from tests.acceptance.world import World
from tests.parts.log import Log

WORDS = ("Quokka", "Wombat", "Numbat", "Bilby")


def test_a_week_leaves_nothing_of_anybody_in_the_log(
    packaging: World, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaging.at("2026-03-31T09:00+02:00")
    packaging.reply(packaging.prompt("mira"), "Tried: the Quokka glue\n\nQuestion: which Wombat holds?")
    packaging.reply(packaging.prompt("ben"), "Tried: a Numbat", sender="stranger@evil.example")
    packaging.post(b"Subject: Bilby\r\n\r\nBilby", "r-" + "a" * 26 + "@in.example.org", "ben@example.com")
    packaging.at("2026-03-31T12:00+02:00")
    packaging.smtp_server.refuse(
        "RCPT", "550 5.1.1 <emil@example.com> is unknown", address="emil@example.com"
    )
    packaging.at("2026-04-06T09:00+02:00")
    digest = packaging.last("carla@example.com")
    for link in digest.links:
        packaging.get(link)
        packaging.get(link + "x")
    with monkeypatch.context() as broken:
        broken.setattr(filing, "file_all", _fail)
        packaging.reply(packaging.prompt("carla"), "Did not work: the Bilby")
        packaging.tick()
    packaging.tick()
    written = log.text
    assert "could not be filed" in written, "there is something in it"
    tokens = [link.rpartition("/")[2][8:] for link in digest.links] + [digest.reply_to.partition("@")[0][8:]]
    names = ("Mira", "Carla", "mira@", "ben@", "carla@", "emil@", "stranger@", "example.com", "evil.example")
    assert [secret for secret in (*WORDS, *names, *tokens) if secret in written] == []


def _fail(*_: object) -> None:
    raise ValueError(f"the {WORDS[3]} of carla@example.com")
