"""Owns how many automatic answers go out: to one member, and from the whole service. What exceeds that waits until
there is room, and is then sent; it must never be dropped, and never hold back a prompt or a digest.

Loops are bounded by it even where no sign tells the machine on the other side: at most 10 answers an hour, 25 a day and
60 a week to one member, of each kind of complaint 5 a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from digest.domain.groups.group import Member
from digest.domain.groups.notice import Notice
from digest.domain.running.alarm import Alarm, raise_alarm, settle_alarms

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
TO_ONE_MEMBER = ((HOUR, 10), (DAY, 25), (WEEK, 60))
OF_ONE_COMPLAINT = ((DAY, 5),)
#: What says that something could not be done; a machine gets these again and again, a person seldom.
COMPLAINTS = frozenset(
    {
        "nothing_readable",
        "closed_address",
        "wrong_address",
        "too_large",
        "sender_unknown",
        "help_not_possible",
        "number_unknown",
    }
)
AT_ONCE = frozenset({"welcome", "left", "declined"})  # once for each word of hers, and she relies on it
MOST_AN_HOUR = 200  # of the whole service; or one for each member, where there are more
ALARM = "breaker"


def not_before(session: Session, notice: Notice, now: datetime) -> datetime | None:
    """When this notice may become a mail; None for at once."""
    if not notice.answers or notice.kind in AT_ONCE:
        return None
    lately = select(Notice.kind, Notice.answered_at).where(
        Notice.member_id == notice.member_id, Notice.answered_at > now - WEEK
    )
    sent = [(kind, at) for kind, at in session.execute(lately.order_by(Notice.answered_at.desc())) if at]
    same = [at for kind, at in sent if kind == notice.kind]
    caps = [([at for _, at in sent], cap) for cap in TO_ONE_MEMBER]
    if notice.kind in COMPLAINTS:
        caps += [(same, cap) for cap in OF_ONE_COMPLAINT]
    free = [times[most - 1] + span for times, (span, most) in caps if len(times) >= most]
    return max((at for at in free if at > now), default=None)


def due_notices(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """The ids of notices that are due, earliest first; without automatic answers while these are held back."""
    due = select(Notice.id).where(Notice.settled_at.is_(None), Notice.due_at <= now)
    room = _room(session, now)
    if room <= 0:
        due = due.where(Notice.answers.is_(False))
    at_once = min(limit, room) if room > 0 else limit
    return list(session.scalars(due.order_by(Notice.due_at, Notice.id).limit(at_once)))


def changes(session: Session, now: datetime) -> list[int]:
    """[0] where answers began or ceased to be held back and that is not noted yet, else []; it stands for row ids."""
    is_noted = session.scalar(select(Alarm.id).where(Alarm.kind == ALARM, Alarm.over_at.is_(None)).limit(1))
    return [] if (is_noted is not None) == (_room(session, now) <= 0) else [0]


def note_change(session: Session, now: datetime) -> bool:
    """Raise the alarm, or settle it; True where answers are held back."""
    if _room(session, now) > 0:
        settle_alarms(session, [ALARM], now)
        return False
    raise_alarm(session, ALARM, now, most=_most(session))
    return True


def _room(session: Session, now: datetime) -> int:
    """How many automatic answers may still go out this hour."""
    lately = select(func.count()).select_from(Notice).where(Notice.answered_at > now - HOUR)
    return _most(session) - (session.scalar(lately) or 0)


def _most(session: Session) -> int:
    active = select(func.count(Member.id)).where(Member.state == "active")
    return max(MOST_AN_HOUR, session.scalar(active) or 0)
