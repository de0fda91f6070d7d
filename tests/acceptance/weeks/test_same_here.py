""" "Same here": its asker alone hears that somebody has the question too, without a name; it is no offer."""

from __future__ import annotations

import pytest

from tests.acceptance.world import Mail, World

TUESDAY, ASKED, ROUND = "2026-03-31T09:00+02:00", "2026-03-31T10:10+02:00", "2026-03-31T11:10+02:00"
MONDAY = "2026-04-06T09:00+02:00"
QUESTION = "Question: which glue holds below five degrees?"
NAMES = ("jonas", "mira", "ben", "carla")


def last(world: World, name: str) -> Mail:
    return world.last(f"{name}@example.com")


def reply(world: World, name: str, text: str) -> Mail:
    """Answer the newest mail; what comes back."""
    assert world.reply(last(world, name), text) == 200
    world.tick()
    return last(world, name)


def told(world: World, name: str = "emil") -> list[Mail]:
    return [mail for mail in world.inbox(f"{name}@example.com") if "not the only one" in mail.text]


@pytest.fixture
def going_round(packaging: World) -> World:
    """Emil's question is with the others."""
    packaging.at(TUESDAY)
    assert packaging.reply(packaging.prompt("emil"), QUESTION) == 200
    packaging.at(ASKED)
    packaging.at(ROUND)
    return packaging


@pytest.mark.parametrize(
    "text", ["same 1", "+1 1", "Me too, 1", "1: same here", "same here", "geht mir auch so"]
)
def test_its_asker_is_told_after_ten_minutes_and_nobody_else(going_round: World, text: str) -> None:
    noted = reply(going_round, "ben", text)
    assert "Emil is told that one more has question 1, and not who: at 11:20 at the earliest." in noted.text
    going_round.at("2026-03-31T11:19+02:00")
    assert told(going_round) == []
    going_round.at("2026-03-31T11:21+02:00")
    (mail,) = told(going_round)
    assert "1 more in your group has your question, number 1" in mail.text
    assert "ben" not in mail.message.as_string().lower()
    going_round.at(MONDAY)
    for name in NAMES:
        assert "same" not in last(going_round, name).text.lower()
    assert "Ben may be able to help" not in last(going_round, "carla").text
    assert len(told(going_round)) == 1


def test_several_are_told_in_one_mail(going_round: World) -> None:
    reply(going_round, "ben", "same 1")
    going_round.at("2026-03-31T11:15+02:00")
    reply(going_round, "carla", "same 1")
    going_round.at("2026-03-31T11:21+02:00")
    assert told(going_round) == []  # the other's ten minutes still run
    going_round.at("2026-03-31T11:26+02:00")
    (mail,) = told(going_round)
    assert "2 more in your group have your question" in mail.text


def test_said_twice_it_is_told_once(going_round: World) -> None:
    going_round.reply(last(going_round, "ben"), "same 1")
    going_round.reply(last(going_round, "ben"), "me too 1")
    going_round.tick()
    going_round.at("2026-03-31T11:21+02:00")
    going_round.reply(going_round.inbox("ben@example.com")[-1], "1: same here")
    going_round.tick()
    going_round.at(MONDAY)
    assert len(told(going_round)) == 1


def test_it_can_be_taken_back_until_then_and_not_after(going_round: World) -> None:
    noted = reply(going_round, "ben", "same 1")
    assert "We took it back" in reply(going_round, "ben", "undo").text
    going_round.at("2026-03-31T11:30+02:00")
    assert told(going_round) == []
    carla = reply(going_round, "carla", "same 1")
    going_round.at("2026-03-31T11:41+02:00")
    assert len(told(going_round)) == 1
    assert going_round.reply(carla, "undo") == 200
    going_round.tick()
    assert "Your name is not with it." in last(going_round, "carla").text
    assert going_round.reply(noted, "same 1") == 200  # once more, after all
    going_round.tick()
    going_round.at("2026-03-31T12:00+02:00")
    assert len(told(going_round)) == 2


def test_who_asked_without_a_name_stays_unknown_and_hears_it(packaging: World) -> None:
    packaging.at(TUESDAY)
    packaging.reply(packaging.prompt("emil"), f"{QUESTION}\nwithout my name")
    packaging.at(ASKED)
    packaging.at(ROUND)
    noted = reply(packaging, "ben", "same 1")
    assert "Whoever asked is told" in noted.text
    assert "emil" not in noted.message.as_string().lower()
    packaging.at("2026-03-31T11:21+02:00")
    assert len(told(packaging)) == 1


def test_where_several_are_open_it_is_asked_which(going_round: World) -> None:
    going_round.reply(going_round.prompt("carla"), "Question: who decides on carton sizes?")
    going_round.tick()
    going_round.at("2026-03-31T13:00+02:00")
    assert "which question do you mean" in reply(going_round, "ben", "same here").subject
    assert "question 1" in reply(going_round, "ben", "same 1").subject


def test_beside_an_answer_and_an_offer_each_is_taken(going_round: World) -> None:
    going_round.reply(going_round.prompt("carla"), "Question: who decides on carton sizes?")
    going_round.reply(going_round.prompt("jonas"), "Question: who has a spare scanner?")
    going_round.tick()
    going_round.at("2026-03-31T13:00+02:00")
    carton, scanner = (2, 3) if "2. Carla" in last(going_round, "ben").text else (3, 2)
    assert (
        going_round.reply(
            last(going_round, "ben"), f"1: same here\n{carton}: ask Emil\n{scanner}: I can help"
        )
        == 200
    )
    going_round.tick()
    subjects = [mail.subject for mail in going_round.inbox("ben@example.com")[-3:]]
    assert any("question 1" in subject for subject in subjects)
    going_round.at("2026-03-31T13:11+02:00")
    assert len(told(going_round)) == 1
    texts = [m.text for n in ("carla", "jonas") for m in going_round.inbox(f"{n}@example.com")[-2:]]
    assert any("ask Emil" in text for text in texts)
    assert any("can help" in text or "may be able to help" in text for text in texts)


def test_in_an_export_nobody_has_said_so(going_round: World) -> None:
    reply(going_round, "ben", "same 1")
    going_round.at("2026-03-31T11:21+02:00")
    exported = going_round.done("export", "Packaging group", "--json")
    assert "same" not in exported
    assert exported.count("ben@example.com") == 1  # his "yes" alone


# An answer for its asker alone


@pytest.mark.parametrize(
    "text",
    [
        "1: just you: try the blue one",
        "1 (only for Emil): try the blue one",
        "try the blue one (just between us)",
        "Nur für dich: try the blue one",
    ],
)
def test_an_answer_for_its_asker_alone_reaches_nobody_else(going_round: World, text: str) -> None:
    receipt = reply(going_round, "ben", text)
    assert "Emil gets it at 11:20, and nobody else." in receipt.text
    assert "To question 1, from Emil: try the blue one" in receipt.text
    going_round.at("2026-03-31T11:21+02:00")
    mail = last(going_round, "emil")
    assert "Nobody else gets this." in mail.text
    assert "try the blue one" in mail.text
    assert "just" not in mail.text.split("Nobody else")[1].split("It is about")[0].lower()
    going_round.at(MONDAY)
    for name in NAMES[:2]:
        assert "blue one" not in last(going_round, name).text
    assert "blue one" not in going_round.done("export", "Packaging group", "--json")


def test_without_a_number_the_wish_to_stay_unnamed_is_not_passed_on(going_round: World) -> None:
    receipt = reply(going_round, "ben", "try the blue one\nwithout my name")
    assert "without your name, word for word" in receipt.text
    going_round.at("2026-03-31T11:21+02:00")
    mail = last(going_round, "emil")
    assert "try the blue one" in mail.text
    assert "“try the blue one”" in mail.text
