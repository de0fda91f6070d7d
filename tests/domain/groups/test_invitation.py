"""Behaviour of coming into a group: invited once, reminded once, or active by consent given elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.database import Database
from digest.domain.groups.group import Member
from digest.domain.groups.invitation import invite
from digest.domain.groups.notice import Notice
from digest.domain.groups.practice import Practice, add_practice
from digest.domain.mails.automatic_answers import due_notices
from digest.domain.mails.record import leave_and_cancel
from digest.errors import Misuse
from tests.domain.given import SUNDAY, a_group, a_member

A_WEEK = timedelta(days=7)


def notices(session: Session, member: Member) -> list[Notice]:
    return list(session.scalars(select(Notice).filter_by(member_id=member.id).order_by(Notice.due_at)))


def test_who_is_invited_is_owed_the_invitation_now_and_once_more_after_a_week(database: Database) -> None:
    with database.transaction() as session:
        mira = invite(session, a_group(session), "mira@example.com", "Mira", now=SUNDAY)
        first, second = notices(session, mira)
        assert (first.kind, first.due_at, first.facts) == ("invitation", SUNDAY, {})
        assert (second.kind, second.due_at, second.facts) == (
            "invitation",
            SUNDAY + A_WEEK,
            {"repeated": True},
        )
        assert due_notices(session, SUNDAY) == [first.id]


def test_who_says_no_is_not_reminded(database: Database) -> None:
    with database.transaction() as session:
        mira = invite(session, a_group(session), "mira@example.com", "Mira", now=SUNDAY)
        leave_and_cancel(session, mira, SUNDAY)
        session.expire_all()
        assert due_notices(session, SUNDAY + A_WEEK) == []


def test_consent_given_elsewhere_is_kept_with_its_source_and_time_and_needs_no_invitation(
    database: Database,
) -> None:
    with database.transaction() as session:
        mira = invite(
            session, a_group(session), "mira@example.com", "Mira", consent_source="kick-off", now=SUNDAY
        )
        assert (mira.state, mira.consent_source, mira.consent_at) == ("active", "kick-off", SUNDAY)
        assert (mira.joined_at, mira.times_joined) == (SUNDAY, 1)
        assert notices(session, mira) == []


def invite_twice(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        invite(session, group, "mira@example.com", "Mira", now=SUNDAY)
        invite(session, group, "mira@example.com", "Mira again", now=SUNDAY)


def test_an_invitation_that_is_refused_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(Misuse):
        invite_twice(database)
    with database.reading() as session:
        assert session.scalars(select(Notice)).all() == []
        assert session.scalars(select(Member)).all() == []


def test_the_first_facilitator_signs_the_example(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        add_practice(session, group, "learning-log", example="I asked for a sample.", now=SUNDAY)
        a_member(session, group, "Mira")
        for name in ("Jonas", "Carla"):
            invite(session, group, f"{name}@example.com", name, facilitator=True, now=SUNDAY)
        session.expire_all()
        assert session.scalar(select(Practice.example_by)) == "Jonas"


def test_a_name_that_stands_under_the_example_stays(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        add_practice(session, group, "learning-log", example="I asked.", example_by="Emil", now=SUNDAY)
        invite(session, group, "jonas@example.com", "Jonas", facilitator=True, now=SUNDAY)
        session.expire_all()
        assert session.scalar(select(Practice.example_by)) == "Emil"


def test_facilitators_who_take_part_are_told_once_that_the_group_is_small_no_more(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        jonas, carla = a_member(session, group, "Jonas"), a_member(session, group, "Carla", invited=True)
        jonas.is_facilitator = carla.is_facilitator = True
        for number in range(10):
            a_member(session, group, f"M{number}")
        assert notices(session, jonas) == []
        for name in ("Mira", "Ben"):
            a_member(session, group, name)
        assert [(notice.kind, notice.facts) for notice in notices(session, jonas)] == [
            ("group_grows", {"count": 13})
        ]
        assert {notice.kind for notice in notices(session, carla)} == {"invitation"}
