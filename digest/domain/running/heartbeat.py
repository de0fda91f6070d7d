"""Owns the signs of life of the workers: one row each, with when it last did all that was due.
It must never decide what follows from a missing one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from digest.domain.base import Base, insert_once


class Heartbeat(Base):
    """One worker; times are the machine's own, since a rehearsal may move the service's clock."""

    __tablename__ = "heartbeats"

    id: Mapped[int] = mapped_column(primary_key=True)
    worker: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    beaten_at: Mapped[datetime]


@dataclass(frozen=True)
class Beats:
    """How many workers beat lately, and when the last tick of any worker was; None where there never was one."""

    workers: int
    last_at: datetime | None


def beat(session: Session, worker: str, now: datetime) -> None:
    mine = update(Heartbeat).where(Heartbeat.worker == worker).values(beaten_at=now)
    if not session.execute(mine).rowcount:  # type: ignore[attr-defined]
        insert_once(session, Heartbeat, worker=worker, started_at=now, beaten_at=now)


def forget_beats(session: Session, before: datetime) -> None:
    """Workers that are gone are forgotten, all but the one that beat last."""
    newest = select(func.max(Heartbeat.beaten_at)).scalar_subquery()
    session.execute(
        delete(Heartbeat)
        .where(Heartbeat.beaten_at < before, Heartbeat.beaten_at < newest)
        .execution_options(synchronize_session=False)
    )


def beats(session: Session, since: datetime) -> Beats:
    """`since`: a worker that beat after it counts as there."""
    found = session.execute(
        select(func.count(Heartbeat.id).filter(Heartbeat.beaten_at > since), func.max(Heartbeat.beaten_at))
    ).one()
    return Beats(found[0], found[1])
