"""An answer is written in the mail client: it reaches who asked in ten minutes, and the whole group after that."""

from __future__ import annotations

import pytest

from tests.acceptance.world import Mail, World

TUESDAY, ASKED, ROUND = "2026-03-31T09:00+02:00", "2026-03-31T10:10+02:00", "2026-03-31T11:10+02:00"
MONDAY = "2026-04-06T09:00+02:00"
QUESTION = "Question: which glue holds below five degrees?"


def asked(world: World, name: str, text: str, when: str = ASKED) -> None:
    world.at(when)
    assert world.reply(world.prompt(name), text) == 200
    world.tick()


def last(world: World, name: str) -> Mail:
    return world.last(f"{name}@example.com")


def reply(world: World, name: str, text: str) -> None:
    assert world.reply(last(world, name), text) == 200
    world.tick()


@pytest.fixture
def going_round(packaging: World) -> World:
    """Emil's question is with the others."""
    packaging.at(TUESDAY)
    asked(packaging, "emil", QUESTION)
    packaging.at(ROUND)
    return packaging


@pytest.mark.parametrize("text", ["1: try the blue one", "try the blue one", "We use the blue one."])
def test_an_answer_reaches_its_asker_after_ten_minutes_and_the_group_with_the_next_mail(
    going_round: World, text: str
) -> None:
    reply(going_round, "ben", text)
    receipt = last(going_round, "ben")
    assert "Emil gets it at 11:20, the others with the next mail of the group" in receipt.text
    assert "blue one" not in last(going_round, "emil").text
    going_round.at("2026-03-31T11:21+02:00")
    told = last(going_round, "emil")
    assert told.subject == "Packaging group: about question 1"
    assert "Ben has an answer to your question" in told.text
    assert "blue one" in told.text
    assert told.reply_to == "ben@example.com"
    going_round.tick()
    assert [mail.subject for mail in going_round.inbox("emil@example.com")].count(told.subject) == 1
    going_round.at(MONDAY)
    assert "Ben says:" in last(going_round, "carla").text
    assert "blue one" in last(going_round, "carla").text


def test_an_answer_can_be_taken_back_unseen_for_ten_minutes_and_withdrawn_after(going_round: World) -> None:
    reply(going_round, "ben", "1: try the blue one")
    reply(going_round, "ben", "undo")
    going_round.at("2026-03-31T11:25+02:00")
    assert "blue one" not in last(going_round, "emil").text
    going_round.reply(going_round.inbox("carla@example.com")[-1], "1: ask the cold store")
    going_round.tick()
    receipt = last(going_round, "carla")
    going_round.at("2026-03-31T11:40+02:00")
    assert "ask the cold store" in last(going_round, "emil").text
    assert going_round.reply(receipt, "undo") == 200
    going_round.tick()
    assert "at 11:40" in last(going_round, "carla").text  # it had gone out; it is withdrawn
    going_round.at(MONDAY)
    assert "ask the cold store" not in last(going_round, "ben").text


def test_answers_ride_along_with_the_next_question_mail(going_round: World) -> None:
    reply(going_round, "ben", "1: try the blue one")
    asked(going_round, "carla", "Question: who decides on carton sizes?", "2026-03-31T12:00+02:00")
    going_round.at("2026-03-31T13:00+02:00")
    mail = last(going_round, "jonas")
    assert mail.subject == "Packaging group: 1 new question, new answers"
    assert "Ben says: try the blue one" in mail.text
    assert "Anything to add?" in mail.text


def test_where_several_are_open_an_answer_without_a_number_is_asked_back(going_round: World) -> None:
    asked(going_round, "carla", "Question: who decides on carton sizes?", "2026-03-31T12:00+02:00")
    going_round.at("2026-03-31T13:00+02:00")
    reply(going_round, "ben", "try the blue one")
    assert "which question do you mean" in last(going_round, "ben").subject
    reply(going_round, "jonas", "Tried: another foil\nDid not work: it tore")
    assert "we got it" in last(going_round, "jonas").subject


def test_who_asked_without_a_name_is_answered_through_us_and_answers_so(packaging: World) -> None:
    packaging.at(TUESDAY)
    asked(packaging, "emil", f"{QUESTION}\nwithout my name")
    packaging.at(ROUND)
    reply(packaging, "ben", "1: try the blue one")
    assert "Whoever asked gets it at 11:20" in last(packaging, "ben").text
    packaging.at("2026-03-31T11:21+02:00")
    told = last(packaging, "emil")
    assert "Ben has an answer" in told.text
    assert "ben@example.com" not in told.message.as_string()
    reply(packaging, "emil", "Thank you. Where do you buy it?")
    assert "Ben gets it at 11:31, and nobody else." in last(packaging, "emil").text
    packaging.at("2026-03-31T11:32+02:00")
    passed_on = last(packaging, "ben")
    assert "whoever asked question 1 writes back to you" in passed_on.text
    assert "Where do you buy it?" in passed_on.text
    assert "emil" not in passed_on.message.as_string().lower()
    assert str(told.message["References"]).strip() != str(passed_on.message["References"]).strip()
    reply(packaging, "ben", "In the shop around the corner.")
    packaging.at("2026-03-31T11:43+02:00")
    assert "In the shop around the corner." in last(packaging, "emil").text
    packaging.at(MONDAY)
    digest = last(packaging, "carla")
    assert "try the blue one" in digest.text
    assert "corner" not in digest.text
    assert "Where do you buy it?" not in digest.text
    exported = packaging.done("export", "Packaging group")
    assert "corner" not in exported
    assert "emil@example.com" not in exported.partition('"replies"')[0]


def test_an_offer_to_who_has_no_name_is_passed_on_too(packaging: World) -> None:
    packaging.at(TUESDAY)
    asked(packaging, "emil", f"{QUESTION}\nwithout my name")
    packaging.at(ROUND)
    reply(packaging, "ben", "help 1")
    packaging.at("2026-03-31T11:21+02:00")
    to_helper, to_asker = last(packaging, "ben"), last(packaging, "emil")
    assert "emil" not in to_helper.message.as_string().lower()
    assert "ben@example.com" not in to_asker.message.as_string()
    reply(packaging, "ben", "Shall I come over?")
    packaging.at("2026-03-31T11:32+02:00")
    assert "Shall I come over?" in last(packaging, "emil").text
