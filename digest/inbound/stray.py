"""Owns messages that answer no mail of ours: a wrong address, an old one, none at all. A member who is in a group gets
a kind word, once a day; everybody else gets silence, so that nobody learns which addresses there are.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from digest import clock
from digest.database import Database
from digest.domain.groups.group import active_member_at
from digest.domain.groups.notice import notify
from digest.domain.mails.record import InboundMessage
from digest.inbound.filing.case import Outcome
from digest.inbound.sender.verdict import SenderCheck

STRAY = Outcome("dropped", "unknown-recipient")


def writer_of(
    database: Database, raw: bytes, author: str | None, verdicts: Mapping[str, str], check: SenderCheck
) -> int | None:
    """The id of the member who may be told; None for somebody unknown, and for an author who may be forged.

    No transaction may be open: the check may take seconds. Somebody in several groups is told in the first of them.
    """
    if author is None:
        return None
    with database.reading() as session:
        member_id = active_member_at(session, author)
    if member_id is None or check.doubts(raw, author, verdicts):
        return None
    return member_id


def tell(session: Session, row: InboundMessage, member_id: int) -> None:
    """Owe her the word, at most one a day."""
    now = clock.now()
    notify(session, member_id, "wrong_address", f"day:{now.date()}", now, inbound_id=row.id)
