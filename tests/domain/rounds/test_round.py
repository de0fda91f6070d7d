"""Behaviour of rounds: when they are planned, due, current and too late."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from digest.database import Database, connect
from digest.domain.rounds.round import (
    DIGEST_LATEST,
    PROMPT_LATEST,
    Round,
    claim,
    current_round,
    due_digests,
    due_prompts,
    instants,
    next_digest_at,
    next_prompt_at,
    open_round,
    plan_rounds,
    practices_to_plan,
)
from tests.domain.given import MONDAY, SUNDAY, TUESDAY, a_group, a_practice, a_prompted_round
from tests.parts.databases import PostgresDatabases, database_with_schema

WEEK = timedelta(weeks=1)


def test_planning_twice_makes_no_second_row(database: Database) -> None:
    with database.transaction() as session:
        practice = a_practice(session, a_group(session))
        before = session.scalar(select(func.count(Round.id)))
        plan_rounds(session, practice, SUNDAY)
        plan_rounds(session, practice, SUNDAY + timedelta(hours=1))
        assert session.scalar(select(func.count(Round.id))) == before
        assert before


def test_the_next_four_weeks_are_planned_so_that_a_receipt_can_name_the_digest(database: Database) -> None:
    with database.transaction() as session:
        a_practice(session, a_group(session))
        weeks = session.scalars(select(Round.week).order_by(Round.prompt_due_at)).all()
        assert weeks[:4] == ["2026-W14", "2026-W15", "2026-W16", "2026-W17"]


def test_a_group_that_begins_after_its_prompt_time_waits_for_the_next_week(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session, now=TUESDAY + timedelta(minutes=1))
        a_practice(session, group, now=TUESDAY + timedelta(minutes=1))
        assert next_prompt_at(session, group.id) == TUESDAY + WEEK


def test_weeks_that_passed_unplanned_stay_so(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        practice = a_practice(session, group)
        plan_rounds(session, practice, SUNDAY + 20 * WEEK)
        weeks = set(session.scalars(select(Round.week)))
        assert "2026-W14" in weeks
        assert "2026-W25" not in weeks
        assert "2026-W34" in weeks


def test_a_plan_is_looked_at_again_before_it_runs_out(database: Database) -> None:
    with database.transaction() as session:
        practice = a_practice(session, a_group(session))
        assert practices_to_plan(session, SUNDAY + timedelta(days=6)) == []
        assert practices_to_plan(session, SUNDAY + timedelta(days=8)) == [practice.id]


def test_no_round_begins_after_the_last_day_of_the_task(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        group.until = date(2026, 4, 7)
        a_practice(session, group)
        assert list(session.scalars(select(Round.week).order_by(Round.id))) == ["2026-W14", "2026-W15"]


def test_every_other_week_is_counted_from_the_first(database: Database) -> None:
    with database.transaction() as session:
        practice = a_practice(session, a_group(session, timezone="UTC"), prompt="sun 18:00")
        practice.every_weeks = 2
        session.query(Round).delete()
        plan_rounds(session, practice, SUNDAY)
        plan_rounds(session, practice, SUNDAY + 3 * WEEK)
        weeks = list(session.scalars(select(Round.week).order_by(Round.prompt_due_at)))
        assert weeks[:4] == ["2026-W13", "2026-W15", "2026-W17", "2026-W19"]


def test_the_digest_is_the_first_after_the_prompt(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        monday_after = a_practice(session, group)
        same_week = a_practice(session, group, prompt="mon 09:00", digest="fri 16:00")
        same_moment = a_practice(session, group, prompt="mon 09:00", digest="mon 09:00")
        assert instants(monday_after, "2026-W14") == (TUESDAY, MONDAY)
        monday, friday = datetime(2026, 3, 30, 7, tzinfo=UTC), datetime(2026, 4, 3, 14, tzinfo=UTC)
        assert instants(same_week, "2026-W14") == (monday, friday)
        assert instants(same_moment, "2026-W14") == (monday, monday + WEEK)


def test_a_prompt_is_due_at_its_instant_and_no_second_earlier(database: Database) -> None:
    with database.transaction() as session:
        a_practice(session, a_group(session))
        assert due_prompts(session, TUESDAY - timedelta(seconds=1)) == []
        assert len(due_prompts(session, TUESDAY)) == 1


def test_a_prompt_that_was_decided_on_is_due_no_more(database: Database) -> None:
    with database.transaction() as session:
        a_prompted_round(session, a_group(session))
        session.flush()
        assert due_prompts(session, TUESDAY + timedelta(days=1)) == []
        assert len(due_digests(session, MONDAY)) == 1


def test_what_is_due_comes_earliest_first(database: Database) -> None:
    with database.transaction() as session:
        late, early = a_group(session, "Late", "America/Lima"), a_group(session, "Early", "Asia/Tokyo")
        a_practice(session, late)
        a_practice(session, early)
        due = [session.get_one(Round, round_id).group_id for round_id in due_prompts(session, TUESDAY + WEEK)]
        assert due == [early.id, late.id, early.id]


def test_how_late_a_prompt_and_a_digest_may_be(database: Database) -> None:
    with database.transaction() as session:
        found = a_prompted_round(session, a_group(session))
        assert not found.prompt_is_too_late(TUESDAY + PROMPT_LATEST)
        assert found.prompt_is_too_late(TUESDAY + PROMPT_LATEST + timedelta(seconds=1))
        assert not found.digest_is_too_late(MONDAY + DIGEST_LATEST)
        assert found.digest_is_too_late(MONDAY + DIGEST_LATEST + timedelta(seconds=1))


def test_before_the_first_prompt_a_reply_counts_for_the_round_to_come(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        a_practice(session, group)
        found = current_round(session, group.id, SUNDAY)
        assert found is not None
        assert found.week == "2026-W14"
        assert open_round(session, group.id, SUNDAY) is None


def test_a_round_is_open_from_its_prompt_to_its_digest(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        found = a_prompted_round(session, group)
        assert open_round(session, group.id, TUESDAY) is found
        found.digested_at = MONDAY
        assert open_round(session, group.id, MONDAY) is None
        assert current_round(session, group.id, MONDAY) is found


def test_a_round_whose_prompt_was_missed_is_not_open(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        a_prompted_round(session, group).prompt_missed = True
        assert open_round(session, group.id, TUESDAY) is None


def test_the_next_prompt_and_digest_are_those_not_yet_decided_on(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        a_prompted_round(session, group)
        session.flush()
        assert next_prompt_at(session, group.id) == TUESDAY + WEEK
        assert next_digest_at(session, group.id, TUESDAY) == MONDAY
        assert next_digest_at(session, group.id, MONDAY) == MONDAY + WEEK


def test_two_workers_never_hold_the_same_round(postgres_databases: PostgresDatabases) -> None:
    """On SQLite there is one writer at a time, so that the second waits for the first."""
    with database_with_schema(postgres_databases) as url, closing(connect(url)) as database:
        with database.transaction() as session:
            a_practice(session, a_group(session))
            (round_id,) = due_prompts(session, TUESDAY)
        with database.transaction() as first, database.transaction() as second:
            assert claim(first, round_id) is not None
            assert claim(second, round_id) is None
