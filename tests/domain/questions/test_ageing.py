"""What comes by itself in the life of a question, and that it comes once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.database import Database
from digest.domain.groups.notice import Notice, notify
from digest.domain.mails.record import OutboundMessage
from digest.domain.questions.ageing import age, due_questions
from digest.domain.questions.helping import reopen, solve
from digest.domain.questions.question import Question, give_numbers, happen
from digest.domain.rounds.weekly_mails import with_room
from tests.domain.given import MONDAY, a_group, a_member, a_prompted_round, a_question


def a_question_of_monday(session: Session) -> Question:
    group = a_group(session)
    of = a_prompted_round(session, group)
    question = a_question(session, of, a_member(session, group, "Mira"))
    question.section.shown_at, question.section.shown_with_name = MONDAY, True
    give_numbers(group, [question])
    session.flush()
    return question


def kinds(session: Session) -> list[str]:
    return [notice.kind for notice in session.scalars(select(Notice).order_by(Notice.id))]


def test_each_event_comes_once_however_often_it_is_looked_for(database: Database) -> None:
    with database.transaction() as session:
        question = a_question_of_monday(session)
        for day, expected in ((7, []), (14, ["sharpen"]), (28, ["sharpen", "closed_kindly"])):
            now = MONDAY + timedelta(days=day)
            assert due_questions(session, now - timedelta(minutes=1)) == []
            assert due_questions(session, now) == [question.id]
            for _ in range(3):
                age(session, question.id, now)
                session.flush()
            assert kinds(session) == expected
        assert (question.state, question.next_at) == ("closed", None)


def test_who_had_four_mails_this_week_is_asked_in_the_next(database: Database) -> None:
    with database.transaction() as session:
        question = a_question_of_monday(session)
        happen(question, "helped", MONDAY)
        thursday = MONDAY + timedelta(days=3)
        four_mails(session, question.member_id, MONDAY)
        age(session, question.id, thursday)
        assert kinds(session) == []
        assert question.next_at == MONDAY + timedelta(days=7, hours=-1)  # Monday at 08:00 in Berlin
        age(session, question.id, question.next_at)
        assert kinds(session) == ["did_it_help"]


def four_mails(session: Session, member_id: int, now: datetime) -> None:
    """That she did not cause, in the week of `now`."""
    for number in range(4):
        name = f"mail-{now}-{number}"
        session.add(
            OutboundMessage(
                kind="questions", occasion=name, member_id=member_id, message_id=name, mail_from="",
                rcpt_to="", link_key=name, created_at=now, due_at=now, expires_at=now,
            )
        )  # fmt: skip
    session.flush()


def test_mails_that_are_owed_and_not_composed_yet_count_for_the_week(database: Database) -> None:
    with database.transaction() as session:
        question = a_question_of_monday(session)
        sunday = MONDAY + timedelta(days=6)  # this week's prompt and digest are out
        for number in range(6):
            if with_room(session, question.member.group, [question.member], sunday):
                notify(session, question.member_id, "sharpen", f"question:{number}", sunday)
        assert len(kinds(session)) == 4


def test_however_many_workers_let_questions_age_the_week_holds_four(database: Database) -> None:
    due_at, start = MONDAY + timedelta(days=18), Barrier(8)  # a Friday: nothing else comes in that week
    with database.transaction() as session:
        question = a_question_of_monday(session)
        of, mira = question.section.entry.round, question.member
        for number in range(7):
            asked = a_question(session, of, mira, f"which glue {number}?")
            asked.section.shown_at, asked.section.shown_with_name = MONDAY, True
            give_numbers(mira.group, [asked])
        for asked in session.scalars(select(Question)).all():
            happen(asked, "spread", MONDAY)
    with database.reading() as session:
        due = due_questions(session, due_at)
    assert len(due) == 8

    def work(question_id: int) -> None:
        start.wait()
        with database.transaction() as session:
            age(session, question_id, due_at)

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(work, due))
    with database.reading() as session:
        assert kinds(session) == ["sharpen"] * 4


def test_help_to_sharpen_is_left_out_where_the_question_should_be_closed_by_then(database: Database) -> None:
    with database.transaction() as session:
        question = a_question_of_monday(session)
        age(session, question.id, MONDAY + timedelta(days=7))
        for days, stage in ((14, "spread"), (21, "spread"), (28, "sharpened")):
            now = MONDAY + timedelta(days=days)
            four_mails(session, question.member_id, now)
            age(session, question.id, now)
            assert question.stage == stage
        assert kinds(session) == []
        assert question.next_at
        age(session, question.id, question.next_at + timedelta(days=7))
        assert kinds(session) == ["closed_kindly"]


def test_not_yet_opens_what_was_solved_and_takes_the_line_back(database: Database) -> None:
    with database.transaction() as session:
        question = a_question_of_monday(session)
        happen(question, "helped", MONDAY)
        assert solve(session, question, "ask first", MONDAY)
        assert reopen(session, question, MONDAY)
        assert (question.state, question.take_away, question.closed_at) == ("open", None, None)
        assert question.next_at is not None
        assert not solve(session, question, None, MONDAY) or question.state == "answered"
