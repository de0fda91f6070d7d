"""Nobody is left over: whoever asked is asked whether it helped, and a question that stays open is looked after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from digest import clock
from digest.domain.groups.group import Group
from tests.acceptance.world import Mail, World

TUESDAY, ASKED, ROUND = "2026-03-31T09:00+02:00", "2026-03-31T10:10+02:00", "2026-03-31T11:10+02:00"
QUESTION = "Question: which glue holds below five degrees?"


def going_round(world: World, text: str = QUESTION) -> World:
    world.at(TUESDAY)
    world.at(ASKED)
    assert world.reply(world.prompt("emil"), text) == 200
    world.tick()
    world.at(ROUND)
    return world


def helped(world: World, text: str = QUESTION) -> World:
    """Ben has answered on Tuesday; on Friday Emil is asked."""
    going_round(world, text)
    assert world.reply(last(world, "ben"), "1: try the blue one") == 200
    world.tick()
    world.at("2026-03-31T11:21+02:00")
    world.at("2026-04-03T11:22+02:00")
    return world


def last(world: World, name: str) -> Mail:
    return world.last(f"{name}@example.com")


def reply(world: World, name: str, text: str) -> None:
    assert world.reply(last(world, name), text) == 200
    world.tick()


def subjects(world: World, name: str) -> list[str]:
    return [mail.subject for mail in world.inbox(f"{name}@example.com")]


def test_three_days_after_an_answer_its_asker_is_asked_once(packaging: World) -> None:
    helped(packaging)
    mail = last(packaging, "emil")
    assert mail.subject == "Packaging group: did it help with 1?"
    assert "/solved/" in mail.link("solved")
    packaging.at("2026-04-20T12:00+02:00")
    assert subjects(packaging, "emil").count(mail.subject) == 1
    assert mail.subject not in subjects(packaging, "ben")


@pytest.mark.parametrize("text", ["Yes, ask the cold store first.", "Ask the cold store first."])
def test_yes_closes_it_with_thanks_and_the_digest_shows_her_line(packaging: World, text: str) -> None:
    helped(packaging)
    reply(packaging, "emil", text)
    assert "Question 1 is solved" in last(packaging, "emil").text
    packaging.at("2026-04-06T09:00+02:00")
    digest = last(packaging, "carla")
    assert "1 solved" in digest.subject
    assert "Thank you, Ben." in digest.text
    assert "sk the cold store first." in digest.text
    assert "Emil takes away:" in digest.text


def test_the_page_does_the_same_and_twice_is_once(packaging: World) -> None:
    helped(packaging)
    link = last(packaging, "emil").link("solved")
    clock.start_at(clock.now() + timedelta(minutes=2))  # nobody reads, follows the link and presses in one
    assert "did it help?" in packaging.get(link).text
    for _ in range(2):
        assert packaging.press(link, act="solved", take_away="ask the cold store").status == 200
    packaging.at("2026-04-06T09:00+02:00")
    assert last(packaging, "carla").text.count("ask the cold store") == 1


@pytest.mark.parametrize("text", ["not yet", "Not yet, it froze.", "Noch nicht"])
def test_not_yet_leaves_it_open(packaging: World, text: str) -> None:
    helped(packaging)
    reply(packaging, "emil", text)
    assert "stays open" in last(packaging, "emil").text
    packaging.at("2026-04-06T09:00+02:00")
    assert "1 open question" in last(packaging, "carla").subject


def test_what_was_closed_too_early_is_opened_by_one_word(packaging: World) -> None:
    helped(packaging)
    reply(packaging, "emil", "It is cold in there.")
    reply(packaging, "emil", "not yet")
    packaging.at("2026-04-06T09:00+02:00")
    digest = last(packaging, "carla")
    assert "1 open question" in digest.subject
    assert "cold in there" not in digest.text


def test_a_question_that_nobody_knows_is_sharpened_and_closed_kindly(packaging: World) -> None:
    going_round(packaging)
    packaging.at("2026-04-07T11:11+02:00")
    packaging.at("2026-04-14T11:11+02:00")
    assert "your question 1" in last(packaging, "emil").subject
    assert "two weeks old" in last(packaging, "jonas").subject
    assert "Emil asked it." in last(packaging, "jonas").text
    packaging.at("2026-04-28T11:11+02:00")
    closed = last(packaging, "emil")
    assert closed.subject == "Packaging group: question 1 is closed"
    assert "ask it again whenever you like" in closed.text
    assert "which glue" not in "".join(mail.text for mail in packaging.inbox("ben@example.com")[-1:])
    packaging.at("2026-06-30T12:00+02:00")
    assert subjects(packaging, "emil").count(closed.subject) == 1


def test_the_facilitator_is_not_told_who_asked_without_a_name(packaging: World) -> None:
    going_round(packaging, f"{QUESTION}\nwithout my name")
    packaging.at("2026-04-07T11:11+02:00")
    packaging.at("2026-04-14T11:11+02:00")
    hint = last(packaging, "jonas")
    assert "two weeks old" in hint.subject
    assert "emil" not in hint.message.as_string().lower()
    assert "we do not say whose it is" in hint.text


def test_where_the_group_wants_it_two_are_asked_by_name_after_a_week(packaging: World) -> None:
    with packaging.database.transaction() as session:
        group = session.scalars(select(Group)).one()
        group.offers_old_questions = True
        ben = next(member for member in group.members if member.name == "Ben")
        ben.last_asked_at = clock.now()
    going_round(packaging)
    packaging.at("2026-04-07T11:11+02:00")
    asked = [
        name
        for name in ("jonas", "mira", "ben", "carla", "emil")
        if any("1?" in subject and "help" in subject.lower() for subject in subjects(packaging, name))
        or any("helfen" in subject for subject in subjects(packaging, name))
    ]
    assert asked == ["jonas", "mira"]
    assert "Emil would like to know:" in last(packaging, "jonas").text
    assert packaging.press(last(packaging, "jonas").link("help"), via="button").status == 200


def test_a_question_without_a_name_is_offered_to_nobody(packaging: World) -> None:
    with packaging.database.transaction() as session:
        session.scalars(select(Group)).one().offers_old_questions = True
    going_round(packaging, f"{QUESTION}\nwithout my name")
    packaging.at("2026-04-07T11:11+02:00")
    assert not any("could you help" in subject for subject in subjects(packaging, "jonas"))
