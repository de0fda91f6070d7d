"""However a thing is said, by link or by reply, and however often: it counts once; and what several say at once counts
for each of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from digest.domain.questions.question import HelpOffer, Question
from tests.acceptance.world import Mail, World, reply_bytes

pytestmark = pytest.mark.both_databases

TUESDAY, ASKED, ROUND = "2026-03-31T09:00+02:00", "2026-03-31T10:10+02:00", "2026-03-31T11:10+02:00"
CLICKED, TOLD, ASKED_AFTER = "2026-03-31T11:20+02:00", "2026-03-31T11:31+02:00", "2026-04-03T11:32+02:00"
MONDAY = "2026-04-06T09:00+02:00"
EMIL = "emil@example.com"


@pytest.fixture
def going_round(packaging: World) -> World:
    """Emil's question has been with the others for ten minutes."""
    packaging.at(TUESDAY)
    packaging.at(ASKED)
    packaging.reply(packaging.prompt("emil"), "Question: which glue holds below five degrees?")
    packaging.tick()
    packaging.at(ROUND)
    packaging.at(CLICKED)
    return packaging


def asked(world: World, name: str) -> Mail:
    mails = world.inbox(f"{name}@example.com")
    return next(mail for mail in mails if any("/help/" in link for link in mail.links))


def click(world: World, name: str) -> None:
    assert world.press(asked(world, name).link("help"), via="button").status == 200


def say_help(world: World, name: str) -> None:
    assert world.reply(asked(world, name), "help 1") == 200


def offers(world: World) -> list[tuple[str, str]]:
    with world.database.reading() as session:
        made = session.scalars(select(HelpOffer).order_by(HelpOffer.member_id))
        return [(offer.member.name, offer.state) for offer in made]


def about_question(world: World, address: str) -> list[Mail]:
    return [mail for mail in world.inbox(address) if mail.subject == "Packaging group: about question 1"]


def test_click_reply_and_click_again_are_one_offer(going_round: World) -> None:
    ways = (click, say_help, click, say_help)
    for way in ways:
        way(going_round, "ben")
        going_round.tick()
    assert offers(going_round) == [("Ben", "quiet")]
    going_round.at(TOLD)
    for way in ways:
        way(going_round, "ben")
        going_round.tick()
    going_round.at("2026-03-31T12:00+02:00")
    assert offers(going_round) == [("Ben", "told")]
    assert len(about_question(going_round, EMIL)) == 1
    assert len(about_question(going_round, "ben@example.com")) == 1
    going_round.at(MONDAY)
    assert going_round.last("carla@example.com").text.count("Ben may be able to help") == 1


def test_an_answer_that_is_delivered_again_and_a_question_that_is_closed_again_count_once(
    going_round: World,
) -> None:
    copy = asked(going_round, "ben")
    raw = reply_bytes(copy, "1: try the blue one")
    for _ in range(3):
        assert going_round.post(raw, copy.reply_to, copy.to) == 200
    going_round.tick()
    going_round.at(TOLD)
    assert len(about_question(going_round, EMIL)) == 1
    going_round.at(ASKED_AFTER)
    did_it_help = going_round.last(EMIL)
    going_round.at("2026-04-03T11:50+02:00")
    going_round.press(did_it_help.link("solved"), act="solved", take_away="the blue one holds")
    (first,) = closings(going_round)
    going_round.reply(did_it_help, "Yes, the red one does not.")
    going_round.tick()
    going_round.press(did_it_help.link("solved"), act="solved", take_away="the green one too")
    assert closings(going_round) == [first]
    going_round.at(MONDAY)
    digest = going_round.last("carla@example.com")
    assert digest.text.count("the blue one holds") == 1
    assert digest.text.count("Thank you, Ben.") == 1
    assert not any(words in digest.text for words in ("red one", "green one"))


def closings(world: World) -> list[tuple[object, ...]]:
    with world.database.reading() as session:
        return [(q.state, q.closed_at, q.take_away) for q in session.scalars(select(Question))]


def test_three_who_help_at_the_same_second_by_link_and_by_reply_all_count(going_round: World) -> None:
    start = Barrier(3)

    def at_once(way: Callable[[World, str], None], name: str) -> None:
        start.wait()
        way(going_round, name)

    ways = {"ben": click, "carla": say_help, "jonas": click}
    with ThreadPoolExecutor(3) as people:
        for done in [people.submit(at_once, way, name) for name, way in ways.items()]:
            done.result()
    going_round.tick_at_once(2)
    assert offers(going_round) == [(name, "quiet") for name in ("Jonas", "Ben", "Carla")]
    going_round.at(TOLD)
    introductions = about_question(going_round, EMIL)
    assert len(introductions) == 3
    assert len({str(mail.message["References"]) for mail in introductions}) == 1, "one thread"
    assert all(len(about_question(going_round, f"{name}@example.com")) == 1 for name in ways)
