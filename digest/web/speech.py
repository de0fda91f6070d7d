"""Owns how times and names are said on a page, in one person's language and her group's zone. It must never
decide what is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.lists import format_list

from digest import words

WEEK = 7  # days within which a weekday is enough


@dataclass(frozen=True)
class Speech:
    """`now` is the moment of the visit: what is near it is said by weekday, what is far by date."""

    language: str  # of our words, a BCP 47 tag
    translations: NullTranslations
    calendar: Locale
    zone: ZoneInfo
    now: datetime

    def gettext(self, message: str, **values: object) -> str:
        said = self.translations.gettext(message)
        return said % values if values else said

    def clock(self, at: datetime) -> str:
        """ "09:25" """
        local = at.astimezone(self.zone).time().replace(second=0, microsecond=0)
        return format_time(local, "short", locale=self.calendar).replace("\u202f", " ")

    def moment(self, at: datetime) -> str:
        """ "at 09:25" today, "on Monday at 09:00" within a week, with the date beyond."""
        local, today = at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date()
        if local == today:
            return self.gettext("at %(time)s", time=self.clock(at))
        day = get_day_names("wide", context="format", locale=self.calendar)[local.weekday()]
        if abs((local - today).days) >= WEEK:
            day = self.gettext("%(weekday)s, %(day)s,", weekday=day, day=self.day(at))
        return self.gettext("on %(day)s at %(time)s", day=day, time=self.clock(at))

    def day(self, at: datetime) -> str:
        """ "1 July"; with the year where it is not this one."""
        local = at.astimezone(self.zone).date()
        if local.year != self.now.astimezone(self.zone).year:
            return format_date(local, "long", locale=self.calendar)
        return format_skeleton("MMMMd", local, locale=self.calendar)

    def names(self, names: Iterable[str]) -> str:
        """ "Ben, Carla and Jonas" """
        return format_list(list(names), style="standard", locale=self.calendar)


def speech(locale: str, timezone: str, now: datetime) -> Speech:
    """How we speak to somebody with that tag (BCP 47) in that IANA zone."""
    return Speech(
        language=words.spoken(locale),
        translations=words.translator(locale),
        calendar=words.calendar(locale),
        zone=ZoneInfo(timezone),
        now=now,
    )
