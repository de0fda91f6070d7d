"""What is said when something goes wrong, and whether the service is well."""

from __future__ import annotations

import logging

import pytest
from flask.testing import FlaskClient

from digest import clock
from digest.app import create_app
from digest.database import connect
from digest.domain.running import heartbeat
from digest.settings import Settings
from tests.web.scene import BEN, Scene

SETTINGS = Settings(secret=("a secret of sixteen characters and more",))


def test_a_healthy_service_says_ok(scene: Scene) -> None:
    with scene.database.transaction() as session:
        heartbeat.beat(session, "a worker", clock.real_now())
    answer = scene.client.get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")


def test_an_old_schema_is_told_in_one_sentence(empty_database_url: str) -> None:
    database = connect(empty_database_url)
    answer = create_app(SETTINGS, database).test_client().get("/healthz")
    assert answer.status_code == 503
    assert answer.text == "The database has an older schema or none. Run: digest db upgrade\n"
    database.close()


@pytest.fixture
def away() -> FlaskClient:
    """A service whose database cannot be reached."""
    database = connect("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=2")
    return create_app(SETTINGS, database).test_client()


def test_a_database_that_is_away_is_told(away: FlaskClient) -> None:
    answer = away.get("/healthz")
    assert answer.status_code == 503
    assert answer.text == "The database cannot be reached.\n"


def test_a_page_says_that_nothing_was_lost_while_the_database_is_away(
    away: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    for answer in (away.get("/help/x"), away.post("/leave/x", data={"act": "leave"})):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
        assert "We cannot look it up just now." in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert "/help/x" not in caplog.text


def test_the_root_says_in_a_line_what_this_is(scene: Scene) -> None:
    page = scene.client.get("/", headers={"Accept-Language": "de"})
    assert "Kleine Gruppen, die einander helfen" in page.text


def test_what_is_not_there_is_told_plainly(scene: Scene) -> None:
    for path in ("/nothing", "/help", "/help/a/b", "/static/../app.py", "/static/nothing.css", "/%00"):
        page = scene.client.get(path)
        assert page.status_code == 404
        assert "There is nothing here." in page.text


def test_a_wrong_way_of_asking_is_told_with_the_right_ones(scene: Scene) -> None:
    page = scene.client.put(scene.path(BEN, "help", 1))
    assert page.status_code == 405
    assert {"GET", "POST"} <= set(page.headers["Allow"].split(", "))


def test_a_fault_of_ours_shows_no_trace_and_keeps_the_link_out_of_the_log(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = scene.path(BEN, "help", 1)
    monkeypatch.setattr("digest.web.pages.help_offers.offer_by", None)
    with caplog.at_level(logging.ERROR):
        page = scene.client.get(path)
    assert page.status_code == 500
    assert "Something went wrong on our side." in page.text
    assert "NoneType" not in page.text
    assert "/help/<token> failed" in caplog.text
    assert path not in caplog.text


def test_the_style_and_the_script_may_be_kept_a_little(scene: Scene) -> None:
    for name, mimetype in (("page.css", "text/css"), ("page.js", "text/javascript")):
        answer = scene.client.get(f"/static/{name}")
        assert (answer.status_code, answer.mimetype) == (200, mimetype)
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
