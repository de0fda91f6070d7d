"""Did it help? The asker closes her question."""

from __future__ import annotations

import pytest

from digest.domain.questions.question import Question
from tests.web.scene import BEN, MIRA, SENT, Scene


@pytest.fixture
def path(scene: Scene) -> str:
    scene.mail(MIRA, "introduction", ["solved-1"])
    scene.at(minutes=30)
    return scene.path(MIRA, "solved", 1, kind="introduction")


def test_the_page_asks_and_closes_nothing(scene: Scene, path: str) -> None:
    assert "Mira, did it help?" in scene.client.get(path).text
    assert scene.question(1).state == "open"


def test_yes_closes_it_with_the_line_for_the_others(scene: Scene, path: str) -> None:
    page = scene.client.post(path, data={"act": "solved", "take_away": " Ask the\twarehouse first. "}).text
    assert "Done. Question 1 is solved." in page
    assert "Ask the warehouse first." in page
    question = scene.question(1)
    assert (question.state, question.take_away) == ("answered", "Ask the warehouse first.")
    assert question.closed_at


def test_the_line_may_be_left_out_and_added_later(scene: Scene, path: str) -> None:
    scene.client.post(path, data={"act": "solved", "take_away": "  "})
    closed_at = scene.question(1).closed_at
    assert scene.question(1).take_away is None
    assert "Would you like to add a line?" in scene.client.get(path).text
    scene.client.post(path, data={"act": "solved", "take_away": "Ask first."})
    assert (scene.question(1).take_away, scene.question(1).closed_at) == ("Ask first.", closed_at)


def test_yes_again_changes_nothing(scene: Scene, path: str) -> None:
    scene.client.post(path, data={"act": "solved", "take_away": "Ask first."})
    before = scene.everything()
    scene.client.post(path, data={"act": "solved", "take_away": "Something else."})
    assert scene.everything() == before


@pytest.mark.parametrize(("state", "words"), [("withdrawn", "has been withdrawn"), ("closed", "is closed")])
def test_what_is_closed_or_withdrawn_stays_so(scene: Scene, path: str, state: str, words: str) -> None:
    with scene.database.transaction() as session:
        question = session.get_one(Question, scene.question(1).id)
        question.state, question.closed_at = state, SENT
    page = scene.client.post(path, data={"act": "solved", "take_away": "Too late."}).text
    assert words in page
    assert (scene.question(1).state, scene.question(1).take_away) == (state, None)


def test_a_line_is_one_line_and_not_endless(scene: Scene, path: str) -> None:
    scene.client.post(path, data={"act": "solved", "take_away": "a\r\nb " * 400})
    line = scene.question(1).take_away or ""
    assert "\n" not in line
    assert len(line) <= 300


def test_nobody_closes_the_question_of_another_or_learns_whose_it_is(scene: Scene) -> None:
    path = scene.path(BEN, "solved", 2)
    for answer in (scene.client.get(path), scene.client.post(path, data={"act": "solved"})):
        assert answer.status_code == 404
        assert "This link leads nowhere." in answer.text
    assert scene.question(2).state == "open"
