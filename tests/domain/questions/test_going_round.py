"""Behaviour of question mails: when questions go round, and what waits for the digest."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from digest.database import Database
from digest.domain.groups.group import Group, Member
from digest.domain.mails.record import OutboundMessage
from digest.domain.questions.going_round import (
    LATEST,
    QuestionMail,
    claim,
    due_question_mails,
    next_slot,
    plan,
    planned_at,
)
from tests.domain.given import a_group, a_member, a_practice

BERLIN = ZoneInfo("Europe/Berlin")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in Berlin on that day of April 2026; the 7th is a Tuesday."""
    return datetime(2026, 4, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("wanted", "slot"),
    [
        (at(7, 11, 10), at(7, 11, 10)),
        (at(7, 8), at(7, 8)),
        (at(7, 17), at(7, 17)),
        (at(7, 6, 30), at(7, 8)),  # early birds wait for the others
        (at(7, 4, 59), None),  # more than three hours late
        (at(7, 17, 1), None),
        (at(11, 10), None),  # Saturday
        (at(13, 5), at(13, 8)),  # Monday
    ],
)
def test_questions_go_round_in_working_time_or_with_the_digest(
    wanted: datetime, slot: datetime | None
) -> None:
    assert next_slot(wanted, "Europe/Berlin") == slot


def test_working_time_is_the_group_s_own() -> None:
    assert next_slot(at(7, 9), "America/Santiago") is None
    assert next_slot(at(7, 14), "America/Santiago") == at(7, 14)


def a_small_group(session) -> Group:  # type: ignore[no-untyped-def]
    group = a_group(session, now=at(1, 9))
    a_practice(session, group, now=at(1, 9))
    for name in ("Mira", "Ben", "Carla"):
        a_member(session, group, name)
    session.flush()
    return group


def test_one_hour_after_the_first_question_all_go_round_together(database: Database) -> None:
    with database.transaction() as session:
        group = a_small_group(session)
        assert plan(session, group, at(8, 10, 10)) == at(8, 11, 10)
        assert plan(session, group, at(8, 10, 50)) == at(8, 11, 10)
        assert planned_at(session, group.id, at(8, 10, 50)) == at(8, 11, 10)
        assert due_question_mails(session, at(8, 11, 9)) == []
        (due,) = due_question_mails(session, at(8, 11, 10))
        found = claim(session, due)
        assert found is not None
        found.decided_at = at(8, 11, 10)
        session.flush()
        assert claim(session, due) is None
        assert due_question_mails(session, at(8, 12)) == []


def decide_all(session, went_round: bool) -> None:  # type: ignore[no-untyped-def]
    for mail in session.scalars(select(QuestionMail)):
        mail.decided_at, mail.went_round = mail.due_at, went_round
    session.flush()


def test_there_are_at_most_two_a_day(database: Database) -> None:
    with database.transaction() as session:
        group = a_small_group(session)
        for hour in (8, 10):
            assert plan(session, group, at(8, hour)) == at(8, hour + 1)
            decide_all(session, went_round=True)
        assert plan(session, group, at(8, 12)) is None
        assert plan(session, group, at(9, 12)) == at(9, 13)


def test_a_question_mail_that_had_nothing_to_show_takes_no_place(database: Database) -> None:
    with database.transaction() as session:
        group = a_small_group(session)
        for hour in (8, 10, 12):
            assert plan(session, group, at(8, hour)) == at(8, hour + 1)
            decide_all(session, went_round=False)


def test_what_the_digest_shows_within_the_hour_waits_for_it(database: Database) -> None:
    with database.transaction() as session:
        group = a_small_group(session)
        assert plan(session, group, at(13, 7, 30)) is None  # the digest comes at 09:00
        assert plan(session, group, at(13, 9, 30)) == at(13, 10, 30)


def test_a_question_mail_may_be_three_hours_late_and_no_more() -> None:
    mail = QuestionMail(group_id=1, due_at=at(8, 11))
    assert not mail.is_too_late(at(8, 11) + LATEST)
    assert mail.is_too_late(at(8, 11) + LATEST + timedelta(seconds=1))


def write_to(session, member: Member, kind: str, sent_at: datetime) -> None:  # type: ignore[no-untyped-def]
    name = f"{member.id}-{kind}-{sent_at}"
    session.add(
        OutboundMessage(
            kind=kind, occasion=name, member_id=member.id, message_id=name, mail_from="", rcpt_to="", link_key=name,
            created_at=sent_at, due_at=sent_at, expires_at=sent_at,
        )
    )  # fmt: skip


def test_where_nobody_has_room_this_week_questions_wait_for_the_digest(database: Database) -> None:
    """Four a week that she did not cause: the prompt of Tuesday has its place kept; whoever has room gets it."""
    with database.transaction() as session:
        group = a_small_group(session)
        mira, *others = group.members
        for member in others:
            for hour in (9, 10, 11):
                write_to(session, member, "questions", at(6, hour))
        for hour in (9, 10, 11, 12):
            write_to(session, mira, "receipt", at(6, hour))  # those she caused
        assert plan(session, group, at(6, 12)) == at(6, 13)
        for kind in ("digest", "questions", "did_it_help"):
            write_to(session, mira, kind, at(6, 12))
        decide_all(session, went_round=False)
        assert plan(session, group, at(6, 14)) is None
        assert plan(session, group, at(14, 14)) == at(14, 15)  # another week
