"""Behaviour of practices: what a group does each week, as data."""

from __future__ import annotations

from datetime import time

import pytest

from digest.database import Database
from digest.domain.groups.practice import add_practice, read_weekly_time
from digest.errors import Misuse
from tests.domain.given import SUNDAY, a_group


@pytest.mark.parametrize(
    ("text", "weekly"),
    [
        ("tue 09:00", (1, time(9))),
        ("Mon 9:00", (0, time(9))),
        ("  sunday 23:59 ", (6, time(23, 59))),
        ("fri 00:00", (4, time(0))),
    ],
)
def test_a_weekly_time_is_a_day_and_a_time(text: str, weekly: tuple[int, time]) -> None:
    assert read_weekly_time(text) == weekly


@pytest.mark.parametrize(
    "text", ["", "tue", "09:00", "xyz 09:00", "tue 24:00", "tue 9", "tue 09:60", "tue 09:00 pm"]
)
def test_what_is_no_weekly_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Misuse, match='Write it like "tue 09:00"'):
        read_weekly_time(text)


def test_a_learning_log_has_its_usual_sections_and_times(database: Database) -> None:
    with database.transaction() as session:
        practice = add_practice(session, a_group(session), "learning-log", now=SUNDAY)
        assert practice.sections == ["tried", "failed", "question"]
        assert (practice.prompt_weekday, practice.prompt_time) == (1, time(9))
        assert (practice.digest_weekday, practice.digest_time) == (0, time(9))
        assert practice.every_weeks == 1


def test_a_group_may_choose_other_times(database: Database) -> None:
    with database.transaction() as session:
        practice = add_practice(
            session, a_group(session), "learning-log", prompt="wed 14:30", digest="fri 08:00", now=SUNDAY
        )
        assert (practice.prompt_weekday, practice.prompt_time) == (2, time(14, 30))
        assert (practice.digest_weekday, practice.digest_time) == (4, time(8))


def test_an_unknown_practice_is_answered_with_those_there_are(database: Database) -> None:
    with database.transaction() as session, pytest.raises(Misuse, match="There is: learning-log"):
        add_practice(session, a_group(session), "stand-up", now=SUNDAY)
