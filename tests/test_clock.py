"""Behaviour of the clock: the service's time, and the week arithmetic of a zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from digest import clock
from digest.errors import Misuse


@pytest.fixture(autouse=True)
def the_machines_time() -> Iterator[None]:
    yield
    clock.start_at(None)


def test_the_clock_starts_where_it_is_put_and_runs_on() -> None:
    clock.start_at(datetime(2026, 3, 31, 7, 0, tzinfo=UTC))
    first = clock.now()
    assert timedelta(0) <= first - datetime(2026, 3, 31, 7, 0, tzinfo=UTC) < timedelta(seconds=5)
    assert first <= clock.now()


def test_the_clock_goes_back_to_the_machines_time() -> None:
    clock.start_at(datetime(2026, 3, 31, 7, 0, tzinfo=UTC))
    clock.start_at(None)
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=5)


def test_real_time_stays_when_the_clock_is_moved() -> None:
    clock.start_at(datetime(2100, 1, 1, tzinfo=UTC))
    assert clock.real_now().year < 2100


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-24T09:00+01:00", datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        ("2026-11-24T09:00Z", datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
        ("2026-11-24T09:00", datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_with_its_offset_or_as_utc(text: str, instant: datetime) -> None:
    assert clock.read_instant(text) == instant
    assert clock.read_instant(text).tzinfo is UTC


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "24.11.2026"])
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Misuse, match="Write it like 2026-11-24T09:00"):
        clock.read_instant(text)


@pytest.mark.parametrize(
    "name", ["", "Berlin", "Europe/Nowhere", "../etc/passwd", "/etc/localtime", "Europe"]
)
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(Misuse, match="IANA"):
        clock.zone(name)


def test_the_week_of_an_instant_is_that_of_its_zone() -> None:
    sunday_late = datetime(2026, 4, 5, 22, 30, tzinfo=UTC)  # Monday in Berlin
    assert clock.iso_week(sunday_late, "Europe/London") == "2026-W14"
    assert clock.iso_week(sunday_late, "Europe/Berlin") == "2026-W15"


def test_the_first_days_of_january_may_lie_in_the_week_before() -> None:
    assert clock.iso_week(datetime(2027, 1, 2, 12, tzinfo=UTC), "UTC") == "2026-W53"
    assert clock.week_number("2026-W53") == 53


def test_weeks_go_on_over_a_year_with_53_of_them() -> None:
    assert clock.weeks_after("2026-W52", 1) == "2026-W53"
    assert clock.weeks_after("2026-W53", 1) == "2027-W01"
    assert clock.weeks_after("2027-W52", 1) == "2028-W01"
    assert clock.monday("2026-W53") == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("week", "instant"),
    [
        ("2026-W13", datetime(2026, 3, 24, 8, 0, tzinfo=UTC)),  # the week of the change: still winter
        ("2026-W14", datetime(2026, 3, 31, 7, 0, tzinfo=UTC)),
        ("2026-W43", datetime(2026, 10, 20, 7, 0, tzinfo=UTC)),
        ("2026-W44", datetime(2026, 10, 27, 8, 0, tzinfo=UTC)),
    ],
)
def test_nine_oclock_stays_nine_oclock_over_a_change_of_the_clocks(week: str, instant: datetime) -> None:
    assert clock.local_instant(week, 1, time(9), "Europe/Berlin") == instant


def test_a_time_that_the_clocks_skip_is_read_with_the_offset_before() -> None:
    assert clock.local_instant("2026-W13", 6, time(2, 30), "Europe/Berlin") == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


def test_a_time_that_comes_twice_is_its_first_occurrence() -> None:
    assert clock.local_instant("2026-W43", 6, time(2, 30), "Europe/Berlin") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_a_day_ends_at_its_midnight_in_the_zone() -> None:
    assert clock.end_of_day(date(2026, 7, 1), "Europe/Berlin") == datetime(2026, 7, 1, 22, 0, tzinfo=UTC)
    assert clock.end_of_day(date(2026, 10, 25), "Europe/Berlin") == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)
