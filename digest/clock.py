"""Owns what time it is and the week arithmetic of a zone; domain times come from `now()`, leases and
signatures from `real_now()`.
It must never decide what is due.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from digest.errors import Misuse

_offset = timedelta(0)

YEARS = range(1970, 3000)  # of what a person may name: weeks can be added and taken away


def real_now() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The service's time, aware, in UTC; it runs at the machine's pace from wherever `start_at` put it."""
    return real_now() + _offset


def start_at(instant: datetime | None) -> None:
    """Set the service's clock to `instant` and let it run on from there; None sets it back to the machine's time."""
    global _offset
    _offset = timedelta(0) if instant is None else instant - real_now()


def read_instant(text: str) -> datetime:
    """An ISO 8601 instant as aware UTC; without an offset it is taken as UTC. Raises Misuse."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Misuse(f"{text!r} is not a time. Write it like 2026-11-24T09:00+01:00.") from None
    if instant.year not in YEARS:
        raise Misuse(f"{text!r} is too far away. Write a time like 2026-11-24T09:00+01:00.")
    return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)


def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name. Raises Misuse for any other word, whatever files the machine has."""
    if name not in available_timezones():
        raise Misuse(f"There is no time zone {name!r}. Use an IANA name such as Europe/Berlin.")
    return ZoneInfo(name)


def iso_week(instant: datetime, timezone: str) -> str:
    """The ISO week in which `instant` lies in that zone, as 2026-W14."""
    year, week, _ = instant.astimezone(ZoneInfo(timezone)).isocalendar()
    return f"{year}-W{week:02d}"


def week_number(week: str) -> int:
    """14 of 2026-W14."""
    return int(week.partition("-W")[2])


def monday(week: str) -> date:
    """The first day of an ISO week."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def weeks_after(week: str, count: int) -> str:
    """The ISO week `count` weeks later; years have 52 or 53 of them."""
    year, number, _ = (monday(week) + timedelta(weeks=count)).isocalendar()
    return f"{year}-W{number:02d}"


def local_instant(week: str, weekday: int, at: time, timezone: str) -> datetime:
    """The instant of a wall-clock time (weekday 0 is Monday) in an ISO week of a zone.

    A time that the clocks skip is read with the offset before the gap, an ambiguous one is its first
    occurrence (RFC 5545, section 3.3.5).
    """
    day = monday(week) + timedelta(days=weekday)
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)


def start_of_day(day: date, timezone: str) -> datetime:
    """The instant at which that day begins in the zone."""
    return datetime.combine(day, time(0), ZoneInfo(timezone)).astimezone(UTC)


def end_of_day(day: date, timezone: str) -> datetime:
    """The instant at which that day is over in the zone."""
    return start_of_day(day + timedelta(days=1), timezone)
