"""Behaviour of /healthz and /metrics: what a machine may know, and who may ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest import clock
from digest.app import create_app
from digest.domain.mails.record import InboundMessage
from digest.domain.running import heartbeat
from tests.web.scene import Scene, make_scene

TOKEN = "a token for the figures"


def beat(scene: Scene) -> None:
    with scene.database.transaction() as session:
        heartbeat.beat(session, "a worker", clock.real_now())


def failed(scene: Scene) -> None:
    with scene.database.transaction() as session:
        now = clock.now()
        values = {"raw_digest": "x", "rcpt_to": "x", "raw": b"x", "size": 1, "via": "raw", "state": "failed"}
        session.add(InboundMessage(received_at=now, settled_at=now, **values))


@pytest.fixture
def measured(database):  # type: ignore[no-untyped-def]
    yield make_scene(database, metrics_token=(TOKEN, "the next token to come"))
    clock.start_at(None)


def test_web_alone_says_that_no_worker_has_ever_run_and_stays_in_service(scene: Scene) -> None:
    answer = scene.client.get("/healthz")
    assert answer.status_code == 200
    assert answer.text.startswith("ok\nNo worker has run yet: nothing is read, composed or sent.")


def test_trouble_elsewhere_is_said_and_takes_no_machine_out_of_service(scene: Scene) -> None:
    beat(scene)
    failed(scene)
    answer = scene.client.get("/healthz")
    assert answer.status_code == 200
    assert answer.text.splitlines()[0] == "ok"
    assert answer.text.splitlines()[1].startswith("Set aside within a day: 1 messages")


def test_figures_are_not_for_strangers(measured: Scene) -> None:
    closed = create_app(replace(measured.settings, metrics_token=()), measured.database).test_client()
    assert closed.get("/metrics").status_code == 404
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = measured.client.get("/metrics", headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert "digest_" not in answer.text


def test_figures_are_told_as_prometheus_reads_them(measured: Scene) -> None:
    beat(measured)
    failed(measured)
    answer = measured.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    figures = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert figures["digest_workers"] == "1.0"
    assert float(figures["digest_tick_age_seconds"]) < 60
    assert figures["digest_questions_open"] == "3.0"
    assert figures['digest_messages_last_day{state="failed"}'] == "1.0"
    assert figures['digest_trouble{kind="failed"}'] == "1.0"
    assert "digest_inbox_oldest_seconds" not in figures
    assert "Mira" not in answer.text
    assert "example.com" not in answer.text


def test_the_answer_is_kept_for_a_moment_however_many_ask(measured: Scene) -> None:
    beat(measured)
    asked = [measured.client.get("/healthz").text for _ in range(3)]
    failed(measured)
    assert measured.client.get("/healthz").text == asked[0] == "ok\n"
    again = create_app(measured.settings, measured.database).test_client()
    assert again.get("/healthz").text != "ok\n"
