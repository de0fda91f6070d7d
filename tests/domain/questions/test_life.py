"""The table of a question's life: nothing falls through, and the picture in docs shows what the code follows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from digest.database import Database
from digest.domain.questions.life import STAGES, STEPS, Stage, after, next_at, picture
from digest.domain.questions.question import give_numbers, happen
from tests.domain.given import MONDAY, TUESDAY, a_group, a_member, a_prompted_round, a_question

DOCS = Path(__file__).parents[3] / "docs" / "life-of-a-question.md"
OPEN: list[Stage] = [stage for stage, standing in STAGES.items() if standing.state == "open"]


@pytest.mark.parametrize("stage", OPEN)
def test_an_open_question_always_has_a_next_event_and_it_leads_on(stage: Stage) -> None:
    event = STAGES[stage].next_event
    assert event is not None
    assert after(stage, event) not in (None, stage)


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage not in OPEN])
def test_what_is_over_stays_over_unless_its_asker_says_otherwise(stage: Stage) -> None:
    assert STAGES[stage].next_event is None
    assert {event for (of, event) in STEPS if of == stage} <= {"withdraw", "not yet"}


def test_left_to_itself_every_question_comes_to_an_end() -> None:
    for stage in OPEN:
        seen: list[Stage] = []
        while STAGES[stage].next_event is not None:
            assert stage not in seen
            seen.append(stage)
            reached = after(stage, STAGES[stage].next_event)
            assert reached is not None
            stage = reached
        assert STAGES[stage].state == "closed"


def test_every_stage_can_be_reached() -> None:
    assert {*STEPS.values(), "waiting"} == set(STAGES)


def test_its_asker_can_withdraw_it_at_any_time_and_solve_it_once_the_group_has_it() -> None:
    for stage in OPEN:
        assert after(stage, "withdraw") == "withdrawn"
        assert (after(stage, "solved") == "answered") == (stage != "waiting")


def test_days_count_from_the_day_on_which_it_was_shown() -> None:
    assert next_at("round", TUESDAY, TUESDAY) == TUESDAY + timedelta(days=7)
    assert next_at("spread", TUESDAY, MONDAY) == TUESDAY + timedelta(days=14)
    assert next_at("sharpened", TUESDAY, MONDAY) == TUESDAY + timedelta(days=28)
    assert next_at("helped", TUESDAY, MONDAY) == MONDAY + timedelta(days=3)
    late = TUESDAY + timedelta(days=27)
    assert next_at("asked", TUESDAY, late) == late + timedelta(days=7)


def test_the_picture_in_the_docs_is_that_of_the_table() -> None:
    assert picture() in DOCS.read_text("utf-8")
    for stage, standing in STAGES.items():
        assert f"| {stage} |" in DOCS.read_text("utf-8"), standing.means


def test_the_verbs_follow_the_table(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        question = a_question(session, a_prompted_round(session, group), a_member(session, group, "Mira"))
        assert (question.stage, question.next_at) == ("waiting", None)
        assert not happen(question, "helped", MONDAY)  # nobody can help with what nobody has seen
        question.section.shown_at = MONDAY
        give_numbers(group, [question])
        assert (question.stage, question.next_at) == ("round", MONDAY + timedelta(days=7))
        assert happen(question, "helped", MONDAY)
        assert not happen(question, "helped", MONDAY + timedelta(days=2))  # the three days run from the first
        assert question.next_at == MONDAY + timedelta(days=3)
        assert happen(question, "solved", MONDAY)
        assert (question.state, question.stage, question.next_at) == ("answered", "answered", None)
        assert question.closed_at == MONDAY


def test_nobody_is_asked_at_a_weekend(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        question = a_question(session, a_prompted_round(session, group), a_member(session, group, "Mira"))
        question.section.shown_at = MONDAY
        give_numbers(group, [question])
        happen(question, "helped", MONDAY + timedelta(days=3))  # three days later it is Sunday
        assert question.next_at == MONDAY + timedelta(days=7, hours=-1)  # Monday at 08:00 in Berlin
