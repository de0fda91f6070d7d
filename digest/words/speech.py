"""Owns how days, times, waiting and names are said to one person, in a mail or on a page: in her language and her
group's zone. It must never decide what is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.lists import format_list

from digest import words
from digest.words.clean_text import one_line

WEEK = 7  # days within which a weekday is enough


@dataclass(frozen=True)
class Speech:
    """`now` is the moment of the mail or the visit: what is near it is said by weekday, what is far by date."""

    language: str  # of our words, a BCP 47 tag
    translations: NullTranslations
    locale: Locale
    zone: ZoneInfo
    now: datetime

    def gettext(self, message: str, **values: object) -> str:
        said = self.translations.gettext(message)
        return said % values if values else said

    def ngettext(self, singular: str, plural: str, count: int, **values: object) -> str:
        return self.translations.ngettext(singular, plural, count) % {"count": count, **values}

    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def day(self, day: date) -> str:
        """ "1 July"; with the year where it is not this one."""
        return _date(day, day.year != self.today().year, self.locale)

    def clock(self, at: datetime | time) -> str:
        """ "09:25" """
        local = at.astimezone(self.zone).time() if isinstance(at, datetime) else at
        return _time(local.replace(second=0, microsecond=0), self.locale)

    def moment(self, at: datetime) -> str:
        """ "at 09:25" today, "on Monday at 09:00" within a week, with the date beyond."""
        day, clock = at.astimezone(self.zone).date(), self.clock(at)
        distance = abs((day - self.today()).days)
        if distance == 0:
            return self.gettext("at %(time)s", time=clock)
        weekday = self.weekday(day.weekday())
        if distance >= WEEK:
            weekday = self.gettext("%(weekday)s, %(day)s,", weekday=weekday, day=self.day(day))
        return self.gettext("on %(day)s at %(time)s", day=weekday, time=clock)

    def weekday(self, number: int) -> str:
        return get_day_names("wide", context="format", locale=self.locale)[number]

    def since(self, day: date) -> str:
        """How long something waits: "since Tuesday", "for 9 days"."""
        days = (self.today() - day).days
        if days <= 0:
            return self.gettext("since today")
        if days == 1:
            return self.gettext("since yesterday")
        if days < WEEK:
            return self.gettext("since %(weekday)s", weekday=self.weekday(day.weekday()))
        return self.ngettext("for %(count)s day", "for %(count)s days", days)

    def names(self, names: Iterable[str]) -> str:
        """ "Ben, Carla and Jonas" """
        return format_list([one_line(name) for name in names], style="standard", locale=self.locale)


def speech(locale: str, timezone: str, now: datetime) -> Speech:
    """How we speak to somebody with that tag (BCP 47) in that IANA zone."""
    return Speech(
        language=words.spoken(locale),
        translations=words.translator(locale),
        locale=words.calendar(locale),
        zone=ZoneInfo(timezone),
        now=now,
    )


@lru_cache(maxsize=4096)
def _date(day: date, with_year: bool, locale: Locale) -> str:
    if with_year:
        return format_date(day, "long", locale=locale)
    return format_skeleton("MMMMd", day, locale=locale)


@lru_cache(maxsize=4096)
def _time(moment: time, locale: Locale) -> str:
    return format_time(moment, "short", locale=locale).replace("\u202f", " ")
