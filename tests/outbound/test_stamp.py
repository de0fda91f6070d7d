"""What is drawn for one mail, and the envelope that it leaves in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from digest import reply_address
from digest.domain.group import Group, Member
from digest.domain.person import Address, Person
from digest.outbound.stamp import Stamp, frame
from digest.settings import Settings

NOW = datetime.fromisoformat("2026-03-31T09:00+02:00")
SETTINGS = Settings(
    mail_from="digest@example.org", reply_domain="in.example.org", secret=("a secret for tests",)
)


def stamp(settings: Settings, kind: str = "prompt") -> Stamp:
    person = Person(name="Mira", locale="de", addresses=[Address(addr_spec="mira@example.com")])
    group = Group(id=1, name="Crew", timezone="Europe/Berlin", locale="en", list_key="g-1")
    return Stamp(settings, kind, Member(id=7, person=person, group=group, link_epoch=0))


@pytest.mark.parametrize(
    ("chosen", "answering", "expected"),
    [
        (None, False, "digest@example.org"),
        (None, True, ""),
        ("fixed:bounces@example.org", False, "bounces@example.org"),
        ("fixed:bounces@example.org", True, "bounces@example.org"),
        ("verp", True, ""),
    ],
)
def test_the_envelope_sender_is_as_the_mail_server_wants_it(
    chosen: str | None, answering: bool, expected: str
) -> None:
    made = stamp(replace(SETTINGS, envelope_from=chosen))
    assert frame(made, NOW, answers_a_message=answering).envelope_from == expected


def test_with_verp_each_mail_has_an_envelope_sender_of_its_own_which_takes_no_replies() -> None:
    made = [stamp(replace(SETTINGS, envelope_from="verp")) for _ in range(2)]
    senders = [frame(one, NOW).envelope_from for one in made]
    assert senders[0] != senders[1]
    assert senders[0] == f"b-{made[0].reply_token}@in.example.org"
    assert reply_address.read(senders[0]) is None


def test_a_message_id_is_ours_and_short_and_says_nothing_of_its_member() -> None:
    made = stamp(SETTINGS)
    assert made.message_id.endswith("@example.org>")
    assert len(made.message_id) <= 70
    assert made.reply_token not in made.message_id


def test_without_a_web_address_there_are_no_links() -> None:
    assert stamp(SETTINGS).url("help", 14) is None
