"""Undo at any point between composing, sending and a retry: nobody sees it, or it is said that it had gone out."""

from __future__ import annotations

from datetime import datetime

import pytest

from digest import clock
from digest.outbound.due import due_all
from tests.acceptance.world import Mail, World

TUESDAY, ASKED, ROUND = "2026-03-31T09:00+02:00", "2026-03-31T10:10+02:00", "2026-03-31T11:10+02:00"
LATER, MONDAY = "2026-03-31T11:30+02:00", "2026-04-06T09:00+02:00"
NAMES = ("jonas", "mira", "ben", "carla", "emil")
LATER_TODAY = "451 4.7.1 greylisted, please come back"
QUESTION = "Question: which glue holds below five degrees?"


def asks(world: World, name: str, text: str, when: str = ASKED) -> Mail:
    """The receipt."""
    world.at(when)
    assert world.reply(world.prompt(name), text) == 200
    world.tick()
    return world.last(f"{name}@example.com")


def defer(world: World, *names: str) -> None:
    for name in names:
        world.smtp_server.refuse("RCPT", LATER_TODAY, address=f"{name}@example.com", times=1)


def takes_back(world: World, receipt: Mail) -> str:
    """What the service says to "undo"."""
    assert world.reply(receipt, "undo") == 200
    world.tick()
    return world.last(receipt.to).text


def seen_by(world: World, words: str) -> set[str]:
    """Who was sent a mail with these words, the writer of them aside."""
    inboxes = {name: world.inbox(f"{name}@example.com") for name in NAMES if name != "emil"}
    return {name for name, mails in inboxes.items() if any(words in mail.text for mail in mails)}


@pytest.fixture
def tuesday(packaging: World) -> World:
    packaging.at(TUESDAY)
    return packaging


def test_a_question_in_mails_of_which_none_has_left_is_taken_back_unseen(tuesday: World) -> None:
    receipt = asks(tuesday, "emil", QUESTION)
    defer(tuesday, "jonas", "mira", "ben", "carla")
    tuesday.at(ROUND)
    assert seen_by(tuesday, "which glue") == set()
    assert "nobody else has seen it" in takes_back(tuesday, receipt)
    tuesday.at(LATER)
    tuesday.at(MONDAY)
    assert seen_by(tuesday, "which glue") == set()


def test_mails_that_are_composed_and_not_sent_count_as_not_left(tuesday: World) -> None:
    receipt = asks(tuesday, "emil", QUESTION)
    asks(tuesday, "carla", "Question: who decides on carton sizes?", "2026-03-31T10:20+02:00")
    clock.start_at(datetime.fromisoformat(ROUND))
    assert due_all(tuesday.database, tuesday.settings) == 5  # a worker that dies before it sends
    assert "nobody else has seen it" in takes_back(tuesday, receipt)
    assert seen_by(tuesday, "which glue") == set()
    assert seen_by(tuesday, "carton sizes") >= {"ben", "jonas", "mira"}


def test_what_had_gone_out_to_one_is_withdrawn_and_goes_to_nobody_else(tuesday: World) -> None:
    receipt = asks(tuesday, "emil", QUESTION)
    asks(tuesday, "carla", "Question: who decides on carton sizes?", "2026-03-31T10:20+02:00")
    defer(tuesday, "jonas", "mira", "carla")
    tuesday.at(ROUND)
    assert seen_by(tuesday, "which glue") == {"ben"}
    assert "11:10" in takes_back(tuesday, receipt)  # it had gone out, and is withdrawn
    tuesday.at(LATER)
    assert seen_by(tuesday, "which glue") == {"ben"}
    assert seen_by(tuesday, "carton sizes") >= {"jonas", "mira", "ben"}
    questions = [mail for mail in tuesday.inbox("jonas@example.com") if "new question" in mail.subject]
    assert [mail.subject for mail in questions] == ["Packaging group: 1 new question"]


def test_an_entry_leaves_a_digest_that_waits_for_its_retry(tuesday: World) -> None:
    receipt = asks(tuesday, "emil", "Tried: a thinner foil\nDid not work: it tore")
    asks(tuesday, "carla", "Tried: a blue label", "2026-03-31T10:20+02:00")
    defer(tuesday, *NAMES)
    tuesday.at(MONDAY)
    assert "nobody else has seen it" in takes_back(tuesday, receipt)
    tuesday.at("2026-04-06T09:30+02:00")
    assert seen_by(tuesday, "thinner foil") == set()
    assert seen_by(tuesday, "blue label") >= {"jonas", "mira", "ben"}


def test_an_answer_whose_mail_has_not_left_is_taken_back_unseen(tuesday: World) -> None:
    asks(tuesday, "emil", QUESTION)
    tuesday.at(ROUND)
    assert tuesday.reply(tuesday.last("ben@example.com"), "1: try the blue one") == 200
    tuesday.tick()
    receipt = tuesday.last("ben@example.com")
    defer(tuesday, "emil")
    tuesday.at("2026-03-31T11:21+02:00")
    assert "nobody else has seen it" in takes_back(tuesday, receipt)
    tuesday.at(LATER)
    tuesday.at(MONDAY)
    assert not any("blue one" in mail.text for mail in tuesday.inbox("emil@example.com"))
    tuesday.at("2026-04-07T12:00+02:00")  # a week after it went round: nobody asks whether that helped
    assert not any("did it help" in mail.subject for mail in tuesday.inbox("emil@example.com"))


def test_an_offer_whose_mails_have_not_left_is_taken_back_unheard(tuesday: World) -> None:
    asks(tuesday, "emil", QUESTION)
    tuesday.at(ROUND)
    assert tuesday.reply(tuesday.last("ben@example.com"), "help 1") == 200
    tuesday.tick()
    offered = tuesday.last("ben@example.com")
    defer(tuesday, "emil", "ben")
    tuesday.at("2026-03-31T11:21+02:00")
    takes_back(tuesday, offered)
    tuesday.at(LATER)
    assert not any(
        "Ben" in mail.text for mail in tuesday.inbox("emil@example.com") if "question 1" in mail.subject
    )
