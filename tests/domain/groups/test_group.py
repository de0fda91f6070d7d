"""Behaviour of groups and members."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from digest.database import Database
from digest.domain.groups.group import (
    Group,
    Member,
    add_member,
    find_group,
    group_named,
    join,
    leave,
    members_in,
    pause,
)
from digest.domain.groups.person import Person
from digest.errors import Misuse
from tests.domain.given import SUNDAY, TUESDAY, a_group, a_member


def test_a_group_is_found_whatever_the_case_of_its_name(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session, "Große Runde")
        assert find_group(session, " GROSSE RUNDE ") is group


def test_two_groups_cannot_differ_by_case_alone(database: Database) -> None:
    with database.transaction() as session:
        a_group(session, "Packaging group")
    with pytest.raises(Misuse, match="already"), database.transaction() as session:
        a_group(session, "PACKAGING GROUP")


def test_each_group_has_a_list_key_of_its_own(database: Database) -> None:
    with database.transaction() as session:
        assert a_group(session, "One").list_key != a_group(session, "Two").list_key


def test_an_unknown_group_is_answered_with_those_there_are(database: Database) -> None:
    with database.transaction() as session:
        with pytest.raises(Misuse, match="There is none yet"):
            group_named(session, "Packing")
        a_group(session, "Packaging group")
        with pytest.raises(Misuse, match=r"There are: Packaging group\."):
            group_named(session, "Packing")


def test_a_new_member_is_invited_and_gets_nothing_of_the_group(database: Database) -> None:
    with database.transaction() as session:
        mira = a_member(session, a_group(session), "Mira", invited=True)
        assert (mira.state, mira.consent_at, mira.times_joined) == ("invited", None, 0)
        assert not mira.gets_mail_of_the_group


def test_a_member_is_spoken_to_in_her_language_else_the_groups(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        ana = add_member(session, group, "ana@example.com", "Ana", locale="pt", now=SUNDAY)
        assert (ana.locale, a_member(session, group, "Ben").locale) == ("pt", "de")


def add_two_of_whom_one_is_there_already(database: Database) -> None:
    with database.transaction() as session:
        group = group_named(session, "Packaging group")
        add_member(session, group, "ben@example.com", "Ben", now=SUNDAY)
        add_member(session, group, " MIRA@example.com", "Miranda", now=SUNDAY)


def test_a_second_member_with_the_same_address_is_refused_and_nothing_is_kept(database: Database) -> None:
    with database.transaction() as session:
        a_member(session, a_group(session), "Mira")
    with pytest.raises(Misuse, match=r"in this group already \(Mira, active\)"):
        add_two_of_whom_one_is_there_already(database)
    with database.reading() as session:
        assert session.scalar(select(func.count(Person.id))) == 1


def test_one_person_may_be_in_several_groups(database: Database) -> None:
    with database.transaction() as session:
        one, two = a_group(session, "One"), a_group(session, "Two")
        assert a_member(session, one, "Mira").person is a_member(session, two, "Mira").person


def test_nobody_who_left_is_added_again(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        leave(a_member(session, group, "Mira"), TUESDAY)
        for consent in (None, "she told me"):
            with pytest.raises(Misuse, match="own word"):
                add_member(session, group, "mira@example.com", "Mira", consent_source=consent, now=TUESDAY)
        assert session.scalar(select(Member.state)) == "left"


def test_leaving_makes_the_links_that_were_sent_worthless(database: Database) -> None:
    with database.transaction() as session:
        mira = a_member(session, a_group(session), "Mira")
        before = mira.link_epoch
        leave(mira, TUESDAY)
        assert (mira.state, mira.left_at) == ("left", TUESDAY)
        assert mira.link_epoch > before


def test_joining_again_is_counted_and_keeps_the_first_consent(database: Database) -> None:
    with database.transaction() as session:
        mira = a_member(session, a_group(session), "Mira", invited=True)
        join(mira, SUNDAY)
        leave(mira, TUESDAY)
        join(mira, TUESDAY + timedelta(days=1))
        assert (mira.state, mira.left_at, mira.times_joined) == ("active", None, 2)
        assert mira.consent_at == SUNDAY


def test_joining_twice_counts_once(database: Database) -> None:
    with database.transaction() as session:
        mira = a_member(session, a_group(session), "Mira")
        join(mira, TUESDAY)
        assert (mira.times_joined, mira.joined_at) == (1, SUNDAY)


def test_only_somebody_active_can_pause(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        mira, ben = a_member(session, group, "Mira"), a_member(session, group, "Ben", invited=True)
        pause(mira)
        pause(ben)
        assert (mira.state, ben.state) == ("paused", "invited")


def test_members_are_listed_by_state_in_the_order_in_which_they_came(database: Database) -> None:
    with database.transaction() as session:
        group, other = a_group(session), a_group(session, "Another")
        ben, mira = a_member(session, group, "Ben"), a_member(session, group, "Mira", invited=True)
        a_member(session, other, "Carla")
        leave(a_member(session, group, "Emil"), TUESDAY)
        assert members_in(session, group.id, "active", "invited") == [ben, mira]
        assert session.scalar(select(func.count(Group.id))) == 2
