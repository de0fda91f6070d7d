"""Owns what makes a mail that waits wait longer: the night of its group, and a domain that asks for less.
It must never send.
"""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from digest.domain.groups.group import Group, Member
from digest.domain.mails.record import OutboundMessage
from digest.domain.rounds.weekly_mails import UNCAUSED

NIGHT, MORNING = time(20), time(8)
LATE = timedelta(minutes=15)  # a mail that is sent about when it was composed may be meant for that hour
#: The mails of which nobody waits for an answer by night.
CAN_SLEEP = (*UNCAUSED, "invitation")
LESS_FOR = timedelta(minutes=2)
JITTER = 0.2


def slow_down(session: Session, domain: str, now: datetime) -> None:
    """Mails to that domain wait a little; the others go on."""
    until = now + LESS_FOR * random.uniform(1 - JITTER, 1 + JITTER)
    mail = OutboundMessage
    waiting = update(mail).where(
        mail.state == "queued", mail.due_at < until, mail.rcpt_to.iendswith(f"@{domain}", autoescape=True)
    )
    session.execute(waiting.values(due_at=until))


def sleepers(session: Session, now: datetime) -> dict[int, datetime]:
    """Late mails that are due by night, each with its morning; not those that would be too late by then."""
    mail = OutboundMessage
    late = (
        select(mail.id, mail.created_at, mail.expires_at, Group.timezone)
        .join(Member, Member.id == mail.member_id)
        .join(Group, Group.id == Member.group_id)
        .where(mail.state == "queued", mail.due_at <= now, mail.created_at <= now - LATE)
        .where(mail.kind.in_(CAN_SLEEP))
    )
    mornings = {
        row.id: (morning_after(now, row.timezone), row.expires_at)
        for row in session.execute(late)
        if not _is_night(row.created_at, row.timezone)
    }
    return {
        mail_id: morning for mail_id, (morning, expires_at) in mornings.items() if now < morning < expires_at
    }


def let_sleep(session: Session, mornings: dict[int, datetime]) -> None:
    for mail_id, morning in mornings.items():
        waiting = update(OutboundMessage).where(
            OutboundMessage.id == mail_id, OutboundMessage.state == "queued"
        )
        session.execute(waiting.values(due_at=morning))


def morning_after(now: datetime, timezone: str) -> datetime:
    """The end of the night in that zone; `now` itself by day."""
    local = now.astimezone(ZoneInfo(timezone))
    if not _is_night(now, timezone):
        return now
    day = local.date() + timedelta(days=1 if local.time() >= NIGHT else 0)
    return datetime.combine(day, MORNING, local.tzinfo).astimezone(now.tzinfo)


def _is_night(instant: datetime, timezone: str) -> bool:
    local = instant.astimezone(ZoneInfo(timezone)).time()
    return local >= NIGHT or local < MORNING
