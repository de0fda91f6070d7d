"""Owns the composing anew of mails that have not left, after something in them was taken back. It must never touch a
mail that may be out, nor show what does not stand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain.mails.record import STALE, OutboundMessage
from digest.domain.rounds.round import Round
from digest.outbound import outbox
from digest.outbound.due import digest, questions
from digest.outbound.outbox import Posted
from digest.outbound.stamp import Stamp
from digest.settings import Settings


def due_again(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """The ids of mails that wait to be composed anew."""
    stale = select(OutboundMessage.id).where(STALE, OutboundMessage.state == "queued")
    return list(session.scalars(stale.order_by(OutboundMessage.id).limit(limit)))


def post_again(session: Session, settings: Settings, mail_id: int, now: datetime) -> int:
    """One mail as it should leave now; cancelled where nothing is left to say in it."""
    stale = select(OutboundMessage).where(
        OutboundMessage.id == mail_id, OutboundMessage.stale, OutboundMessage.state == "queued"
    )
    mail = session.scalar(stale.with_for_update(skip_locked=True, of=OutboundMessage))
    if mail is None:
        return 0
    stamp = Stamp(settings, mail.kind, mail.member, link_key=mail.link_key)
    posted = AGAIN[mail.kind](session, mail, stamp, now)
    if posted is None:
        mail.state, mail.stale, mail.remark = "cancelled", False, "all of it was taken back before it left"
    else:
        outbox.replace(mail, posted)
    return 0


def _questions(session: Session, mail: OutboundMessage, stamp: Stamp, now: datetime) -> Posted | None:
    shown = questions.gather(session, mail.member.group_id, mail.created_at)
    planned_id = int(mail.occasion.partition(":")[2])
    return None if shown.is_empty else questions.posted(stamp, planned_id, shown, now)


def _digest(session: Session, mail: OutboundMessage, stamp: Stamp, now: datetime) -> Posted | None:
    round = session.get_one(Round, mail.round_id)
    shown = digest.gather(session, round, mail.created_at)
    return None if shown.is_empty else digest.posted(stamp, round, shown, now)


AGAIN: dict[str, Callable[[Session, OutboundMessage, Stamp, datetime], Posted | None]] = {
    "questions": _questions,
    "digest": _digest,
}
