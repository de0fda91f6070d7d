"""Owns what is deleted when its time is over. It must never delete what a member wrote."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from digest import clock
from digest.database import Database
from digest.domain import link_opening
from digest.domain.question import HelpOffer

OPENINGS_KEPT = timedelta(hours=1)


def forget_openings(database: Database) -> None:
    """Forget which links were opened more than an hour ago, except where an offer still waits to be judged by them."""
    waiting = select(HelpOffer.outbound_message_id).where(
        HelpOffer.state == "quiet", HelpOffer.outbound_message_id.is_not(None)
    )
    with database.transaction() as session:
        kept_for = [message_id for message_id in session.scalars(waiting) if message_id is not None]
        link_opening.forget_openings(session, clock.now() - OPENINGS_KEPT, kept_for)
