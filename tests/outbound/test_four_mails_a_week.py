"""Weeks in which a group asks far more than it answers: nobody gets more than four mails a week that she did not cause,
and no question is forgotten for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from digest import clock
from digest.database import Database, connect
from digest.domain.groups import group as groups
from digest.domain.groups.group import Member
from digest.domain.groups.practice import add_practice
from digest.domain.mails.record import OutboundMessage
from digest.domain.questions import question as questions
from digest.domain.questions.question import Question
from digest.domain.rounds import entry as entries, round as rounds
from digest.domain.rounds.entry import QUESTION, Part
from digest.outbound.due import due_all
from digest.settings import Settings
from tests.parts.databases import Databases, database_with_schema

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 1, 5, tzinfo=BERLIN)
HOURS = (8, 9, 10, 11, 14, 17)
NAMES = ("Jonas", "Mira", "Ben", "Carla", "Emil")  # Jonas is the facilitator
ASKERS = NAMES[:3]  # Carla and Emil only help, and are asked
CAUSED = ("offer", "introduction", "ask")  # by what she pressed or asked; the last is an address, and no mail
SETTINGS = Settings(
    mail_from="digest@example.org",
    reply_domain="in.example.org",
    base_url="https://digest.example.org",
    secret=("a secret for the tests only",),
)


class Group5:
    """Five people and their weeks, in which somebody asks every working day and hardly anybody helps."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database, self.lot, self.numbers = database, Random(seed), count(1)
        clock.start_at(MONDAY)
        with database.transaction() as session:
            group = groups.add_group(
                session, "Packaging", timezone="Europe/Berlin", locale="en", task=None, until=None, now=MONDAY
            )
            group.offers_old_questions = True
            rounds.plan_rounds(session, add_practice(session, group, "learning-log", now=MONDAY), MONDAY)
            for name in NAMES:
                groups.add_member(
                    session, group, f"{name.lower()}@example.com", name,
                    facilitator=name == "Jonas", consent_source="test", now=MONDAY,
                )  # fmt: skip

    def live(self, asking: int, weeks: int) -> None:
        """So many weeks of asking, and the rest in which nobody writes at all."""
        for day in range(7 * weeks):
            busy = day < 7 * asking
            for hour in HOURS if busy else HOURS[:2]:
                clock.start_at(MONDAY + timedelta(days=day, hours=hour, minutes=15))
                if busy and day % 7 < 5:
                    self._write(hour)
                due_all(self.database, SETTINGS)
            self._look()

    def _look(self) -> None:
        """Whatever is open and shown waits for something that is still to come."""
        with self.database.reading() as session:
            shown = select(Question).where(Question.state == "open", Question.number.is_not(None))
            waiting = session.scalars(shown).all()
            assert all(question.next_at and question.next_at > clock.now() for question in waiting)

    def _write(self, hour: int) -> None:
        with self.database.transaction() as session:
            members = {member.name: member for member in session.scalars(select(Member))}
            if hour == 9 or self.lot.random() < 0.2:
                self._ask(session, members[self.lot.choice(ASKERS)])
            if self.lot.random() < 0.1:
                self._help(session, members[self.lot.choice(NAMES[3:])])

    def _ask(self, session: Session, member: Member) -> None:
        now = clock.now()
        current = rounds.current_round(session, member.group_id, now)
        assert current
        entry = entries.entry_for(session, current.id, member.id, now)
        (section,) = entries.write(
            session, entry, [Part(QUESTION, f"what about {next(self.numbers)}?", "en")],
            anonymous=False, source_message_id=None, received_at=now,
        )  # fmt: skip
        questions.ask(session, section, member, now)

    def _help(self, session: Session, member: Member) -> None:
        if standing := questions.open_questions(session, member.group_id):
            questions.offer(session, self.lot.choice(standing), member, "reply", clock.now())


@pytest.fixture
def five(sqlite_databases: Databases) -> Iterator[Callable[[int], Group5]]:
    with database_with_schema(sqlite_databases) as url, closing(connect(url)) as database:
        yield lambda seed: Group5(database, seed)
    clock.start_at(None)


def test_in_weeks_full_of_questions_nobody_gets_more_than_four(
    five: Callable[[int], Group5], at_size: Callable[[int, int], int]
) -> None:
    asking, quiet = at_size(1, 9), at_size(6, 20)
    group = five(1)
    group.live(asking, asking + quiet)
    with group.database.reading() as session:
        mails = session.scalars(select(OutboundMessage).where(OutboundMessage.kind.not_in(CAUSED))).all()
        asked = session.scalars(select(Question)).all()
        weeks = Counter((m.member.name, clock.iso_week(m.created_at, "Europe/Berlin")) for m in mails)
        late = [(q.number, q.stage, q.next_at) for q in asked if q.state == "open"]
    assert max(weeks.values()) == 4
    assert len(asked) > at_size(6, 60)
    assert late == []
