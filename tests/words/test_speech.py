"""How days, times, waiting and names are said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.words.speech import Speech, speech

NOW = datetime(2027, 4, 12, 7, 0, tzinfo=UTC)  # a Monday, 09:00 in Berlin


def said_in(locale: str, zone: str = "Europe/Berlin") -> Speech:
    return speech(locale, zone, NOW)


@pytest.mark.parametrize(
    ("locale", "later_today", "this_week", "later"),
    [
        ("en", "at 11:10", "on Thursday at 11:10", "on Tuesday, 20 April, at 11:10"),
        ("en-US", "at 11:10 AM", "on Thursday at 11:10 AM", "on Tuesday, April 20, at 11:10 AM"),
        ("de", "um 11:10 Uhr", "am Donnerstag um 11:10 Uhr", "am Dienstag, den 20. April, um 11:10 Uhr"),
        ("fr", "at 11:10", "on Thursday at 11:10", "on Tuesday, 20 April, at 11:10"),
        ("not a tag", "at 11:10", "on Thursday at 11:10", "on Tuesday, 20 April, at 11:10"),
    ],
)
def test_a_moment_is_said_as_people_of_that_place_say_it(
    locale: str, later_today: str, this_week: str, later: str
) -> None:
    talk, at = said_in(locale), NOW + timedelta(hours=2, minutes=10)
    assert talk.moment(at) == later_today
    assert talk.moment(at + timedelta(days=3)) == this_week
    assert talk.moment(at + timedelta(days=8)) == later


def test_a_day_has_its_year_where_it_is_another() -> None:
    assert said_in("en").day(date(2027, 7, 1)) == "1 July"
    assert said_in("en").day(date(2028, 7, 1)) == "1 July 2028"
    assert said_in("de-AT").day(date(2028, 1, 6)) == "6. Jänner 2028"


def test_the_day_is_that_of_the_group_s_zone() -> None:
    late = datetime(2027, 4, 12, 23, 30, tzinfo=UTC)
    assert said_in("en", "Pacific/Auckland").moment(late) == "on Tuesday at 11:30"
    assert said_in("en", "America/New_York").moment(late) == "at 19:30"


@pytest.mark.parametrize(
    ("days", "english", "german"),
    [
        (-1, "since today", "seit heute"),
        (0, "since today", "seit heute"),
        (1, "since yesterday", "seit gestern"),
        (6, "since Tuesday", "seit Dienstag"),
        (7, "for 7 days", "seit 7 Tagen"),
        (9, "for 9 days", "seit 9 Tagen"),
    ],
)
def test_waiting_is_said_by_weekday_and_then_by_days(days: int, english: str, german: str) -> None:
    asked = NOW.date() - timedelta(days=days)
    assert (said_in("en").since(asked), said_in("de").since(asked)) == (english, german)


def test_names_are_listed_as_in_a_sentence() -> None:
    assert said_in("en").names(["Ben", "Carla", "Jonas"]) == "Ben, Carla and Jonas"
    assert said_in("de").names(["Ben", "Carla", "Jonas"]) == "Ben, Carla und Jonas"
    assert said_in("de").names(["Ben\r\nX"]) == "Ben X"
