"""Owns the look that is taken every minute: trouble becomes an alarm, and the operator is told by mail, directly and
not through the outbox, which may be what is stuck. It must never send more than one mail a day about one kind of
trouble, and one more when that is over.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from digest import clock, words
from digest.checking import operator_mail
from digest.checking.canary import WATCHED, over, reported, troubles
from digest.checking.disk import little_room
from digest.checking.finding import Finding
from digest.database import Database
from digest.domain.running.alarm import (
    Alarm,
    day_of,
    raise_alarm,
    settle_alarms,
    standing_alarms,
    untold_alarms,
)
from digest.domain.vital_signs import AWAKE, VitalSigns, vital_signs
from digest.outbound.facts import AlarmFacts
from digest.settings import Settings

log = logging.getLogger(__name__)

REPORT_LASTS = timedelta(days=1)  # of what another part of the service raised
TOLD_LATE = timedelta(days=3)  # what could not be told for so long is not told any more


@dataclass(frozen=True)
class Seen:
    """The figures of one moment, and what is wrong by them, by kind."""

    signs: VitalSigns
    found: dict[str, Finding]


@dataclass(frozen=True)
class News:
    """Alarms to tell of; their ids, so that they can be told again where the mail did not go."""

    facts: AlarmFacts
    told: tuple[int, ...]
    over_told: tuple[int, ...]


def watch(database: Database, settings: Settings, since: datetime | None = None) -> list[Finding]:
    """Look, record and tell; what is wrong just now. Raises Transient where the database is away.

    `since` is when this process started (real time): a young one does not judge yet whether workers are there.
    """
    now, young = clock.now(), since is not None and clock.real_now() - since < AWAKE
    found = look(database).found
    _note(database, found, now, frozenset(WATCHED) - ({"tick"} if young else set()))
    if settings.operator:
        _tell(database, settings, found, now)
    return list(found.values())


def look(database: Database) -> Seen:
    """What is wrong just now: seen by looking, or reported by another part of the service. Raises Transient."""
    now = clock.now()
    with database.reading() as session:
        signs = vital_signs(session, now, clock.real_now())
        reports = {
            alarm.kind: reported(alarm)
            for alarm in standing_alarms(session)
            if alarm.kind not in WATCHED and now - alarm.raised_at < REPORT_LASTS
        }
    found = {trouble.kind: trouble.finding for trouble in troubles(signs, clock.real_now())}
    full = little_room(database)
    return Seen(signs, found | ({"disk": full} if full else {}) | reports)


def _note(database: Database, found: dict[str, Finding], now: datetime, judged: frozenset[str]) -> None:
    """Nothing is written while all is well."""
    with database.reading() as session:
        standing = standing_alarms(session)
    watched = judged & found.keys()
    new = watched - {alarm.kind for alarm in standing if alarm.day == day_of(now)}
    done = {alarm.kind for alarm in standing if alarm.kind in judged} - watched
    faded = [alarm for alarm in standing if alarm.kind not in found and alarm.kind not in WATCHED]
    if not new and not done and not faded:
        return
    with database.transaction() as session:
        for kind in sorted(new):
            if raise_alarm(session, kind, now):
                log.error("%s", found[kind].sentence)
        settle_alarms(session, done, now)
        for alarm in faded:
            session.get_one(Alarm, alarm.id).over_at = now
            session.get_one(Alarm, alarm.id).over_told_at = now


def _tell(database: Database, settings: Settings, found: dict[str, Finding], now: datetime) -> None:
    with database.reading() as session:
        if not untold_alarms(session, now - TOLD_LATE, lock=False):
            return
    with database.transaction() as session:
        news = _news(session, found, settings, now)
    if news is None:
        return
    told = False
    try:
        told = operator_mail.send(settings, news.facts, now)
    finally:
        if not told:
            with database.transaction() as session:
                _take_back(session, news)


def _news(session: Session, found: dict[str, Finding], settings: Settings, now: datetime) -> News | None:
    """What is to be told, marked as told: of two workers one tells it."""
    gettext = words.translator(settings.operator_locale).gettext
    alarms = untold_alarms(session, now - TOLD_LATE)
    fresh = [alarm for alarm in alarms if alarm.over_at is None]
    past = [alarm for alarm in alarms if alarm.over_at is not None]
    standing = {alarm.kind: found[alarm.kind].said(gettext) for alarm in fresh if alarm.kind in found}
    ended = {alarm.kind: over(alarm.kind).said(gettext) for alarm in past if alarm.kind not in standing}
    if not standing and not ended:
        return None
    told = _mark(fresh, standing, now)
    over_told = _mark(past, ended, now)
    return News(AlarmFacts(standing=tuple(standing.values()), over=tuple(ended.values())), told, over_told)


def _mark(alarms: Sequence[Alarm], kinds: dict[str, str], now: datetime) -> tuple[int, ...]:
    marked = [alarm for alarm in alarms if alarm.kind in kinds]
    for alarm in marked:
        alarm.told_at = alarm.told_at or now
        if alarm.over_at is not None:
            alarm.over_told_at = now
    return tuple(alarm.id for alarm in marked)


def _take_back(session: Session, news: News) -> None:
    for alarm_id in news.told:
        session.get_one(Alarm, alarm_id).told_at = None
    for alarm_id in news.over_told:
        session.get_one(Alarm, alarm_id).over_told_at = None
