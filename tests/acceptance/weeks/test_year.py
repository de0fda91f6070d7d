"""A year of five groups in five zones, hour by hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from digest import clock
from digest.database import Database
from digest.domain.groups import group as groups, practice as practices
from digest.domain.mails.record import OutboundMessage
from digest.domain.rounds import entry as entries, round as rounds
from digest.domain.rounds.entry import Part
from digest.domain.rounds.round import Round
from digest.outbound.due import due_all
from digest.settings import Settings

ZONES = ("Europe/Berlin", "Europe/Lisbon", "Europe/Helsinki", "Europe/London", "America/Santiago")
START = datetime(2026, 1, 1, tzinfo=UTC)


def test_hour_by_hour_each_week_has_exactly_one_prompt_and_one_digest(
    database: Database, database_url: str, at_size: Callable[[int, int], int]
) -> None:
    settings = Settings(
        database_url=database_url,
        mail_from="digest@example.org",
        reply_domain="in.example.org",
        secret=("a secret for the tests only",),
    )
    clock.start_at(START)
    for zone in ZONES:
        _add_group(database, zone)
    # The small size still holds the week in which the clocks of Europe go forward.
    first, last = at_size(24 * 83, 0), at_size(24 * 97, 24 * 365)
    for hour in range(first, last):
        clock.start_at(START + timedelta(hours=hour))
        due_all(database, settings)
        _write_once_a_week(database)
    _check(database, START + timedelta(hours=first), START + timedelta(hours=last - 1))
    clock.start_at(None)


def _add_group(database: Database, zone: str) -> None:
    with database.transaction() as session:
        group = groups.add_group(
            session, zone, timezone=zone, locale="en", task=None, until=None, now=clock.now()
        )
        practices.add_practice(session, group, "learning-log", now=clock.now())
        groups.add_member(
            session, group, f"{zone[-6:]}@example.com", zone, consent_source="test", now=clock.now()
        )


def _write_once_a_week(database: Database) -> None:
    """Each member tries one thing a week, so that each digest has something to say."""
    with database.transaction() as session:
        for group in session.scalars(select(groups.Group)):
            open_round = rounds.open_round(session, group.id, clock.now())
            if open_round is None:
                continue
            entry = entries.entry_for(session, open_round.id, group.members[0].id, clock.now())
            if not entry.sections:
                part = Part("tried", f"the crates of {open_round.week}", "en")
                entries.write(
                    session, entry, [part], anonymous=False, source_message_id=None, received_at=clock.now()
                )


def _check(database: Database, first: datetime, last: datetime) -> None:
    with database.reading() as session:
        planned = session.scalars(select(Round)).all()
        mails = Counter(
            (mail.kind, mail.round_id)
            for mail in session.scalars(select(OutboundMessage))
            if mail.kind in ("prompt", "digest")
        )
    assert set(mails.values()) == {1}
    weeks: Counter[str] = Counter()
    for round in planned:
        if first <= round.prompt_due_at <= last:
            assert mails[("prompt", round.id)] == 1, round.week
            weeks[round.week] += 1
        if first <= round.prompt_due_at and round.digest_due_at <= last:
            assert mails[("digest", round.id)] == 1, round.week
    assert set(weeks.values()) == {len(ZONES)}
    tuesdays = sum(
        1 for day in range((last - first).days + 1) if (first + timedelta(days=day)).weekday() == 1
    )
    assert len(weeks) == tuesdays
