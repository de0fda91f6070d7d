"""Measures what the life of questions costs as history grows: Monday's query, the question mails, the daily ageing.

python -m bench.questions [GROUPS] [DATABASE-URL]     10000 groups are the full size: 400,000 entries, 80,000 open
What is open and due stays the same; the history behind it is ten times as long the second time. The bar is 1.2.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bench.scene import add_groups, fresh_database
from digest import clock, schema
from digest.database import Database, connect
from digest.domain.base import Base
from digest.domain.groups.group import Group, Member
from digest.domain.groups.practice import Practice
from digest.domain.questions import ageing, answering, going_round, question as questions
from digest.domain.questions.question import Question, quiet_offers_due
from digest.domain.rounds import entry as entries
from digest.domain.rounds.entry import Entry, Section
from digest.domain.rounds.round import Round

MEMBERS, OPEN, HISTORY = 4, 8, 8  # a group; closed questions of each member before, the first time
NOW = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
BAR, TURNS, SAMPLE, DUE = 1.2, 7, 200, 50


def main(groups: int, url: str | None) -> None:
    with _database(url) as database:
        add_groups(database, groups, MEMBERS)
        clock.start_at(NOW)
        numbers = count(1)
        weeks = count(1)
        _grow(database, HISTORY, weeks, numbers)
        _open(database, weeks, numbers)
        before = _measure(database)
        for _ in range(9):
            _grow(database, HISTORY, weeks, numbers)
        after = _measure(database)
        _tell(database, before, after)


@contextmanager
def _database(url: str | None) -> Iterator[Database]:
    if url is None:
        with fresh_database() as (_, database):
            yield database
        return
    with closing(connect(url)) as database:
        schema.upgrade(database)
        yield database


def _grow(database: Database, rounds: int, weeks: Iterator[int], numbers: Iterator[int]) -> None:
    """Weeks of the past in which each member wrote, asked and was helped."""
    for _ in range(rounds):
        week = next(weeks)
        _write(database, week, numbers, NOW - timedelta(weeks=52 + week), "answered", None, MEMBERS)


def _open(database: Database, weeks: Iterator[int], numbers: Iterator[int]) -> None:
    """Eight open questions a group; a few of all are due to age just now."""
    for _ in range(OPEN // MEMBERS):
        later = NOW + timedelta(days=3)
        _write(database, next(weeks), numbers, NOW - timedelta(days=4), "open", later, MEMBERS)
    with database.transaction() as session:
        due = session.scalars(
            select(Question).where(Question.state == "open").order_by(Question.id).limit(DUE)
        )
        for question in due:
            question.next_at = NOW - timedelta(minutes=1)
        for group in session.scalars(select(Group).order_by(Group.id).limit(DUE)):
            going_round.plan(session, group, NOW - timedelta(days=3, hours=-3))


def _write(
    database: Database,
    week: int,
    numbers: Iterator[int],
    at: datetime,
    state: str,
    next_at: datetime | None,
    members: int,
) -> None:
    stage = "round" if state == "open" else "answered"
    with database.transaction() as session:
        practices = dict(session.execute(select(Practice.group_id, Practice.id)).all())  # type: ignore[arg-type]
        people: dict[int, list[int]] = {}
        for member_id, group_id in session.execute(select(Member.id, Member.group_id).order_by(Member.id)):
            people.setdefault(group_id, []).append(member_id)
        rounds = _insert(session, Round, [
            {"group_id": group, "practice_id": practice, "week": f"past-{week}", "prompt_due_at": at,
             "digest_due_at": at, "prompted_at": at, "digested_at": at, "prompt_missed": False, "digest_missed": False}
            for group, practice in practices.items()
        ])  # fmt: skip
        writers = [
            (group, round_id, member)
            for group, round_id in zip(practices, rounds, strict=True)
            for member in people[group][:members]
        ]
        written = _insert(session, Entry, [
            {"round_id": round_id, "member_id": member, "anonymous": False, "skipped": False, "created_at": at}
            for _, round_id, member in writers
        ])  # fmt: skip
        sections = _insert(session, Section, [
            {"entry_id": entry, "group_id": group, "key": "question", "text": "which glue holds below five degrees?",
             "received_at": at, "shown_at": at, "shown_with_name": True}
            for entry, (group, _, _) in zip(written, writers, strict=True)
        ])  # fmt: skip
        _insert(session, Question, [
            {"group_id": group, "section_id": section, "member_id": member, "number": next(numbers), "state": state,
             "stage": stage, "next_at": next_at, "asked_at": at, "closed_at": None if state == "open" else at}
            for section, (group, _, member) in zip(sections, writers, strict=True)
        ])  # fmt: skip


def _insert(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    table: Any = model
    statement = insert(model).returning(table.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))


def _measure(database: Database) -> dict[str, float]:
    """Seconds, the median of several turns, after the database has looked at its tables."""
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    work: dict[str, Callable[[Session], object]] = {
        "Monday's query": _monday,
        "question mails due": lambda session: going_round.due_question_mails(session, NOW),
        "questions due to age": lambda session: ageing.due_questions(session, NOW),
        "answers and offers due": lambda session: (
            answering.quiet_answers_due(session, NOW), quiet_offers_due(session, NOW)
        ),
    }  # fmt: skip
    return {
        name: statistics.median(_timed(database, act) for _ in range(TURNS)) for name, act in work.items()
    }


def _monday(session: Session) -> None:
    for group_id in session.scalars(select(Group.id).order_by(Group.id).limit(SAMPLE)).all():
        entries.waiting_sections(session, group_id, NOW)
        assert len(questions.open_questions(session, group_id)) == OPEN


def _timed(database: Database, act: Callable[[Session], object]) -> float:
    with database.reading() as session:
        started = time.perf_counter()
        act(session)
        return time.perf_counter() - started


def _tell(database: Database, before: dict[str, float], after: dict[str, float]) -> None:
    with database.reading() as session:
        sizes = {
            m.__tablename__: session.scalar(text(f"SELECT count(*) FROM {m.__tablename__}"))
            for m in (Entry, Question)
        }
    print(f"{database.engine.dialect.name}, now {sizes['entries']} entries, {sizes['questions']} questions")
    for name, seconds in before.items():
        ratio = after[name] / seconds
        print(f"{name:<26}{seconds * 1000:>9.2f} ms{after[name] * 1000:>9.2f} ms{ratio:>7.2f}  (bar {BAR})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 300, sys.argv[2] if sys.argv[2:] else None)
