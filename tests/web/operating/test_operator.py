"""Behaviour of the operator's page: behind a link that is good for a day, without a secret, changing nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest import clock
from digest.checking import operator_link
from digest.domain.running import heartbeat
from tests.checking.given import FakeNames
from tests.parts.browser import Browser
from tests.web.conftest import Reader
from tests.web.scene import BEN, SECRET, Scene


@pytest.fixture(autouse=True)
def _no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.checking.scope.DnsNames", lambda: FakeNames(silent=True))


def path(hours: float = 1, secret: str = SECRET) -> str:
    until = clock.real_now() + timedelta(hours=hours)
    return f"/operator/{operator_link.mint(until, [secret])}"


def test_the_page_tells_what_the_check_tells(scene: Scene) -> None:
    answer = scene.client.get(path())
    assert answer.status_code == 200
    assert "DIGEST_MAIL_URL is not set" in answer.text
    assert "No worker has run yet" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_it_speaks_the_language_of_who_looks(scene: Scene) -> None:
    page = scene.client.get(path(), headers={"Accept-Language": "de"}).text
    assert "Digest braucht dich" in page
    assert "Bisher lief kein Arbeitsprozess" in page


def test_a_link_that_is_old_foreign_or_made_up_says_how_to_get_a_new_one(scene: Scene) -> None:
    stolen = scene.path(BEN, "help", 1).replace("/help/", "/operator/")
    for link in (path(hours=-0.1), path(secret="another secret of sixteen"), "/operator/x", stolen):
        answer = scene.client.get(link)
        assert answer.status_code == 404
        assert "digest check --link" in answer.text
        assert "DIGEST" not in answer.text


def test_it_shows_no_secret_and_nothing_of_members_and_changes_nothing(scene: Scene) -> None:
    with scene.database.transaction() as session:
        heartbeat.beat(session, "a worker", clock.real_now())
    before = scene.everything()
    page = scene.client.get(path()).text
    assert scene.everything() == before
    for word in (SECRET, "Mira", "Ben", "Packaging", "glue", "mira@"):
        assert word not in page


def test_it_reads_well_on_a_phone(reader: Reader, browser: Browser) -> None:
    browser.set_width(360)
    reader.open(path())
    assert reader.heading() == "Digest needs you"
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 360
