"""Behaviour of planning over a year: one prompt and one digest for each week whose time lies inside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from digest.database import Database
from digest.domain.groups.practice import Practice, add_practice, read_weekly_time
from digest.domain.rounds.round import Round, claim, due_digests, due_prompts, plan_rounds, practices_to_plan
from tests.domain.given import a_group

ZONES = ("Europe/Berlin", "Europe/Lisbon", "Europe/Helsinki", "Europe/London", "UTC", "Australia/Adelaide")
USUAL = ("tue 09:00", "mon 09:00")
AT_NIGHT = ("sun 02:30", "mon 00:15")  # in the hour that the clocks skip, or have twice
BEGIN, END = datetime(2025, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Walk:
    """What happened on the way: for each practice the due instant and the hour of each prompt and digest."""

    prompts: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    digests: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    weeks: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    missed: int = 0

    def step(self, session: Session, now: datetime) -> None:
        """What any tick does: plan what has to be planned, decide on what is due."""
        for practice_id in practices_to_plan(session, now):
            plan_rounds(session, session.get_one(Practice, practice_id), now)
        for round_id in due_prompts(session, now):
            found = self._claimed(session, round_id)
            found.prompted_at = now
            self.missed += found.prompt_is_too_late(now)
            self.prompts[found.practice_id].append((found.prompt_due_at, now))
            self.weeks[found.practice_id].append(found.week)
        for round_id in due_digests(session, now):
            found = self._claimed(session, round_id)
            found.digested_at = now
            self.missed += found.digest_is_too_late(now)
            self.digests[found.practice_id].append((found.digest_due_at, now))

    def _claimed(self, session: Session, round_id: int) -> Round:
        found = claim(session, round_id)
        assert found is not None
        return found


def walk(database: Database, step: timedelta) -> Iterator[tuple[Walk, Practice]]:
    """All zones and rhythms through the year together, a tick each step."""
    seen = Walk()
    with database.transaction() as session:
        practices = [
            add_practice(session, group, "learning-log", prompt=prompt, digest=digest, now=BEGIN)
            for zone in ZONES
            for group in [a_group(session, zone, zone, now=BEGIN)]
            for prompt, digest in (USUAL, AT_NIGHT)
        ]
        now = BEGIN
        while now < END:
            seen.step(session, now)
            session.flush()
            now += step
        yield from ((seen, practice) for practice in practices)


def times_in_the_year(weekly: str, zone: str) -> list[datetime]:
    """Each occurrence that the walk passes, from the calendar alone."""
    weekday, at = read_weekly_time(weekly)
    days = (date(2025, 12, 29) + timedelta(days=n) for n in range(372))
    occurrences = (local(day, at, zone) for day in days if day.weekday() == weekday)
    return [instant for instant in occurrences if BEGIN <= instant < END - timedelta(days=1)]


def local(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def test_each_week_of_the_year_has_one_prompt_and_one_digest(
    database: Database, at_size: Callable[[int, int], int]
) -> None:
    step = HOUR if database.is_sqlite else at_size(6, 1) * HOUR
    for seen, practice in walk(database, step):
        zone, (prompt, digest) = practice.group.timezone, weekly_times(practice)
        prompts = [due for due, _ in seen.prompts[practice.id] if due < END - timedelta(days=1)]
        digests = [due for due, _ in seen.digests[practice.id] if due < END - timedelta(days=1)]
        assert prompts == times_in_the_year(prompt, zone), (zone, prompt)
        first = prompts[0]
        assert digests == [due for due in times_in_the_year(digest, zone) if due > first], (zone, digest)
        assert len(seen.weeks[practice.id]) == len(set(seen.weeks[practice.id]))
        assert "2026-W53" in seen.weeks[practice.id] or prompt == AT_NIGHT[0]  # its Sunday lies in 2027
        happened = seen.prompts[practice.id] + seen.digests[practice.id]
        assert all(timedelta(0) <= at - due < step for due, at in happened)
        assert seen.missed == 0


def weekly_times(practice: Practice) -> tuple[str, str]:
    return next(
        times for times in (USUAL, AT_NIGHT) if read_weekly_time(times[0])[0] == practice.prompt_weekday
    )


def test_a_service_that_was_down_decides_once_on_each_round_that_passed(database: Database) -> None:
    """Three weeks without a tick: what was planned is decided on once and never piles up."""
    seen = Walk()
    with database.transaction() as session:
        group = a_group(session, now=BEGIN)
        practice = add_practice(session, group, "learning-log", now=BEGIN)
        seen.step(session, BEGIN)
        for _ in range(2):
            seen.step(session, BEGIN + timedelta(weeks=3))
            session.flush()
        decided = seen.prompts[practice.id]
        assert len(decided) == len({due for due, _ in decided}) == 3
        assert len(seen.digests[practice.id]) == 2
        assert seen.missed == 4  # the last digest is 40 hours late, and still goes out
