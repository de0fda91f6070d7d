"""What others tried can be answered too, by its number; the group sees the answers as it sees those to questions."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.world import Mail, World

TUESDAY, ASKED, MONDAY = "2026-03-31T09:00+02:00", "2026-03-31T10:10+02:00", "2026-04-06T09:00+02:00"
TOLD, NEXT_ASKED, NEXT_ROUND = "2026-04-06T09:11+02:00", "2026-04-07T10:00+02:00", "2026-04-07T11:00+02:00"
NEXT_MONDAY = "2026-04-13T09:00+02:00"
TRIED = "Tried: two thinner foils\nDid not work: both tore"


def last(world: World, name: str) -> Mail:
    return world.last(f"{name}@example.com")


def writes(world: World, name: str, text: str, when: str = ASKED) -> None:
    world.at(when)
    assert world.reply(world.prompt(name), text) == 200
    world.tick()


def reply(world: World, name: str, text: str) -> Mail:
    """Answer the newest mail; the receipt."""
    assert world.reply(last(world, name), text) == 200
    world.tick()
    return last(world, name)


@pytest.fixture
def monday(packaging: World) -> World:
    """Emil's two foils stand in the digest as number 1."""
    packaging.at(TUESDAY)
    writes(packaging, "emil", TRIED)
    packaging.at(MONDAY)
    return packaging


def test_its_writer_hears_after_ten_minutes_and_the_group_with_the_next_question_mail(monday: World) -> None:
    digest = last(monday, "ben")
    assert "1. Emil" in digest.text
    assert "A thought on one of these? Reply with its number, like “1: your idea”." in digest.text
    receipt = reply(monday, "ben", "1: take the recycled one")
    assert "Emil gets it at 09:10, the others with the next mail of the group" in receipt.text
    assert "To number 1, from Emil: take the recycled one" in receipt.text
    monday.at(TOLD)
    told = last(monday, "emil")
    assert "Ben writes to you about what you tried" in told.text
    assert "The others see it with the next mail of the group." in told.text
    monday.at("2026-04-07T09:00+02:00")
    writes(monday, "carla", "Question: who decides on carton sizes?", NEXT_ASKED)
    monday.at(NEXT_ROUND)
    shown = last(monday, "jonas")
    assert shown.subject == "Packaging group: 1 new question, new answers"
    for words in ("1. Emil", "two thinner foils", "Ben says: take the recycled one", "Anything to add?"):
        assert words in shown.text, words
    monday.at(NEXT_MONDAY)
    assert "recycled" not in last(monday, "jonas").text  # shown once


def test_the_digest_brings_what_no_question_mail_took_along(monday: World) -> None:
    reply(monday, "ben", "1: take the recycled one")
    monday.at(TOLD)
    monday.at(NEXT_MONDAY)
    digest = last(monday, "carla")
    assert digest.subject.endswith(": new answers")
    assert "Ben says: take the recycled one" in digest.text
    receipt = reply(monday, "carla", "1: ours is 40 µm")
    assert "To number 1, from Emil" in receipt.text


def test_it_can_be_undone_and_withdrawn_like_any_answer(monday: World) -> None:
    receipt = reply(monday, "ben", "1: take the recycled one")
    assert "Your answer to number 1:" in monday.get(receipt.link("undo")).text
    assert "take the recycled one" in monday.get(receipt.link("fix")).text
    reply(monday, "ben", "undo")
    monday.at(TOLD)
    monday.at(NEXT_MONDAY)
    assert not any("recycled" in mail.text for mail in monday.inbox("emil@example.com"))
    assert "recycled" not in last(monday, "carla").text


def test_where_one_answer_has_no_name_none_has_and_order_tells_nothing(monday: World) -> None:
    reply(monday, "ben", "1: zinc foil tears less")
    reply(monday, "carla", "1: ask the warehouse\nwithout my name")
    monday.at("2026-04-06T09:12+02:00")
    to_writer = [mail for mail in monday.inbox("emil@example.com") if "ask the warehouse" in mail.text]
    assert "somebody in your group writes to you about what you tried" in to_writer[0].text
    assert "carla" not in to_writer[0].message.as_string().lower()
    monday.at(NEXT_MONDAY)
    text = last(monday, "jonas").text
    assert "Ben says" not in text
    assert "Carla says" not in text
    assert text.index("Somebody says: ask the warehouse") < text.index("Somebody says: zinc foil")


def test_who_tried_it_without_a_name_adds_without_it(packaging: World) -> None:
    packaging.at(TUESDAY)
    writes(packaging, "emil", f"{TRIED}\nwithout my name")
    packaging.at(MONDAY)
    assert "1. Somebody tried something" in last(packaging, "ben").text
    receipt = reply(packaging, "ben", "1: take the recycled one")
    assert "Whoever tried it gets it at 09:10" in receipt.text
    digest = next(m for m in reversed(packaging.inbox("emil@example.com")) if "tried something" in m.text)
    assert packaging.reply(digest, "1: both were 20 µm") == 200
    packaging.tick()
    packaging.at(TOLD)
    assert "we pass it on" in last(packaging, "emil").text
    packaging.at(NEXT_MONDAY)
    shown = last(packaging, "carla")
    assert "Whoever tried it adds: both were 20 µm" in shown.text
    assert "Ben says: take the recycled one" in shown.text
    assert "emil" not in shown.message.as_string().lower()


def test_what_was_withdrawn_takes_its_answers_along(monday: World) -> None:
    receipt = next(mail for mail in monday.inbox("emil@example.com") if "we got it" in mail.subject)
    reply(monday, "ben", "1: take the recycled one")
    monday.at(TOLD)
    assert monday.reply(receipt, "withdraw") == 200
    monday.tick()
    monday.at(NEXT_MONDAY)
    assert not any("recycled" in mail.text for mail in monday.inbox("carla@example.com"))


def test_a_part_that_stays_keeps_number_and_answers(monday: World) -> None:
    receipt = next(mail for mail in monday.inbox("emil@example.com") if "we got it" in mail.subject)
    reply(monday, "ben", "1: take the recycled one")
    fix = monday.get(receipt.link("fix")).text
    first = re.search(r'name="(withdraw-\d+)"', fix)
    assert first
    monday.press(receipt.link("fix"), act="fix", **{first[1]: "on"})
    monday.at(TOLD)
    monday.at(NEXT_MONDAY)
    digest = last(monday, "carla").text
    assert "two thinner foils" not in digest
    for words in ("1. Emil", "Did not work: both tore", "Ben says: take the recycled one"):
        assert words in digest, words


def test_a_long_answer_stands_whole_on_a_page(monday: World) -> None:
    reply(monday, "ben", "1: " + "take the recycled one, it holds. " * 40 + "That is all.")
    monday.at(TOLD)
    monday.at(NEXT_MONDAY)
    page = monday.get(last(monday, "carla").link("whole"))
    assert page.status == 200
    for words in ("Number 1, from Emil", "two thinner foils", "Ben says:", "That is all."):
        assert words in page.text, words
