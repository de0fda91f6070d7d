"""What holds for every link: looking changes nothing, strangers learn nothing, the headers are strict."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event
from werkzeug.test import TestResponse

from digest import clock, signed_link
from digest.domain.mails.link_opening import LinkOpening
from digest.domain.rounds.entry import Part
from digest.signed_link import Link, Purpose
from tests.web.scene import BEN, CARLA, EMIL, GLUE, MIRA, SENT, Scene, held_message

RAW = b"From: mira@example.org\r\nSubject: Re: week\r\n\r\nTried glue at home.\r\n"


def every_link(scene: Scene) -> list[str]:
    """A link of each kind, all of them alive."""
    reply = scene.write(MIRA, Part("tried", "a thinner foil"), Part("undecided", "by the way"))
    held = held_message(scene, MIRA, RAW, "mira@example.org")
    scene.mail(MIRA, "receipt", ["fix", "undo"], inbound_id=reply)
    scene.mail(MIRA, "sender_unknown", ["fix"], inbound_id=held)
    scene.mail(CARLA, "invitation", ["join", "leave", "unsubscribe"])
    scene.mail(EMIL, "introduction", ["solved-3"])
    scene.client.post(scene.path(CARLA, "help", 3), data={"via": "button"})
    return [
        scene.path(BEN, "help", 1),
        scene.path(MIRA, "whole", 1),
        scene.path(BEN, "leave"),
        scene.path(BEN, "unsubscribe"),
        scene.path(MIRA, "fix", kind="receipt"),
        scene.path(MIRA, "undo", kind="receipt"),
        scene.path(MIRA, "fix", kind="sender_unknown"),
        scene.path(CARLA, "join", kind="invitation"),
        scene.path(CARLA, "undo", 3),
        scene.path(EMIL, "solved", 3, kind="introduction"),
    ]


def test_looking_ten_times_changes_nothing_but_the_note_that_a_link_was_opened(scene: Scene) -> None:
    paths = every_link(scene)
    before = scene.everything()
    for minutes in (2, 40):
        scene.at(minutes=minutes)
        for path in paths:
            answers = [call(path) for call in (scene.client.get, scene.client.head) for _ in range(10)]
            assert {answer.status_code for answer in answers} == {200}
    assert scene.everything() == before
    assert set(scene.openings()) == {
        "help-1",
        "whole-1",
        "leave",
        "unsubscribe",
        "fix",
        "undo",
        "join",
        "undo-3",
        "solved-3",
    }


def test_an_opening_is_noted_with_its_time_and_nothing_about_by_whom(scene: Scene) -> None:
    scene.client.get(scene.path(BEN, "help", 1), headers={"User-Agent": "X"})
    columns = set(LinkOpening.__table__.columns.keys())
    assert columns == {"id", "outbound_message_id", "link_name", "opened_at"}
    with scene.database.reading() as session:
        (note,) = session.query(LinkOpening)
    assert abs(note.opened_at - clock.now()) < timedelta(seconds=30)


def test_reloading_does_not_fill_the_table(scene: Scene) -> None:
    for _ in range(5):
        scene.client.get(scene.path(BEN, "help", 1))
    assert scene.openings() == ["help-1"]


def test_a_post_without_a_button_changes_nothing(scene: Scene) -> None:
    paths = every_link(scene)
    before = scene.everything()
    for path in paths:
        for form in ({}, {"act": "something"}, {"via": "reply"}):
            scene.client.post(path, data=form)
    assert scene.everything() == before


# Links that lead nowhere

PURPOSES: tuple[Purpose, ...] = ("help", "solved", "undo", "fix", "leave", "unsubscribe", "join", "whole")


def made_up(scene: Scene, purpose: Purpose) -> list[str]:
    """Damaged, foreign, for another purpose, and signed by us for a mail that there is not."""
    good = scene.path(BEN, purpose, 1)
    other: Purpose = "whole" if purpose != "whole" else "help"
    foreign = signed_link.mint(Link(purpose, "0000000000000000", 0, 1), ["another secret of another service"])
    unknown = signed_link.mint(Link(purpose, "0000000000000000", 0, 1), scene.settings.secret)
    return [
        good[:-1],
        good[:-6] + "AAAAAA",
        good.replace("-0-1.", "-0-2."),
        f"/{purpose}/" + scene.path(BEN, other, 1).rpartition("/")[2],
        f"/{purpose}/{foreign}",
        f"/{purpose}/{unknown}",
        f"/{purpose}/x",
        f"/{purpose}/" + "é%00" * 300,
    ]


def test_every_link_that_leads_nowhere_gets_the_same_page(scene: Scene) -> None:
    before = scene.everything()
    pages: list[TestResponse] = []
    for purpose in PURPOSES:
        for path in made_up(scene, purpose):
            pages.append(scene.client.get(path))
            if purpose != "whole":  # it has no button
                pages.append(scene.client.post(path, data={"act": "leave", "via": "button"}))
    assert {page.status_code for page in pages} == {404}
    assert len({page.data for page in pages}) == 1
    assert len({tuple(sorted(page.headers.items())) for page in pages}) == 1
    assert "This link leads nowhere." in pages[0].text
    assert not any(word in pages[0].text for word in (BEN, MIRA, GLUE, "Packaging"))
    assert scene.everything() == before
    assert scene.openings() == []


def test_an_unknown_link_asks_the_database_what_a_damaged_one_asks(scene: Scene) -> None:
    """So that its time tells nothing."""
    paths, asked = made_up(scene, "help"), list[list[str]]()

    @event.listens_for(scene.database.engine, "before_cursor_execute")
    @event.listens_for(scene.database.reader, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked[-1].append(statement)

    for path in paths:
        asked.append([])
        scene.client.get(path)
    assert len({tuple(statements) for statements in asked}) == 1
    assert asked[0]


def test_a_stranger_is_answered_in_the_language_of_the_browser(scene: Scene) -> None:
    page = scene.client.get("/help/x", headers={"Accept-Language": "de-AT,en;q=0.5"})
    assert "Dieser Link führt nirgendwohin." in page.text
    other = scene.client.get("/help/x", headers={"Accept-Language": "ja"})
    assert "This link leads nowhere." in other.text


# Headers

POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def assert_strict(page: TestResponse) -> None:
    assert set(page.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in page.headers


def test_every_answer_has_strict_headers_and_no_cookie(scene: Scene) -> None:
    for path in every_link(scene):
        assert_strict(scene.client.get(path))
        assert_strict(scene.client.post(path, data={"act": "leave", "via": "button"}))
    for path in ("/", "/healthz", "/nothing", "/help/x"):
        assert_strict(scene.client.get(path))


def test_no_page_names_another_host_or_holds_a_style_or_script_of_its_own(scene: Scene) -> None:
    for path in every_link(scene):
        page = scene.client.get(path).text
        assert not re.search(r"https?://|\sstyle=|<style|\son\w+=|javascript:", page)
        assert set(re.findall(r"<script[^>]*>", page)) == {'<script src="/static/page.js" defer>'}


def test_every_page_names_its_language_and_title_and_holds_nobodys_words_in_it(scene: Scene) -> None:
    for path in every_link(scene):
        page = scene.client.get(path).text
        (title,) = re.findall(r"<title>(.*)</title>", page)
        assert re.search(r'<html lang="(en|de)" dir="ltr">', page)
        assert "Packaging group" in title
        assert GLUE not in title
        assert len(re.findall("<h1", page)) == 1


def test_the_pages_live_in_a_folder_of_a_host_too(scene: Scene) -> None:
    scene.app.extensions["digest.settings"] = replace(
        scene.settings, base_url="https://intranet.example.com/digest"
    )
    scene.at(minutes=20)
    page = scene.client.post(scene.path(BEN, "help", 1), data={"via": "auto"}).text
    assert 'href="/digest/static/page.css"' in page
    assert 'action="/digest/undo/' in page


def test_a_link_is_short_enough_for_every_mail_program(scene: Scene) -> None:
    assert all(len(path) <= 90 for path in every_link(scene))


def test_the_clock_of_the_scene_is_a_monday_morning() -> None:
    assert SENT.weekday() == 0
