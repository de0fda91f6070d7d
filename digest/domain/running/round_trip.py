"""Owns the tests of the way out and back: each has an address of its own that is nobody's reply address.
What comes in there is kept as any message is, and never answered or filed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from digest.domain.base import Base


class RoundTrip(Base):
    __tablename__ = "round_trips"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    begun_at: Mapped[datetime]


def begin(session: Session, token_hash: str, now: datetime) -> None:
    session.add(RoundTrip(token_hash=token_hash, begun_at=now))


def was_begun(session: Session, token_hash: str) -> bool:
    return session.scalar(select(RoundTrip.id).filter_by(token_hash=token_hash)) is not None


def forget_round_trips(session: Session, before: datetime) -> None:
    session.execute(
        delete(RoundTrip).where(RoundTrip.begun_at < before).execution_options(synchronize_session=False)
    )
