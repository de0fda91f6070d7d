"""A question travels the day it is asked: through the public doors, with its story, and only as promised."""

from __future__ import annotations

import pytest

from digest import clock
from tests.acceptance.world import Mail, World

TUESDAY, ASKED, ROUND = "2026-03-31T09:00+02:00", "2026-03-31T10:10+02:00", "2026-03-31T11:10+02:00"
MONDAY = "2026-04-06T09:00+02:00"
PEOPLE = ("jonas", "mira", "ben", "carla", "emil")
ENTRY = "Tried: a thinner foil\nDid not work: it tore\nQuestion: which glue holds below five degrees?"


def write(world: World, name: str, text: str, when: str) -> None:
    world.at(when)
    assert world.reply(world.prompt(name), text) == 200
    world.tick()


def question_mails(world: World, name: str) -> list[Mail]:
    return [mail for mail in world.inbox(f"{name}@example.com") if "new question" in mail.subject]


@pytest.fixture
def prompted(packaging: World) -> World:
    packaging.at(TUESDAY)
    return packaging


def test_an_hour_after_the_first_question_all_go_round_in_one_mail(prompted: World) -> None:
    write(prompted, "emil", ENTRY, ASKED)
    receipt = prompted.last("emil@example.com")
    assert "Jonas, Mira, Ben and Carla get your question, with what you tried, at 11:10." in receipt.text
    write(prompted, "carla", "Question: who decides on carton sizes?", "2026-03-31T10:40+02:00")
    assert "at 11:10" in prompted.last("carla@example.com").text
    prompted.at("2026-03-31T11:09+02:00")
    assert question_mails(prompted, "ben") == []
    prompted.at(ROUND)
    prompted.tick()
    (mail,) = question_mails(prompted, "ben")
    assert mail.subject == "Packaging group: 2 new questions"
    for words in ("Emil asks", "which glue", "a thinner foil", "it tore", "Carla asks", "carton sizes"):
        assert words in mail.text
    assert len([link for link in mail.links if "/help/" in link]) == 2
    assert mail.message["List-Unsubscribe-Post"]
    (own,) = question_mails(prompted, "emil")
    assert "You ask" in own.text
    assert len([link for link in own.links if "/help/" in link]) == 1


def test_what_went_round_is_not_shown_as_new_again_but_stays_open_on_monday(prompted: World) -> None:
    write(prompted, "emil", ENTRY, ASKED)
    write(prompted, "carla", "Tried: another lid", "2026-03-31T10:30+02:00")
    prompted.at(ROUND)
    (mail,) = question_mails(prompted, "ben")
    assert "another lid" not in mail.text  # that was promised for the digest
    prompted.at(MONDAY)
    digest = prompted.last("ben@example.com")
    assert digest.subject == "Packaging group, week 15: 1 open question"
    assert digest.text.count("which glue holds below five degrees?") == 1
    assert "another lid" in digest.text
    number = next(line.partition(".")[0] for line in mail.text.splitlines() if "Emil asks" in line)
    assert f"{number}. Emil asks" in digest.text


def test_undo_works_until_that_moment_and_is_a_withdrawal_after_it(prompted: World) -> None:
    write(prompted, "emil", ENTRY, ASKED)
    write(prompted, "carla", "Question: who decides on carton sizes?", "2026-03-31T10:20+02:00")
    prompted.at("2026-03-31T11:09+02:00")
    assert prompted.reply(prompted.last("emil@example.com"), "undo") == 200
    prompted.at(ROUND)
    (mail,) = question_mails(prompted, "ben")
    assert "which glue" not in mail.text
    receipt = next(m for m in prompted.inbox("carla@example.com") if "we got it" in m.subject)
    assert prompted.reply(receipt, "undo") == 200
    prompted.tick()
    assert "at 11:10" in prompted.last("carla@example.com").text  # others had seen it; it is withdrawn
    count = len(prompted.inbox("ben@example.com"))
    prompted.at(MONDAY)
    assert len(prompted.inbox("ben@example.com")) == count  # nothing is left to show


def test_where_anybody_wrote_without_a_name_nobody_s_new_part_carries_one(prompted: World) -> None:
    write(prompted, "emil", ENTRY, ASKED)
    write(prompted, "carla", "Tried: another lid\nwithout my name", "2026-03-31T10:20+02:00")
    prompted.at(ROUND)
    (mail,) = question_mails(prompted, "ben")
    assert "Somebody asks" in mail.text
    for name in ("Emil", "Carla"):
        assert name not in mail.text
        assert name.lower() not in mail.message.as_string().lower()


def test_a_question_of_the_evening_waits_for_the_digest_whatever_goes_round_before(prompted: World) -> None:
    write(prompted, "emil", ENTRY, "2026-03-31T19:00+02:00")
    assert "on Monday at 09:00" in prompted.last("emil@example.com").text
    write(prompted, "carla", "Question: who decides on carton sizes?", "2026-04-01T10:00+02:00")
    prompted.at("2026-04-01T11:00+02:00")
    (mail,) = question_mails(prompted, "ben")
    assert "which glue" not in mail.text
    prompted.at(MONDAY)
    assert "which glue" in prompted.last("ben@example.com").text


def test_after_hours_without_a_tick_questions_wait_for_the_digest(prompted: World) -> None:
    write(prompted, "emil", ENTRY, ASKED)
    prompted.at("2026-03-31T14:11+02:00")
    assert question_mails(prompted, "ben") == []
    prompted.at(MONDAY)
    assert "which glue" in prompted.last("ben@example.com").text


def test_any_number_of_workers_send_each_question_mail_once(prompted: World) -> None:
    write(prompted, "emil", ENTRY, ASKED)
    clock.start_at(clock.read_instant(ROUND))
    prompted.tick_at_once(4)
    for name in PEOPLE:
        assert len(question_mails(prompted, name) if name != "mira" else [1]) == 1
    numbers = {line for line in question_mails(prompted, "ben")[0].text.splitlines() if "Emil asks" in line}
    assert len(numbers) == 1


def test_nobody_gets_more_than_four_mails_a_week_that_she_did_not_cause(prompted: World) -> None:
    """Prompt and digest have their place; the third question mail of a week is one too many."""
    write(prompted, "emil", ENTRY, ASKED)
    prompted.at(MONDAY)  # a digest in week 15; the prompt follows on Tuesday
    for day, hour in ((7, 10), (8, 10), (9, 10)):
        write(prompted, "carla", f"Question: who knows about day {day}?", f"2026-04-0{day}T{hour}:00+02:00")
        prompted.at(f"2026-04-0{day}T{hour + 1}:00+02:00")
    received = [mail.subject for mail in prompted.inbox("ben@example.com")]
    assert len([subject for subject in received if "new question" in subject]) == 2
    assert "on Monday" in prompted.last("carla@example.com").text
    prompted.at("2026-04-13T09:00+02:00")
    assert "who knows about day 9?" in prompted.last("ben@example.com").text
