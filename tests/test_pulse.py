"""Behaviour of the sign of life that a worker gives after each turn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest import clock, pulse
from digest.database import Database
from digest.domain.running import heartbeat
from digest.pulse import Pulse


def test_a_worker_beats_a_few_times_a_minute(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[str] = []
    monkeypatch.setattr(heartbeat, "beat", lambda _session, worker, _now: beats.append(worker))
    one = Pulse(database, "w")
    for seconds in (0, 19, 20, 39, 41):
        monkeypatch.setattr(pulse.time, "monotonic", lambda seconds=seconds: 1000.0 + seconds)
        one.beat()
    assert beats == ["w"] * 3


def test_a_clock_that_is_set_back_stops_no_pulse(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "NOT_OFTENER", 0.0)
    one, before = Pulse(database, "w"), clock.real_now() - timedelta(hours=3)
    one.beat()
    monkeypatch.setattr(clock, "real_now", lambda: before)
    one.beat()
    with database.reading() as session:
        assert heartbeat.beats(session, before - timedelta(hours=1)).last_at == before
