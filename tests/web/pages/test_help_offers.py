"""The page behind "I can help", without a browser."""

from __future__ import annotations

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from digest.database import Database
from digest.domain.groups.notice import Notice
from digest.domain.mails.record import OutboundMessage
from digest.domain.questions.question import HelpOffer, Question
from tests.web.scene import BEN, CARLA, EMIL, GLUE, MIRA, NAMELESS, SENT, Scene, make_scene


def test_the_page_asks_and_offers_nothing(scene: Scene) -> None:
    page = scene.client.get(scene.path(BEN, "help", 1))
    assert page.status_code == 200
    assert "Ben, help Mira with question 1?" in page.text
    assert GLUE in page.text
    assert "Tell Mira I can help" in page.text
    assert scene.offers() == []


def test_the_page_shows_the_story_beneath_the_question(scene: Scene) -> None:
    page = scene.client.get(scene.path(BEN, "help", 1)).text
    assert "Recalibrating the label printer." in page
    assert "Labels still peel off in the cold store." in page


def test_a_press_offers_and_says_when_the_asker_hears(scene: Scene) -> None:
    scene.at(minutes=15)
    page = scene.client.post(scene.path(BEN, "help", 1), data={"via": "button"})
    assert "Done. Mira hears at 09:25." in page.text
    (offer,) = scene.offers()
    assert (offer.state, offer.via, offer.tell_at - offer.made_at) == (
        "quiet",
        "button",
        timedelta(minutes=10),
    )


def test_an_offer_keeps_by_which_mail_it_was_made(scene: Scene) -> None:
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "button"})
    scene.client.get(scene.path(BEN, "help", 1))
    (offer,) = scene.offers()
    assert offer.outbound_message_id is not None
    assert offer.member.name == BEN


def test_the_helper_is_owed_one_mail_however_often_she_presses(scene: Scene) -> None:
    for _ in range(3):
        scene.client.post(scene.path(BEN, "help", 1), data={"via": "button"})
    (offer,), (notice,) = scene.offers(), scene.notices("offer")
    assert notice.occasion == f"offer:{offer.id}:1"
    assert notice.facts == {"offer_id": offer.id, "number": 1}
    assert scene.notices("offer_question") == []


def test_fifty_presses_at_once_are_one_offer(scene: Scene, served: str) -> None:
    address = served + scene.path(BEN, "help", 1)

    def press(_: int) -> str:
        with urllib.request.urlopen(address, b"via=button", timeout=30) as answer:
            return answer.read().decode()

    with ThreadPoolExecutor(50) as people:
        answers = list(people.map(press, range(50)))
    assert all("Mira hears at" in answer for answer in answers)
    assert (scene.count(HelpOffer), scene.count(Notice)) == (1, 1)


def test_two_helpers_at_once_both_count(scene: Scene, served: str) -> None:
    addresses = [served + scene.path(name, "help", 1) for name in (BEN, CARLA)]
    with ThreadPoolExecutor(2) as people:
        list(people.map(lambda address: urllib.request.urlopen(address, b"via=button").close(), addresses))
    assert {offer.member.name for offer in scene.offers()} == {BEN, CARLA}


def test_a_post_without_the_form_offers_nothing(scene: Scene) -> None:
    for form in ({}, {"via": "reply"}, {"act": "help"}):
        page = scene.client.post(scene.path(BEN, "help", 1), data=form)
        assert "Tell Mira I can help" in page.text
    assert scene.offers() == []


def test_an_anonymous_asker_stays_unnamed(scene: Scene) -> None:
    page = scene.client.get(scene.path(BEN, "help", 2)).text
    assert NAMELESS in page
    assert "Ben, help with question 2?" in page
    after = scene.client.post(scene.path(BEN, "help", 2), data={"via": "button"}).text
    assert "Whoever asked hears at 09:11" in after
    assert CARLA not in page + after


# The page that presses its own button


def submits_itself(scene: Scene, path: str) -> bool:
    return "data-auto" in scene.client.get(path).text


def test_five_minutes_after_the_mail_a_link_alone_acts_by_itself(scene: Scene) -> None:
    scene.at(minutes=5, seconds=-1)
    assert not submits_itself(scene, scene.path(BEN, "help", 1))
    scene.at(minutes=5, seconds=5)
    assert submits_itself(scene, scene.path(BEN, "help", 1))


def test_another_link_opened_within_the_minute_brings_the_button_back(scene: Scene) -> None:
    scene.at(minutes=20)
    scene.client.get(scene.path(BEN, "whole", 1))
    assert not submits_itself(scene, scene.path(BEN, "help", 1))
    scene.at(minutes=22)
    assert submits_itself(scene, scene.path(BEN, "help", 1))


def test_a_link_of_somebody_elses_mail_does_not_count(scene: Scene) -> None:
    scene.at(minutes=20)
    scene.client.get(scene.path(CARLA, "help", 1))
    assert submits_itself(scene, scene.path(BEN, "help", 1))


def test_a_mail_that_is_not_out_yet_shows_the_button(scene: Scene) -> None:
    mail = scene.mail(BEN, "digest", ["help-1"])
    with scene.database.transaction() as session:
        session.get_one(OutboundMessage, mail.id).sent_at = None
    scene.at(minutes=30)
    assert not submits_itself(scene, scene.path(BEN, "help", 1))


def test_a_switch_always_shows_the_button(database: Database) -> None:
    scene = make_scene(database, one_click=False)
    scene.at(minutes=20)
    assert not submits_itself(scene, scene.path(BEN, "help", 1))
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "auto"})
    assert scene.offers() == []


def test_what_was_taken_back_is_never_offered_by_the_page_itself(scene: Scene) -> None:
    scene.at(minutes=20)
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "auto"})
    scene.client.post(scene.path(BEN, "undo", 1), data={"act": "undo"})
    scene.at(minutes=40)
    assert not submits_itself(scene, scene.path(BEN, "help", 1))
    assert "Tell Mira I can help" in scene.client.post(scene.path(BEN, "help", 1), data={"via": "auto"}).text
    assert [offer.state for offer in scene.offers()] == ["undone"]


def test_the_script_is_not_believed_when_the_page_should_have_shown_its_button(scene: Scene) -> None:
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "auto"})  # a minute after the mail
    scene.at(minutes=20)
    scene.client.get(scene.path(BEN, "help", 1))
    scene.client.get(scene.path(BEN, "help", 2))
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "auto"})  # with another link open
    assert scene.offers() == []


def test_an_offer_says_that_it_submitted_itself(scene: Scene) -> None:
    scene.at(minutes=20)
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "auto"})
    assert [offer.via for offer in scene.offers()] == ["auto"]


def test_a_later_press_takes_the_doubt_away(scene: Scene) -> None:
    scene.at(minutes=20)
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "auto"})
    later = scene.at(minutes=25)
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "button"})
    (offer,) = scene.offers()
    assert (offer.via, offer.times_made) == ("button", 1)
    assert offer.made_at >= later
    assert offer.tell_at - SENT < timedelta(minutes=31)


# What may stand in the way


def close(scene: Scene, number: int, state: str) -> None:
    with scene.database.transaction() as session:
        question = session.get_one(Question, scene.question(number).id)
        question.state, question.closed_at = state, SENT


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("withdrawn", "Question 1 has been withdrawn."),
        ("answered", "Question 1 is solved."),
        ("closed", "Question 1 is closed."),
    ],
)
def test_a_question_that_is_no_longer_open_says_so(scene: Scene, state: str, words: str) -> None:
    close(scene, 1, state)
    path = scene.path(BEN, "help", 1)
    for page in (scene.client.get(path), scene.client.post(path, data={"via": "button"})):
        assert words in page.text
        assert GLUE not in page.text
    assert scene.offers() == []


def test_nobody_helps_herself(scene: Scene) -> None:
    assert "Question 1 is your own." in scene.client.get(scene.path(MIRA, "help", 1)).text
    scene.client.post(scene.path(MIRA, "help", 1), data={"via": "button"})
    assert scene.offers() == []


def test_after_fourteen_days_the_link_is_too_old(scene: Scene) -> None:
    scene.at(days=13, hours=23)
    assert scene.client.get(scene.path(BEN, "help", 1)).status_code == 200
    scene.at(days=14, minutes=1)
    for page in (scene.client.get(scene.path(BEN, "help", 1)), scene.client.post(scene.path(BEN, "help", 1))):
        assert page.status_code == 410
        assert "This link is too old." in page.text
        assert "“1: your idea”" in page.text
    assert scene.offers() == []


def test_who_has_left_offers_nothing(scene: Scene) -> None:
    path = scene.path(BEN, "help", 1)
    scene.at(minutes=10)
    scene.client.post(scene.path(BEN, "leave"), data={"act": "leave"})
    for page in (scene.client.get(path), scene.client.post(path, data={"via": "button"})):
        assert page.status_code == 410
        assert "You have left “Packaging group”." in page.text
    assert scene.offers() == []


def test_a_link_from_before_she_left_stays_dead_when_she_is_back(scene: Scene) -> None:
    path = scene.path(BEN, "help", 1)
    scene.at(minutes=10)
    scene.client.post(scene.path(BEN, "leave"), data={"act": "leave"})
    with scene.database.transaction() as session:
        member = session.get_one(type(scene.member(BEN)), scene.member(BEN).id)
        member.state = "active"
    page = scene.client.post(path, data={"via": "button"})
    assert page.status_code == 410
    assert "This link is from an earlier time." in page.text


def test_an_asker_who_knows_cannot_be_told_again(scene: Scene) -> None:
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "button"})
    with scene.database.transaction() as session:
        made = session.get_one(HelpOffer, scene.offers()[0].id)
        made.state, made.told_at = "told", made.tell_at
    scene.at(minutes=20)
    page = scene.client.post(scene.path(BEN, "help", 1), data={"via": "button"}).text
    assert "Mira knows that you may be able to help." in page
    assert "Undo" not in page
    assert [offer.state for offer in scene.offers()] == ["told"]


# An offer that may have been a machine's


def suspect(scene: Scene) -> str:
    """Ben's offer was found suspect, and he is asked by mail; the path of that mail's link."""
    scene.at(minutes=20)
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "auto"})
    with scene.database.transaction() as session:
        session.get_one(HelpOffer, scene.offers()[0].id).state = "suspect"
    scene.at(minutes=31)
    scene.mail(BEN, "offer_question", ["help-1"], offer_id=scene.offers()[0].id)
    return scene.path(BEN, "help", 1, kind="offer_question")


def test_a_suspect_offer_is_asked_about_and_never_pressed_by_the_page(scene: Scene) -> None:
    path = suspect(scene)
    scene.at(minutes=50)
    page = scene.client.get(path).text
    assert "a program that checks links did" in page
    assert "data-auto" not in page
    scene.client.post(path, data={"via": "auto"})
    assert [offer.state for offer in scene.offers()] == ["suspect"]


def test_the_member_confirms_a_suspect_offer(scene: Scene) -> None:
    path = suspect(scene)
    scene.at(minutes=50)
    assert "Done. Mira hears at 10:00." in scene.client.post(path, data={"via": "button"}).text
    (offer,) = scene.offers()
    assert (offer.state, offer.via, offer.times_made) == ("quiet", "button", 2)
    assert [notice.occasion for notice in scene.notices("offer")] == [
        f"offer:{offer.id}:1",
        f"offer:{offer.id}:2",
    ]


def test_a_button_pressed_as_the_asking_mail_arrives_confirms_nothing(scene: Scene) -> None:
    path = suspect(scene)
    scene.at(minutes=32)
    page = scene.client.post(path, data={"via": "button"})
    assert "Please press once more after 09:36." in page.text
    assert [offer.state for offer in scene.offers()] == ["suspect"]


def test_the_pages_speak_the_members_language(scene: Scene) -> None:
    page = scene.client.get(scene.path(EMIL, "help", 1)).text
    assert '<html lang="de"' in page
    assert "Emil, hilfst du Mira bei Frage 1?" in page


def test_somebodys_words_cannot_become_part_of_the_page(scene: Scene) -> None:
    with scene.database.transaction() as session:
        asked = session.get_one(Question, scene.question(1).id)
        asked.section.text = "<script>alert(1)</script> & “so on”"
        asked.section.lang = '"><b'
    page = scene.client.get(scene.path(BEN, "help", 1)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “so on”" in page
    assert "<b" not in page.replace("<blockquote", "").replace("<body", "").replace("<button", "")


def test_a_question_of_another_group_is_not_reached(scene: Scene) -> None:
    page = scene.client.get(scene.path(BEN, "help", 99))
    assert page.status_code == 404
    assert "This link leads nowhere." in page.text
