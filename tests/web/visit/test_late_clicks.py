"""A click that comes too late, or on a link that is none: each time a page that says what happened and what one can do,
and nothing changes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from digest import clock, signed_link
from digest.database import Database
from digest.domain.questions.question import Question, happen, withdraw_questions
from digest.domain.rounds.entry import Part
from digest.signed_link import Link, Purpose
from tests.web.scene import BEN, CARLA, MIRA, Scene, make_scene

HELP, UNDO_OFFER = "the helper's link", "the helper's undo"
SOLVED, FIX, UNDO = "the asker's link", "the link to correct", "the link to take back"
JOIN = "the invitation's link"

PRESSED: dict[str, dict[str, str]] = {
    HELP: {"via": "button"},
    UNDO_OFFER: {"act": "undo"},
    SOLVED: {"act": "solved", "take_away": "Ask first."},
    FIX: {"act": "save", "withdraw-1": "on"},
    UNDO: {"act": "undo"},
    JOIN: {"act": "join"},
}

# What happened before


def withdrawn(scene: Scene) -> None:
    with scene.database.transaction() as session:
        withdraw_questions(session, [scene.question(1).section_id], clock.now())


def solved(scene: Scene) -> None:
    with scene.database.transaction() as session:
        question = session.get_one(Question, scene.question(1).id)
        happen(question, "solved", clock.now())
        question.take_away = "Ask the warehouse."


def closed(scene: Scene) -> None:
    with scene.database.transaction() as session:
        question = session.get_one(Question, scene.question(1).id)
        question.stage = "sharpened"
        happen(question, "close", clock.now())


def left(scene: Scene) -> None:
    for name in (BEN, MIRA, CARLA):
        scene.client.post(scene.path(name, "leave"), data={"act": "leave"})


def came_back(scene: Scene) -> None:
    left(scene)
    with scene.database.transaction() as session:
        for name in (BEN, MIRA, CARLA):
            session.merge(scene.member(name)).state = "active"


def fourteen_days(scene: Scene) -> None:
    scene.at(days=14, hours=1)


def thirty_five_days(scene: Scene) -> None:
    scene.at(days=35, hours=1)


def taken_back(scene: Scene) -> None:
    links = links_of(scene)
    scene.client.post(links[UNDO_OFFER], data=PRESSED[UNDO_OFFER])
    scene.client.post(links[UNDO], data=PRESSED[UNDO])


@dataclass(frozen=True)
class Page:
    status: int
    heading: str
    way_on: str


LEFT = Page(410, "You have left “Packaging group”.", "reply “yes” to any mail that you had from it")
BACK = Page(410, "This link is from an earlier time.", "Take the newest mail from the group, or simply reply")
OLD = Page(410, "This link is too old.", "Take the newest mail from the group, or simply reply")
NOTHING = Page(
    200, "There is nothing to take back.", "You took it back before, or a later reply replaced it."
)

TABLE: dict[Callable[[Scene], None], dict[str, Page]] = {
    withdrawn: {
        HELP: Page(200, "Question 1 has been withdrawn.", "Nobody needs to do anything."),
        SOLVED: Page(200, "Question 1 has been withdrawn.", "You need not do anything."),
    },
    solved: {
        HELP: Page(200, "Question 1 is solved.", "The next Monday mail shows what is still open."),
        SOLVED: Page(200, "Question 1 is solved.", "The next Monday mail says so, with your line:"),
    },
    closed: {
        HELP: Page(200, "Question 1 is closed.", "The next Monday mail shows what is still open."),
        SOLVED: Page(200, "Question 1 is closed.", "You can ask it again whenever you like"),
    },
    taken_back: {
        UNDO_OFFER: Page(200, "There is nothing to take back.", "does not stand any more"),
        UNDO: NOTHING,
    },
    left: dict.fromkeys((HELP, UNDO_OFFER, SOLVED, FIX, UNDO, JOIN), LEFT),
    came_back: dict.fromkeys((HELP, UNDO_OFFER, SOLVED, FIX, UNDO, JOIN), BACK),
    fourteen_days: {
        HELP: Page(410, "This link is too old.", "reply to any mail from the group: “1: your idea”")
    },
    thirty_five_days: dict.fromkeys((UNDO_OFFER, SOLVED, FIX, UNDO, JOIN), OLD),
}
NOWHERE = Page(404, "This link leads nowhere.", "or reply to the mail, which always works")


@pytest.fixture
def scene(sqlite_database: Database) -> Scene:
    """Ben has offered to help Mira with 1, and Mira has written again since; twenty minutes after the digest."""
    scene = make_scene(sqlite_database)
    scene.at(minutes=10)
    scene.client.post(scene.path(BEN, "help", 1), data={"via": "button"})
    scene.mail(BEN, "offer", ["undo"], offer_id=scene.offers()[0].id)
    source = scene.write(MIRA, Part("tried", "a thinner foil"))
    scene.mail(MIRA, "receipt", ["fix", "undo"], inbound_id=source)
    scene.mail(MIRA, "introduction", ["solved-1"])
    scene.mail(CARLA, "invitation", ["join"])
    scene.at(minutes=20)
    return scene


def links_of(scene: Scene) -> dict[str, str]:
    return {
        HELP: scene.path(BEN, "help", 1),
        UNDO_OFFER: scene.path(BEN, "undo", kind="offer"),
        SOLVED: scene.path(MIRA, "solved", 1, kind="introduction"),
        FIX: scene.path(MIRA, "fix", kind="receipt"),
        UNDO: scene.path(MIRA, "undo", kind="receipt"),
        JOIN: scene.path(CARLA, "join", kind="invitation"),
    }


@pytest.mark.parametrize("happened", TABLE, ids=lambda happened: happened.__name__)
def test_a_late_click_is_told_what_happened_and_what_one_can_do(
    scene: Scene, happened: Callable[[Scene], None]
) -> None:
    links = links_of(scene)
    happened(scene)
    before = scene.everything()
    for link, page in TABLE[happened].items():
        assert_page(scene, links[link], PRESSED[link], page)
    assert scene.everything() == before


def test_a_damaged_or_foreign_link_is_told_so_and_nothing_else(scene: Scene) -> None:
    """`test_links` has every kind of damage; here, that every page of the table answers it."""
    before = scene.everything()
    for link, path in links_of(scene).items():
        _, purpose, token = path.split("/")
        for wrong in (token[:-1], foreign(scene, purpose), *of_somebody_else(scene, link)):
            assert_page(scene, f"/{purpose}/{wrong}", PRESSED[link], NOWHERE)
    assert scene.everything() == before


def foreign(scene: Scene, purpose: Purpose) -> str:
    """Signed by another service, for a mail that we have."""
    link_key = scene.path(BEN, "help", 1).rpartition("/")[2].partition("-")[0]
    return signed_link.mint(Link(purpose, link_key, 0, 1), ["another secret of another service"])


def of_somebody_else(scene: Scene, link: str) -> list[str]:
    """A good link of a member whose it is not to close the question, or to take the offer back."""
    purposes: dict[str, Purpose] = {SOLVED: "solved", UNDO_OFFER: "undo"}
    return [scene.path(CARLA, purposes[link], 1).rpartition("/")[2]] if link in purposes else []


def assert_page(scene: Scene, path: str, form: dict[str, str], page: Page) -> None:
    for answer in (scene.client.get(path), scene.client.post(path, data=form)):
        text = html.unescape(answer.text)
        (heading,) = re.findall(r"<h1[^>]*>(.*?)</h1>", text)
        assert (answer.status_code, heading.removeprefix("Done. ")) == (page.status, page.heading)
        assert page.way_on in text
