"""Owns the calling back of mails that are composed and have not left, when something in them is taken back. It must
never compose: a mail to the group is marked, and composed anew without it before it may leave.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from digest.domain.groups.group import Member
from digest.domain.mails.record import OutboundMessage

TO_THE_GROUP = ("questions", "digest")
ASKS_FOR_HELP = ("could_you_help", "stuck", "sharpen", "did_it_help")
HANDED_OVER = ("sent", "delivered", "bounced", "complained")

_UNTOUCHED = and_(OutboundMessage.state == "sending", OutboundMessage.begun.is_(False))
#: Where its worker died while handing it over, nobody knows; then it counts as out.
_MAY_BE_OUT = or_(
    OutboundMessage.state.in_(HANDED_OVER), OutboundMessage.begun, OutboundMessage.lost_leases > 0
)


def recall(session: Session, writer: Member, since: datetime) -> datetime | None:
    """Mark every mail to the group from `since` on that waits, also for a retry. What was shown after the instant that
    is returned has been seen by nobody; None where all may have been.

    A mail that is being handed over just now counts as out; should it be deferred, it is composed anew before its
    retry. What `writer` was sent of her own does not count.
    """
    members = select(Member.id).where(Member.group_id == writer.group_id)
    mine = and_(
        OutboundMessage.member_id.in_(members),
        OutboundMessage.kind.in_(TO_THE_GROUP),
        OutboundMessage.created_at >= since,
    )
    waiting = update(OutboundMessage).where(mine, OutboundMessage.state.in_(["queued", "sending"]))
    marked = waiting.values(
        stale=True,
        state=case((_UNTOUCHED, "queued"), else_=OutboundMessage.state),
        claimed_by=case((_UNTOUCHED, None), else_=OutboundMessage.claimed_by),
        lease_until=case((_UNTOUCHED, None), else_=OutboundMessage.lease_until),
    )
    if not _count(session, marked):
        return None
    out = select(func.max(OutboundMessage.created_at)).where(mine, _MAY_BE_OUT)
    out_at = session.scalar(out.where(OutboundMessage.member_id != writer.id))
    return out_at or since - timedelta.resolution


def cancel_unsent(session: Session, kind: str, occasion: str) -> int | None:
    """Cancel the mails of one occasion, if none of them may be out: how many there were. None where one may be; then
    they stay as they are.
    """
    meant = and_(OutboundMessage.kind == kind, OutboundMessage.occasion == occasion)
    locked = select(OutboundMessage.id).where(meant).order_by(OutboundMessage.id)
    session.execute(locked.with_for_update(of=OutboundMessage)).all()
    if session.scalar(select(OutboundMessage.id).where(meant, _MAY_BE_OUT).limit(1)) is not None:
        return None
    waiting = update(OutboundMessage).where(meant, OutboundMessage.state.in_(["queued", "sending"]))
    cancelled = waiting.values(
        state="cancelled", remark="taken back before it left", claimed_by=None, lease_until=None
    )
    return _count(session, cancelled)


def cancel_about(session: Session, group_id: int, question_ids: Collection[int]) -> None:
    """What asks others for help with these questions and still waits is cancelled: they are open no more."""
    asking = select(OutboundMessage).where(
        OutboundMessage.member_id.in_(select(Member.id).where(Member.group_id == group_id)),
        OutboundMessage.kind.in_(ASKS_FOR_HELP),
        OutboundMessage.state == "queued",
    )
    for mail in session.scalars(asking.with_for_update(of=OutboundMessage)):
        if mail.about.get("question_id") in question_ids:
            mail.state, mail.remark = "cancelled", "its question was withdrawn"


def _count(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]
