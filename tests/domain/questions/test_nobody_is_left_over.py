"""Whatever happens to a question, in whatever order: as long as it is open something comes next, at a time that is set,
and left to itself it ends in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy.orm import Session

from digest.database import Database, connect
from digest.domain.questions.ageing import age, due_questions
from digest.domain.questions.helping import reopen, solve
from digest.domain.questions.life import STAGES, STEPS, Event, Stage, after, next_at
from digest.domain.questions.question import Question, give_numbers, happen, unhelp, withdraw_questions
from tests.domain.given import MONDAY, a_group, a_member, a_prompted_round, a_question
from tests.parts.databases import SqliteDatabases, database_with_schema

LAST, HELPED, ASKED = timedelta(days=28), timedelta(days=3), timedelta(days=7)
WEEKEND = timedelta(days=3)  # what is due on a Friday evening comes on Monday morning
FULL_WEEK = timedelta(days=7)  # who has had her four mails hears in the next

events: st.SearchStrategy[Event] = st.sampled_from(
    ("shown", "spread", "sharpen", "helped", "unhelped", "ask", "not yet", "solved", "close", "withdraw")
)
hours = st.integers(1, 24 * 20)


@given(st.lists(st.tuples(events, hours), max_size=40))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_by_the_table_what_is_open_always_has_a_next_event_and_a_time(
    happened: list[tuple[Event, int]],
) -> None:
    stage: Stage = after("waiting", "shown") or "waiting"
    now = MONDAY
    for event, later in happened:
        now += timedelta(hours=later)
        stage = after(stage, event) or stage
        due_at = next_at(stage, MONDAY, now)
        assert (due_at is not None) == (STAGES[stage].state == "open")
        assert due_at is None or due_at <= max(MONDAY + LAST, now + ASKED)
        if (event_next := STAGES[stage].next_event) is not None:
            assert (stage, event_next) in STEPS


# The same by the verbs, on a database, with a clock that lets it age


Deed = Callable[[Session, Question, datetime], object]
DEEDS: dict[str, Deed] = {
    "an offer reached its asker": lambda _, question, now: happen(question, "helped", now),
    "all help was taken back": unhelp,
    "it helped": lambda session, question, now: solve(session, question, None, now),
    "not yet": reopen,
    "withdrawn": lambda session, question, now: withdraw(session, question, now),
    "nothing": lambda *_: None,
}


def withdraw(session: Session, question: Question, now: datetime) -> None:
    withdraw_questions(session, [question.section_id], now)
    session.refresh(question)


def test_whatever_people_do_a_question_ends_within_its_bounds(
    sqlite_databases: SqliteDatabases, at_size: Callable[[int, int], int]
) -> None:
    @given(st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), hours), max_size=12))
    @settings(
        max_examples=at_size(25, 1000),
        deadline=None,
        derandomize=bool(at_size(1, 0)),
        suppress_health_check=list(HealthCheck),
    )
    def holds(happened: list[tuple[str, int]]) -> None:
        with a_question_in(database) as (session, question):
            now = MONDAY
            for deed, later in happened:
                now = let_time_pass(session, question, now, now + timedelta(hours=later))
                DEEDS[deed](session, question, now)
                session.flush()
                assert_something_comes_next(session, question, now)
            over = max(MONDAY + LAST, now + HELPED + ASKED + WEEKEND) + WEEKEND + FULL_WEEK
            let_time_pass(session, question, now, over)
            assert question.state != "open"

    with database_with_schema(sqlite_databases) as url, closing(connect(url)) as database:
        holds()


@contextmanager
def a_question_in(database: Database) -> Iterator[tuple[Session, Question]]:
    """Mira's, shown on Monday; nothing of it stays."""
    with suppress(Rolled), database.transaction() as session:
        group = a_group(session)
        question = a_question(session, a_prompted_round(session, group), a_member(session, group, "Mira"))
        question.section.shown_at, question.section.shown_with_name = MONDAY, True
        give_numbers(group, [question])
        session.flush()
        yield session, question
        raise Rolled


class Rolled(Exception):
    """Said at the end of a life, so that the next begins anew."""


def let_time_pass(session: Session, question: Question, now: datetime, until: datetime) -> datetime:
    """What is due by itself happens when it is due."""
    for _ in range(20):
        if question.next_at is None or question.next_at > until:
            return until
        now = max(now, question.next_at)
        assert due_questions(session, now) == [question.id]
        before = (question.stage, question.next_at)
        age(session, question.id, now)
        session.flush()
        session.refresh(question)
        assert (question.stage, question.next_at) != before
        assert_something_comes_next(session, question, now)
    raise AssertionError("it goes round and round")


def assert_something_comes_next(session: Session, question: Question, now: datetime) -> None:
    is_open = question.state == "open"
    assert (question.next_at is not None) == is_open
    assert (STAGES[question.stage].next_event is not None) == is_open
    assert STAGES[question.stage].state == question.state
    assert (question.closed_at is not None) == (not is_open)
    if question.next_at is not None:
        assert question.next_at <= max(MONDAY + LAST, now + ASKED) + WEEKEND + FULL_WEEK
