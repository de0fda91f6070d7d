"""Joining, a break, leaving: by page, and by the mail program's own button."""

from __future__ import annotations

import pytest

from digest.domain.groups.group import Member
from digest.domain.groups.notice import Notice, notify
from digest.domain.mails.record import OutboundMessage
from tests.web.scene import BEN, MIRA, SENT, Scene


def invite(scene: Scene) -> str:
    """Ben is invited only; the path of his invitation's link, ten minutes later."""
    with scene.database.transaction() as session:
        session.get_one(Member, scene.member(BEN).id).state = "invited"
    scene.mail(BEN, "invitation", ["join", "leave", "unsubscribe"])
    scene.at(minutes=11)
    return scene.path(BEN, "join", kind="invitation")


def test_the_invitations_page_says_what_it_is_and_joins_nobody(scene: Scene) -> None:
    page = scene.client.get(invite(scene)).text
    assert "Ben, would you like to join?" in page
    assert "What you write goes to Mira, Carla and Emil" in page
    assert "the new packaging rules" in page
    assert scene.member(BEN).state == "invited"


def test_the_button_joins_and_owes_one_welcome(scene: Scene) -> None:
    path = invite(scene)
    before = scene.member(BEN).times_joined
    for _ in range(2):
        scene.client.post(path, data={"act": "join"})
    assert scene.member(BEN).state == "active"
    (welcome,) = scene.notices("welcome")
    assert welcome.occasion == f"join:{before + 1}"
    assert "You are in “Packaging group”, Ben." in scene.client.get(path).text


def test_after_joining_the_page_names_the_next_mail(scene: Scene) -> None:
    page = scene.client.post(invite(scene), data={"act": "join"}).text
    assert "Done. Welcome, Ben." in page
    assert "comes on Tuesday at 09:00" in page


def test_an_invited_person_can_say_no(scene: Scene) -> None:
    invite(scene)
    path = scene.path(BEN, "leave", kind="invitation")
    assert "If you say no, we will not ask again." in scene.client.get(path).text
    assert "Done. We will not ask again." in scene.client.post(path, data={"act": "leave"}).text
    assert scene.member(BEN).state == "left"


def test_the_page_offers_a_break_and_leaving_and_does_neither(scene: Scene) -> None:
    page = scene.client.get(scene.path(BEN, "leave")).text
    assert "Take a break" in page
    assert "Leave the group" in page
    assert "data-auto" not in page
    assert scene.member(BEN).state == "active"


def test_a_break_begins_and_ends_by_button(scene: Scene) -> None:
    path = scene.path(BEN, "leave")
    assert "Done. Your break begins now." in scene.client.post(path, data={"act": "pause"}).text
    assert scene.member(BEN).state == "paused"
    assert "Start again" in scene.client.get(path).text
    assert "Welcome back, Ben." in scene.client.post(path, data={"act": "resume"}).text
    assert scene.member(BEN).state == "active"
    assert scene.count(Notice) == 0  # the pages said it


def test_leaving_cancels_what_waits_in_the_same_moment(scene: Scene) -> None:
    mail = scene.mail(BEN, "prompt", ["leave"])
    with scene.database.transaction() as session:
        session.get_one(OutboundMessage, mail.id).state = "queued"
        notify(session, scene.member(BEN).id, "receipt", "inbound:1", SENT)
    page = scene.client.post(scene.path(BEN, "leave", kind="digest"), data={"act": "leave"}).text
    assert "Done. You have left “Packaging group”." in page
    assert scene.member(BEN).state == "left"
    with scene.database.reading() as session:
        assert session.get_one(OutboundMessage, mail.id).state == "cancelled"
    assert [notice.cancelled for notice in scene.notices("receipt")] == [True]
    assert scene.count(Notice) == 2  # the last mail, which says that she has left


def test_leaving_twice_is_leaving_once(scene: Scene) -> None:
    path = scene.path(BEN, "leave")
    scene.client.post(path, data={"act": "leave"})
    before = scene.everything()
    for page in (scene.client.post(path, data={"act": "leave"}), scene.client.get(path)):
        assert page.status_code == 200
        assert "You have left “Packaging group”." in page.text
    assert scene.everything() == before


def test_who_has_left_is_not_brought_back_by_an_old_link(scene: Scene) -> None:
    path = scene.path(BEN, "leave")
    join = scene.path(BEN, "join")
    scene.client.post(path, data={"act": "leave"})
    for old, act in ((path, "resume"), (path, "pause"), (join, "join")):
        scene.client.post(old, data={"act": act})
        assert scene.member(BEN).state == "left"


def test_the_stop_links_never_grow_too_old(scene: Scene) -> None:
    scene.at(days=200)
    assert "Done." in scene.client.post(scene.path(BEN, "leave"), data={"act": "leave"}).text


def test_a_filter_that_presses_every_button_on_arrival_unsubscribes_nobody(scene: Scene) -> None:
    scene.at(minutes=1)
    for purpose, number in (("help", 1), ("whole", 1), ("help", 2), ("whole", 2), ("help", 3), ("whole", 3)):
        scene.client.get(scene.path(BEN, purpose, number))
    path = scene.path(BEN, "leave")
    scene.client.get(path)
    page = scene.client.post(path, data={"act": "leave"})
    assert "Please press once more after 09:05." in page.text
    assert "reply “stop” to the mail" in page.text
    assert scene.member(BEN).state == "active"
    scene.at(minutes=6)
    assert "Done." in scene.client.post(path, data={"act": "leave"}).text


def test_a_person_who_opens_the_stop_link_alone_leaves_at_once(scene: Scene) -> None:
    scene.at(seconds=20)
    path = scene.path(BEN, "leave")
    scene.client.get(path)
    assert "Done. You have left" in scene.client.post(path, data={"act": "leave"}).text


# The address in List-Unsubscribe (RFC 8058)

ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_programs_post_acts_at_once(scene: Scene, content_type: str) -> None:
    path = scene.path(BEN, "unsubscribe")
    answer = scene.client.post(
        path, data={"List-Unsubscribe": "One-Click"}, content_type=content_type, headers={"Origin": "null"}
    )
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert scene.member(BEN).state == "left"


def test_the_same_post_again_is_answered_alike(scene: Scene) -> None:
    path = scene.path(BEN, "unsubscribe")
    answers = [scene.client.post(path, data={"List-Unsubscribe": "One-Click"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert scene.member(BEN).link_epoch == 1


def test_it_acts_however_fresh_the_mail_is(scene: Scene) -> None:
    scene.at(seconds=5)
    assert (
        scene.client.post(scene.path(MIRA, "unsubscribe"), data={"List-Unsubscribe": "One-Click"}).status_code
        == 200
    )
    assert scene.member(MIRA).state == "left"


def test_a_post_without_the_words_shows_the_buttons_and_does_nothing(scene: Scene) -> None:
    answer = scene.client.post(scene.path(BEN, "unsubscribe"), data={"x": "y"})
    assert answer.status_code == 400
    assert "Leave the group" in answer.text
    assert scene.member(BEN).state == "active"


def test_somebody_who_follows_the_address_finds_buttons_that_work(scene: Scene) -> None:
    page = scene.client.get(scene.path(BEN, "unsubscribe")).text
    assert scene.member(BEN).state == "active"
    path = page.partition('action="')[2].partition('"')[0]
    assert path.startswith("/leave/")
    scene.client.post(path, data={"act": "leave"})
    assert scene.member(BEN).state == "left"
