"""Owns which tokens of signed requests were used, and for what, so that none lets a second thing in.
It must never keep a token itself, nor longer than its signature could count.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Insert, UniqueConstraint, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from digest.domain.base import Base, insert_unless_it_stands
from digest.prepared import PreparedInsert


class SpentToken(Base):
    """One use of a token; the same use again is no second one, since senders try again."""

    __tablename__ = "spent_tokens"
    __table_args__ = (UniqueConstraint("source", "token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    token_hash: Mapped[str]
    used_for: Mapped[str]  # a digest of what came with it
    # In no index, which would be written with each message: there are no more of them than of one day.
    spent_at: Mapped[datetime]


def _spend(dialect: str) -> Insert:
    columns = SpentToken.__table__.c
    given = {
        name: bindparam(name, type_=columns[name].type)
        for name in ("source", "token_hash", "used_for", "spent_at")
    }
    return insert_unless_it_stands(SpentToken, dialect).values(**given)


SPEND = PreparedInsert(_spend)


def spend_token(connection: Connection, source: str, token_hash: str, used_for: str, now: datetime) -> bool:
    """Use a token for something; False where it was used for something else."""
    values = {"source": source, "token_hash": token_hash, "used_for": used_for, "spent_at": now}
    if SPEND.run(connection, values):
        return True
    earlier = select(SpentToken.used_for).filter_by(source=source, token_hash=token_hash)
    return connection.scalar(earlier) == used_for


def forget_tokens(session: Session, spent_before: datetime) -> None:
    session.execute(delete(SpentToken).where(SpentToken.spent_at < spent_before))
