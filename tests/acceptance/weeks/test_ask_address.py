"""A question can be asked at any time, by an address that stands at the foot of each mail."""

from __future__ import annotations

import email.policy
import re
from email.message import EmailMessage

from sqlalchemy import select

from digest.domain.mails.record import OutboundMessage
from tests.acceptance.world import World

TUESDAY = "2026-03-31T09:00+02:00"
ADDRESS = re.compile(r"a-[a-z2-7]{26}@in\.example\.org")


def write(world: World, to: str, sender: str, text: str) -> None:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, "A question"
    message.set_content(text)
    assert world.post(message.as_bytes(), to, sender) == 200
    world.tick()


def address_of(world: World, name: str) -> str:
    (address,) = {
        found for mail in world.inbox(f"{name}@example.com") for found in ADDRESS.findall(mail.text)
    }
    return address


def test_each_member_has_one_address_of_her_own_in_all_her_mails(packaging: World) -> None:
    packaging.at(TUESDAY)
    addresses = {address_of(packaging, name) for name in ("jonas", "mira", "ben", "carla", "emil")}
    assert len(addresses) == 5
    for mail in packaging.inbox("ben@example.com")[1:]:
        assert len(ADDRESS.findall(mail.text)) == 1, mail.subject
        assert len(ADDRESS.findall(mail.html)) == 1, mail.subject


def test_what_is_written_to_it_is_asked_and_goes_round_the_same_day(packaging: World) -> None:
    packaging.at("2026-04-02T10:10+02:00")
    packaging.at("2026-04-08T10:10+02:00")
    write(
        packaging, address_of(packaging, "emil").upper(), "emil@example.com", "A glue for below five degrees"
    )
    receipt = packaging.last("emil@example.com")
    assert "You ask, with your name: A glue for below five degrees" in receipt.text
    assert "at 11:10" in receipt.text
    packaging.at("2026-04-08T11:10+02:00")
    assert "Emil asks" in packaging.last("ben@example.com").text


def test_an_answer_by_number_can_be_written_to_it_too(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, address_of(packaging, "emil"), "emil@example.com", "Which glue holds?")
    packaging.at("2026-03-31T10:01+02:00")
    write(packaging, address_of(packaging, "ben"), "ben@example.com", "To question 1: the blue one")
    assert "Emil gets it" in packaging.last("ben@example.com").text


def test_from_somebody_else_it_asks_nothing_and_its_member_is_told(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, address_of(packaging, "emil"), "ben@example.com", "Which glue holds?")
    packaging.at("2026-03-31T10:01+02:00")
    assert "Which glue holds?" not in packaging.last("carla@example.com").text
    assert "ben@example.com" in packaging.last("emil@example.com").text


def test_only_its_hash_is_kept(packaging: World) -> None:
    packaging.at(TUESDAY)
    token = address_of(packaging, "emil").partition("@")[0].removeprefix("a-")
    with packaging.database.reading() as session:
        rows = session.scalars(select(OutboundMessage).where(OutboundMessage.kind == "ask")).all()
    assert len(rows) == 5
    assert not any(token in repr(vars(row)) for row in rows)
