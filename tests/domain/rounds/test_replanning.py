"""Behaviour of planned rounds when a group's times or its last day change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.database import Database
from digest.domain.groups.practice import Practice
from digest.domain.rounds.replanning import change_times, replan
from digest.domain.rounds.round import Round
from tests.domain.given import (
    SUNDAY,
    TUESDAY,
    WEDNESDAY,
    a_group,
    a_member,
    a_practice,
    a_prompted_round,
    an_entry,
)

WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
MONDAYS_DIGEST = TUESDAY + 6 * DAY


def planned(session: Session) -> list[tuple[datetime, datetime]]:
    rounds = session.scalars(select(Round).order_by(Round.week))
    return [(one.prompt_due_at, one.digest_due_at) for one in rounds]


def changed(
    session: Session, practice: Practice, now: datetime, prompt: str | None = None, digest: str | None = None
) -> list[tuple[datetime, datetime]]:
    change_times(practice, prompt, digest)
    replan(session, practice, now)
    return planned(session)


def test_other_times_hold_from_the_next_prompt_on(database: Database) -> None:
    with database.transaction() as session:
        practice = a_practice(session, a_group(session))
        thursday = TUESDAY + 2 * DAY + HOUR
        found = changed(session, practice, SUNDAY, "thu 10:00", "fri 16:00")
        assert found[:2] == [
            (thursday, thursday + DAY + 6 * HOUR),
            (thursday + WEEK, thursday + WEEK + DAY + 6 * HOUR),
        ]


def test_a_round_whose_prompt_is_out_ends_as_it_was_told(database: Database) -> None:
    with database.transaction() as session:
        practice = a_prompted_round(session, a_group(session)).practice
        found = changed(session, practice, WEDNESDAY, "thu 10:00", "sun 09:00")
        assert found[0] == (TUESDAY, MONDAYS_DIGEST)
        assert found[1][0] == TUESDAY + 2 * DAY + HOUR + WEEK


def test_a_prompt_is_not_moved_into_the_past(database: Database) -> None:
    with database.transaction() as session:
        practice = a_practice(session, a_group(session), prompt="thu 10:00")
        found = changed(session, practice, WEDNESDAY, "tue 09:00")
        assert [prompt for prompt, _ in found[:2]] == [TUESDAY + 2 * DAY + HOUR, TUESDAY + WEEK]


def test_what_waits_is_not_shown_before_the_digest_that_its_writer_was_told(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        mira = a_member(session, group, "Mira")
        first = a_prompted_round(session, group)
        first.digested_at = MONDAYS_DIGEST
        after = MONDAYS_DIGEST + HOUR  # the next prompt is to come
        (tried,) = an_entry(session, first, mira, tried="the other glue")
        told = MONDAYS_DIGEST + WEEK
        found = changed(session, first.practice, after, digest="fri 09:00")
        assert found[1] == (TUESDAY + WEEK, told)
        assert found[2] == (TUESDAY + 2 * WEEK, TUESDAY + 2 * WEEK + 3 * DAY)
        tried.not_before = told + timedelta(seconds=1)  # "later"
        change_times(first.practice, None, "thu 09:00")
        replan(session, first.practice, after)
        assert planned(session)[2] == found[2]
        assert planned(session)[3][1] == TUESDAY + 3 * WEEK + 2 * DAY


def test_a_task_that_ends_earlier_has_no_prompt_after_it_and_one_that_goes_on_has(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        practice = a_practice(session, group)
        before = planned(session)
        group.until = date(2026, 4, 7)
        replan(session, practice, SUNDAY)
        assert [prompt for prompt, _ in planned(session)] == [TUESDAY, TUESDAY + WEEK]
        group.until = None
        replan(session, practice, SUNDAY)
        assert planned(session) == before


def test_a_round_for_which_somebody_wrote_already_keeps_its_digest(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        practice = a_practice(session, group)
        last = session.scalars(select(Round).order_by(Round.week.desc()).limit(1)).one()
        an_entry(session, last, a_member(session, group, "Mira"), tried="the other glue")
        group.until = date(2026, 4, 7)
        replan(session, practice, SUNDAY)
        assert last.digest_due_at in [digest for _, digest in planned(session)]
