"""Behaviour of entries: what waits to be shown, and what is taken back, replaced or withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from digest.database import Database
from digest.domain.mails.record import InboundMessage
from digest.domain.rounds.entry import (
    UNDECIDED,
    Entry,
    Section,
    entry_for,
    locked,
    sections_from,
    take_back,
    waiting_sections,
    withdraw,
)
from digest.domain.rounds.round import Round
from tests.domain.given import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    a_group,
    a_member,
    a_prompted_round,
    an_entry,
)

THURSDAY = WEDNESDAY + timedelta(days=1)


def a_round(session: Session) -> Round:
    return a_prompted_round(session, a_group(session))


def texts(sections: list[Section]) -> list[str]:
    return [section.text for section in sections]


def waiting(session: Session, due_at: datetime = MONDAY) -> list[str]:
    session.expire_all()
    group_id = session.scalar(select(Round.group_id).limit(1)) or 0
    return texts(waiting_sections(session, group_id, due_at))


def show(session: Session, sections: list[Section]) -> None:
    ids = [section.id for section in sections]
    session.execute(update(Section).where(Section.id.in_(ids)).values(shown_at=MONDAY))


def test_a_member_has_one_entry_in_a_round(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira = a_member(session, of.practice.group, "Mira")
        assert entry_for(session, of.id, mira.id, TUESDAY) is entry_for(session, of.id, mira.id, WEDNESDAY)
        assert session.scalar(select(func.count(Entry.id))) == 1


def test_what_came_in_before_the_digest_waits_for_it(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        an_entry(
            session, of, a_member(session, of.practice.group, "Mira"), tried="a sample", failed="its size"
        )
        assert waiting(session) == ["a sample", "its size"]
        assert waiting(session, due_at=WEDNESDAY) == []


def test_what_is_undecided_is_never_shown(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        an_entry(
            session, of, a_member(session, of.practice.group, "Mira"), **{UNDECIDED: "Mira Berg, Hall 3"}
        )
        assert waiting(session) == []


def test_later_means_not_before_the_digest_after_the_next(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        sections = an_entry(session, of, a_member(session, of.practice.group, "Mira"), tried="a sample")
        sections[0].not_before = MONDAY + timedelta(seconds=1)
        session.flush()
        assert waiting(session) == []
        assert waiting(session, due_at=MONDAY + timedelta(weeks=1)) == ["a sample"]


def test_undo_takes_back_what_nobody_has_seen_once(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        ids = [
            s.id
            for s in an_entry(
                session, of, a_member(session, of.practice.group, "Mira"), tried="a", failed="b"
            )
        ]
        assert take_back(session, ids, THURSDAY) == 2
        assert take_back(session, ids, THURSDAY) == 0
        assert waiting(session) == []


def test_what_others_have_seen_is_not_undone_but_withdrawn(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        sections = an_entry(session, of, a_member(session, of.practice.group, "Mira"), tried="a sample")
        ids = [section.id for section in sections]
        assert withdraw(session, ids, THURSDAY) == 0
        show(session, sections)
        assert take_back(session, ids, MONDAY) == 0
        assert withdraw(session, ids, MONDAY) == 1
        assert withdraw(session, ids, MONDAY) == 0


def test_what_was_shown_waits_no_more_whatever_its_round(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        sections = an_entry(session, of, a_member(session, of.practice.group, "Mira"), tried="a", failed="b")
        show(session, sections[:1])
        assert waiting(session, due_at=MONDAY + timedelta(weeks=5)) == ["b"]


def test_without_my_name_stays_with_the_whole_entry(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira = a_member(session, of.practice.group, "Mira")
        an_entry(session, of, mira, tried="a sample", anonymous=True)
        (second,) = an_entry(session, of, mira, failed="its size")
        assert second.entry.anonymous


def test_writing_something_ends_a_skip(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira = a_member(session, of.practice.group, "Mira")
        entry_for(session, of.id, mira.id, WEDNESDAY).skipped = True
        assert not an_entry(session, of, mira, tried="a sample")[0].entry.skipped


def test_a_message_leads_to_what_was_filed_from_it(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        message = InboundMessage(
            raw_digest="0" * 64,
            rcpt_to="r-x@in.example",
            size=1,
            via="raw",
            received_at=WEDNESDAY,
            state="filed",
        )
        session.add(message)
        session.flush()
        sections = an_entry(session, of, a_member(session, of.practice.group, "Mira"), tried="a", failed="b")
        sections[1].source_message_id = message.id
        session.flush()
        assert texts(sections_from(session, message.id)) == ["b"]


def test_a_lock_brings_the_newest_state(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        sections = an_entry(session, of, a_member(session, of.practice.group, "Mira"), tried="a sample")
        show(session, sections)
        assert [section.shown_at for section in locked(session, sections)] == [MONDAY]
