"""A reply counts where its address and its author fit; everything else is held, and its member asked, never lost."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from digest.domain.mails.record import InboundMessage
from digest.inbound.sender.verdict import sender_check
from tests.acceptance.world import Mail, World, reply_bytes

TUESDAY = "2026-03-31T09:00+02:00"
ELSEWHERE = "ben@home.example"
BEN = "ben@example.com"


def last_message(world: World) -> InboundMessage:
    with world.database.reading() as session:
        return session.scalars(select(InboundMessage).order_by(InboundMessage.id.desc()).limit(1)).one()


def prompted(world: World) -> Mail:
    world.at(TUESDAY)
    return world.prompt("ben")


def asked(world: World, text: str = "Tried: the other glue", sender: str = ELSEWHERE) -> Mail:
    """The question that Ben is asked after such a reply."""
    world.reply(prompted(world), text, sender=sender)
    world.tick()
    question = world.last(BEN)
    assert question.subject == "Packaging group: was this you?"
    return question


def test_the_known_address_is_asked_once_and_nobody_else_hears_of_it(packaging: World) -> None:
    question = asked(packaging)
    assert ELSEWHERE in question.text
    assert "the other glue" not in question.text
    packaging.tick()
    assert [mail.subject for mail in packaging.inbox(BEN)].count(question.subject) == 1
    assert packaging.inbox(ELSEWHERE) == []
    assert (last_message(packaging).state, last_message(packaging).reason) == ("held", "sender-unknown")


def test_yes_by_reply_admits_that_one_message_and_remembers_nothing(packaging: World) -> None:
    packaging.reply(asked(packaging), "yes")
    packaging.tick()
    assert "the other glue" in packaging.last(BEN).text, "the receipt"
    packaging.reply(packaging.prompt("ben"), "Tried: a third glue", sender=ELSEWHERE)
    packaging.tick()
    assert "was this you?" in packaging.last(BEN).subject


def test_yes_from_the_unknown_address_admits_nothing(packaging: World) -> None:
    packaging.reply(asked(packaging), "yes", sender=ELSEWHERE)
    packaging.tick()
    with packaging.database.reading() as session:
        states = session.scalars(
            select(InboundMessage.state).where(InboundMessage.from_address == ELSEWHERE)
        ).all()
    assert states == ["held", "held"]


def test_the_page_shows_it_and_can_remember_the_address(packaging: World) -> None:
    link = asked(packaging).link("fix")
    shown = packaging.get(link).text
    assert "the other glue" in shown
    assert ELSEWHERE in shown
    told = packaging.press(link, act="mine_and_address").text
    assert f"From now on we know {ELSEWHERE} as yours." in told
    packaging.tick()
    assert "the other glue" in packaging.last(BEN).text
    packaging.reply(packaging.prompt("ben"), "Tried: a third glue", sender=ELSEWHERE)
    packaging.tick()
    assert "a third glue" in packaging.last(BEN).text, "a receipt, and it goes to the address that we know"
    assert packaging.inbox(ELSEWHERE) == []


def test_an_address_that_is_somebody_elses_stays_hers(packaging: World) -> None:
    link = asked(packaging, sender="carla@example.com").link("fix")
    told = packaging.press(link, act="mine_and_address").text
    assert "It counts now." in told
    assert "From now on" not in told
    packaging.reply(packaging.prompt("ben"), "Tried: a third glue", sender="carla@example.com")
    packaging.tick()
    assert "was this you?" in packaging.last(BEN).subject


def test_the_questions_of_a_day_are_few_however_many_strangers_write(packaging: World) -> None:
    prompt = prompted(packaging)
    for number in range(30):
        packaging.reply(prompt, f"Tried: glue {number}", sender=f"stranger{number}@evil.example")
    packaging.tick()
    questions = [mail for mail in packaging.inbox(BEN) if "was this you?" in mail.subject]
    assert len(questions) == 5
    with packaging.database.reading() as session:
        kept = session.scalars(select(InboundMessage).where(InboundMessage.reason == "sender-unknown")).all()
    assert len(kept) == 30, "none is lost"


# What is known about the sender

FAILED = "Authentication-Results: mx.example.org; dmarc=fail (p=reject) header.from=example.com\r\n"


def unproved(world: World, text: str = "Tried: the other glue", field: str = FAILED) -> Mail:
    """What Ben gets after a message in his name of which his domain's proof failed."""
    world.settings = replace(world.settings, authserv_id="mx.example.org")
    world.post(field.encode() + reply_bytes(prompted(world), text), world.prompt("ben").reply_to, BEN)
    world.tick()
    return world.last(BEN)


def test_a_message_whose_proof_failed_is_held_and_its_member_asked(packaging: World) -> None:
    question = unproved(packaging)
    assert question.subject == "Packaging group: was this you?"
    assert "could not prove" in question.text
    assert last_message(packaging).reason == "sender-unproved"
    shown = packaging.get(question.link("fix")).text
    assert "could not prove" in shown
    assert "mine_and_address" not in shown, "it is her address already"


def test_her_yes_counts_although_her_own_mail_cannot_be_proved_either(packaging: World) -> None:
    question = unproved(packaging)
    packaging.post(FAILED.encode() + reply_bytes(question, "yes"), question.reply_to, BEN)
    packaging.tick()
    assert "the other glue" in packaging.last(BEN).text
    held = packaging.post(FAILED.encode() + reply_bytes(question, "Tried: more"), question.reply_to, BEN)
    packaging.tick()
    assert held == 200
    assert last_message(packaging).reason == "sender-unproved", "only a yes needs no proof"


def test_a_forged_field_of_another_server_is_ignored(packaging: World) -> None:
    receipt = unproved(packaging, field=FAILED.replace("mx.example.org", "mx.evil.example"))
    assert "the other glue" in receipt.text


def test_without_a_trusted_server_nothing_is_held_against_anybody(packaging: World) -> None:
    assert sender_check(packaging.settings).authserv_id is None
    prompt = prompted(packaging)
    packaging.post(FAILED.encode() + reply_bytes(prompt, "Tried: the other glue"), prompt.reply_to, BEN)
    packaging.tick()
    assert "the other glue" in packaging.last(BEN).text
