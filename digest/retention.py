"""Owns what is deleted when its time is over. It must never delete what was filed of a member's words."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, select, update

from digest import clock
from digest.database import Database
from digest.domain.delivery import event as delivery_event
from digest.domain.mails import link_opening
from digest.domain.mails.record import REPLY_ADDRESS_OPEN, InboundMessage, OutboundMessage
from digest.domain.questions.question import HelpOffer
from digest.domain.running import heartbeat, round_trip
from digest.domain.running.spent_token import forget_tokens

OPENINGS_KEPT = timedelta(hours=1)
STRAY_KEPT = timedelta(days=7)  # what answers no mail of ours is kept only to find out why it came
AT_ONCE = 500


def forget_openings(database: Database) -> None:
    """Forget which links were opened more than an hour ago, except where an offer still waits to be judged by them."""
    waiting = select(HelpOffer.outbound_message_id).where(
        HelpOffer.state == "quiet", HelpOffer.outbound_message_id.is_not(None)
    )
    with database.transaction() as session:
        kept_for = [message_id for message_id in session.scalars(waiting) if message_id is not None]
        link_opening.forget_openings(session, clock.now() - OPENINGS_KEPT, kept_for)


def forget_bytes(database: Database) -> int:
    """Drop the bytes of mails whose reply address has closed, and of messages that came in as long ago; how many.

    What was filed stays, and so does the record that there was a message.
    """
    now = clock.now()
    sent = OutboundMessage.raw.is_not(None), OutboundMessage.reply_until < now
    came = InboundMessage.raw.is_not(None), InboundMessage.settled_at < now - REPLY_ADDRESS_OPEN
    stray = InboundMessage.raw.is_not(None), InboundMessage.settled_at < now - STRAY_KEPT
    of_nobody = _forget(database, InboundMessage, *stray, InboundMessage.member_id.is_(None))
    of_members = _forget(database, InboundMessage, *came, also="from_address")
    return _forget(database, OutboundMessage, *sent) + of_members + of_nobody


def forget_traces(database: Database) -> None:
    """Forget workers that are gone, the addresses of tests of the way and tokens of signatures, which count for nine
    hours at most, after a day; reports about mails after 90."""
    before = timedelta(days=1)
    with database.transaction() as session:
        heartbeat.forget_beats(session, clock.real_now() - before)
        round_trip.forget_round_trips(session, clock.now() - before)
        delivery_event.forget_events(session, clock.now() - delivery_event.KEPT)
        forget_tokens(session, clock.real_now() - before)


def _forget(
    database: Database,
    table: type[OutboundMessage | InboundMessage],
    *old: ColumnElement[bool],
    also: str | None = None,
) -> int:
    """A few hundred at a time, so that nobody waits long; `also` names a column that goes with the bytes."""
    forgotten, nothing = 0, dict[str, None].fromkeys(("raw", also) if also else ("raw",))
    while True:
        with database.transaction() as session:
            ids = list(session.scalars(select(table.id).where(*old).limit(AT_ONCE)))
            session.execute(update(table).where(table.id.in_(ids)).values(nothing))
        forgotten += len(ids)
        if len(ids) < AT_ONCE:
            return forgotten
