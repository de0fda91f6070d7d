"""The whole text of a question: what the group was shown, and no more."""

from __future__ import annotations

from digest.domain.groups.group import Member
from digest.domain.mails.record import OutboundMessage
from digest.domain.questions.question import Answer
from digest.domain.rounds.entry import Part, Section
from digest.domain.rounds.round import Round
from tests.web.scene import BEN, CARLA, EMIL, GLUE, MIRA, NAMELESS, SENT, Scene, file_reply


def page(scene: Scene, number: int, reader: str = BEN) -> str:
    return scene.client.get(scene.path(reader, "whole", number)).text


def test_it_shows_the_question_its_story_and_the_way_to_help(scene: Scene) -> None:
    html = page(scene, 1)
    assert "Question 1, from Mira" in html
    assert GLUE in html
    assert "Recalibrating the label printer." in html
    assert 'href="/help/' in html
    assert "Please keep this in the group." in html


def test_its_asker_is_not_asked_to_help(scene: Scene) -> None:
    html = page(scene, 1, MIRA)
    assert "Question 1, yours" in html
    assert 'href="/help/' not in html


def test_who_asked_without_a_name_is_not_named(scene: Scene) -> None:
    html = page(scene, 2)
    assert NAMELESS in html
    assert CARLA not in html


def test_what_was_withdrawn_is_gone(scene: Scene) -> None:
    with scene.database.transaction() as session:
        tried = session.query(Section).filter_by(source_message_id=1, key="tried").one()
        tried.withdrawn_at = SENT
    assert "Recalibrating" not in page(scene, 1)
    assert "Labels still peel off" in page(scene, 1)


def test_parts_that_nobody_was_shown_stay_hidden(scene: Scene) -> None:
    with scene.database.transaction() as session:
        tried = session.query(Section).filter_by(source_message_id=1, key="tried").one()
        tried.shown_at = None
    assert "Recalibrating" not in page(scene, 1)


def answer(scene: Scene, name: str, text: str, **more: object) -> None:
    with scene.database.transaction() as session:
        values = {
            "question_id": scene.question(1).id,
            "member_id": scene.member(name).id,
            "received_at": SENT,
        }
        session.add(Answer(text=text, **values, **more))


def test_answers_stand_there_once_they_were_shown(scene: Scene) -> None:
    answer(scene, EMIL, "Ours is rated to minus ten.", shown_at=SENT)
    answer(scene, EMIL, "Not shown yet.")
    answer(scene, EMIL, "Withdrawn.", shown_at=SENT, withdrawn_at=SENT)
    html = page(scene, 1)
    assert "Emil says:" in html
    assert "Ours is rated to minus ten." in html
    assert "Not shown yet." not in html
    assert "Withdrawn." not in html


def test_where_one_answer_has_no_name_none_has(scene: Scene) -> None:
    answer(scene, EMIL, "Ours is rated to minus ten.", shown_at=SENT)
    answer(scene, CARLA, "Nameless advice.", shown_at=SENT, anonymous=True)
    html = page(scene, 1)
    assert html.count("A colleague says:") == 2
    assert "Emil says" not in html
    assert CARLA not in html


# What a digest showed in short


def tell(scene: Scene, name: str, text: str) -> None:
    """A member who asked nothing wrote this for the digest of the scene."""
    with scene.database.transaction() as session:
        shown = session.query(Round).filter_by(digested_at=SENT).one()
        member = session.get_one(Member, scene.member(name).id)
        file_reply(session, member, shown, [Part("tried", text)], SENT)
        for section in session.query(Section).filter_by(text=text):
            section.shown_at, section.shown_with_name = SENT, True
        for mail in session.query(OutboundMessage):
            mail.round_id = shown.id


def test_entries_stand_there_whole_under_their_names(scene: Scene) -> None:
    tell(scene, BEN, "Two thinner foils. " * 60)
    html = page(scene, 0, MIRA)
    assert "What else was tried" in html
    assert "<h2>Ben</h2>" in html
    assert ("Two thinner foils. " * 60).strip() in html
    assert GLUE not in html  # a question has its own page


def test_entries_of_a_round_without_names_name_nobody_and_their_order_tells_nothing(scene: Scene) -> None:
    tell(scene, BEN, "b second in the alphabet")
    with scene.database.transaction() as session:
        session.query(Section).filter_by(shown_at=SENT).update({"shown_with_name": False})
    html = page(scene, 0, MIRA)
    assert "b second" in html
    assert "<h2>" not in html


def test_withdrawn_entries_are_gone(scene: Scene) -> None:
    tell(scene, BEN, "Two thinner foils.")
    with scene.database.transaction() as session:
        session.query(Section).filter_by(text="Two thinner foils.").update({"withdrawn_at": SENT})
    assert "Two thinner foils." not in page(scene, 0, MIRA)
    assert "It was withdrawn." in page(scene, 0, MIRA)


def test_a_mail_that_is_no_digest_shows_no_entries(scene: Scene) -> None:
    tell(scene, BEN, "Two thinner foils.")
    scene.mail(MIRA, "prompt", ["leave"])
    assert scene.client.get(scene.path(MIRA, "whole", kind="prompt")).status_code == 404


def test_the_page_has_no_button_and_refuses_a_post(scene: Scene) -> None:
    answered = scene.client.post(scene.path(BEN, "whole", 1))
    assert answered.status_code == 405
    assert answered.headers["Allow"]
    assert "This page cannot be used like that." in answered.text
