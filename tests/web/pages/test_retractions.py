"""Taking back: what a message brought, and an offer to help."""

from __future__ import annotations

from digest.domain.questions.question import Answer, HelpOffer
from digest.domain.rounds import entry as entries
from digest.domain.rounds.entry import Part, Section
from tests.web.scene import BEN, CARLA, MIRA, SENT, Scene

FOIL = "A thinner foil from the second supplier."
ASKS = "Who has a contact at the foil maker?"


def reply(scene: Scene) -> int:
    """Mira's new reply, and the receipt for it, five minutes old."""
    scene.at(days=1)
    source = scene.write(MIRA, Part("tried", FOIL), Part("question", ASKS), Part("undecided", "By the way."))
    scene.mail(MIRA, "receipt", ["fix", "undo"], inbound_id=source)
    scene.at(days=1, minutes=6)
    return source


def test_the_page_shows_what_would_be_taken_back(scene: Scene) -> None:
    reply(scene)
    page = scene.client.get(scene.path(MIRA, "undo", kind="receipt")).text
    assert "Mira, take this back?" in page
    assert FOIL in page
    assert ASKS in page
    assert "By the way." not in page
    assert "Nobody else has seen it." in page


def test_unseen_parts_are_taken_back_and_their_question_with_them(scene: Scene) -> None:
    source = reply(scene)
    page = scene.client.post(scene.path(MIRA, "undo", kind="receipt"), data={"act": "undo"}).text
    assert "Done. You took it back." in page
    assert all(section.taken_back_at for section in scene.sections(source))
    with scene.database.reading() as session:
        assert entries.waiting_sections(session, scene.member(MIRA).group_id, scene.at(days=9)) == []
        questions = scene.everything()["questions"]
    assert [row for row in questions if "open" in row and None in row[4:5]] == []


def test_taking_back_twice_says_that_there_is_nothing_left(scene: Scene) -> None:
    reply(scene)
    path = scene.path(MIRA, "undo", kind="receipt")
    scene.client.post(path, data={"act": "undo"})
    before = scene.everything()
    for page in (scene.client.post(path, data={"act": "undo"}), scene.client.get(path)):
        assert "There is nothing to take back." in page.text
    assert scene.everything() == before


def test_what_had_gone_out_is_withdrawn_and_the_page_says_so(scene: Scene) -> None:
    scene.at(days=1)
    scene.mail(MIRA, "receipt", ["fix", "undo"], inbound_id=1)
    scene.at(days=1, minutes=6)
    path = scene.path(MIRA, "undo", kind="receipt")
    assert "The others got it on Monday at 09:00. It can be withdrawn" in scene.client.get(path).text
    page = scene.client.post(path, data={"act": "undo"}).text
    assert "It had gone out, and is withdrawn now." in page
    assert "The others got it on Monday at 09:00, so we cannot take it back" in page
    assert all(section.withdrawn_at for section in scene.sections(1))
    assert scene.question(1).state == "withdrawn"
    assert "has been withdrawn" in scene.client.get(scene.path(BEN, "whole", 1)).text


def test_a_digest_between_look_and_press_is_told(scene: Scene) -> None:
    source = reply(scene)
    path = scene.path(MIRA, "undo", kind="receipt")
    assert "Nobody else has seen it." in scene.client.get(path).text
    with scene.database.transaction() as session:
        for section in session.query(Section).filter_by(source_message_id=source, key="tried"):
            section.shown_at, section.shown_with_name = SENT, True
    page = scene.client.post(path, data={"act": "undo"}).text
    assert "It had gone out, and is withdrawn now." in page
    assert "The rest nobody has seen." in page
    tried, question, undecided = scene.sections(source)
    assert (tried.withdrawn_at is not None, tried.taken_back_at) == (True, None)
    assert question.taken_back_at
    assert undecided.taken_back_at


def test_an_answer_is_taken_back_too(scene: Scene) -> None:
    source = scene.write(BEN, Part("undecided", "x"))
    with scene.database.transaction() as session:
        session.add(
            Answer(
                question_id=scene.question(1).id,
                member_id=scene.member(BEN).id,
                text="Try the staging key first.",
                source_message_id=source,
                received_at=SENT,
            )
        )
    scene.mail(BEN, "receipt", ["undo"], inbound_id=source)
    page = scene.client.get(scene.path(BEN, "undo", kind="receipt")).text
    assert "Your answer to question 1:" in page
    scene.client.post(scene.path(BEN, "undo", kind="receipt"), data={"act": "undo"})
    with scene.database.reading() as session:
        assert session.query(Answer).one().taken_back_at


def test_only_the_members_own_message_is_reached(scene: Scene) -> None:
    scene.mail(BEN, "receipt", ["fix", "undo"], inbound_id=1)  # Mira's
    scene.at(minutes=10)
    scene.client.post(scene.path(BEN, "undo", kind="receipt"), data={"act": "undo"})
    assert not any(section.withdrawn_at for section in scene.sections(1))


def test_a_filter_that_presses_every_button_on_arrival_takes_nothing_back(scene: Scene) -> None:
    scene.at(days=1)
    source = scene.write(MIRA, Part("tried", FOIL))
    scene.mail(MIRA, "receipt", ["fix", "undo"], inbound_id=source)
    for purpose in ("fix", "undo"):
        scene.client.get(scene.path(MIRA, purpose, kind="receipt"))
    page = scene.client.post(scene.path(MIRA, "undo", kind="receipt"), data={"act": "undo"})
    assert "Please press once more after 09:05." in page.text
    assert "reply “undo” to the mail" in page.text
    assert not scene.sections(source)[0].taken_back_at
    scene.at(days=1, minutes=6)
    assert "Done." in scene.client.post(scene.path(MIRA, "undo", kind="receipt"), data={"act": "undo"}).text


# An offer


def offered(scene: Scene) -> HelpOffer:
    scene.at(minutes=10)
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "button"})
    (offer,) = scene.offers()
    return offer


def test_an_offer_is_undone_from_the_page_on_which_it_was_made(scene: Scene) -> None:
    scene.at(minutes=10)
    page = scene.client.post(scene.path(BEN, "help", 1), data={"via": "button"}).text
    path = page.partition('action="')[2].partition('"')[0]
    assert "Done. You took your offer back." in scene.client.post(path, data={"act": "undo"}).text
    assert [offer.state for offer in scene.offers()] == ["undone"]


def test_an_offer_is_undone_from_its_mail(scene: Scene) -> None:
    made = offered(scene)
    scene.mail(BEN, "offer", ["undo"], offer_id=made.id)
    path = scene.path(BEN, "undo", kind="offer")
    assert "Take back your offer to help with question 1?" in scene.client.get(path).text
    for _ in range(2):
        scene.client.post(path, data={"act": "undo"})
    assert [offer.state for offer in scene.offers()] == ["undone"]
    assert "There is nothing to take back." in scene.client.get(path).text


def test_an_offer_that_was_told_cannot_be_undone_and_the_page_says_so(scene: Scene) -> None:
    made = offered(scene)
    with scene.database.transaction() as session:
        session.get_one(HelpOffer, made.id).state = "told"
        session.get_one(HelpOffer, made.id).told_at = made.tell_at
    page = scene.client.post(scene.path(BEN, "undo", 1), data={"act": "undo"}).text
    assert "Mira knows already." in page
    assert "We said so at 09:20." in page
    assert [offer.state for offer in scene.offers()] == ["told"]


def test_nobody_undoes_the_offer_of_another(scene: Scene) -> None:
    made = offered(scene)
    scene.mail(CARLA, "offer", ["undo"], offer_id=made.id)
    assert scene.client.post(scene.path(CARLA, "undo", kind="offer"), data={"act": "undo"}).status_code == 404
    assert scene.client.post(scene.path(CARLA, "undo", 1), data={"act": "undo"}).status_code == 404
    assert [offer.state for offer in scene.offers()] == ["quiet"]
