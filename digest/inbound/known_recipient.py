"""Owns which envelope recipients are ours: an open address with a token, or a mailbox of the settings.
It must never tell why another address is not.
"""

from __future__ import annotations

from digest import clock, reply_address, tokens
from digest.database import Database
from digest.domain.mails.record import OutboundMessage, find_thread
from digest.domain.running import round_trip
from digest.inbound.envelope_sender import find_by_envelope_sender
from digest.settings import Settings


def is_known(database: Database, settings: Settings, rcpt_to: str) -> bool:
    """Whether mail to that address is taken; a token that is unknown or closed is as good as none. Raises Transient."""
    if token := reply_address.read(rcpt_to):
        with database.reading() as session:
            return _is_open(find_thread(session, tokens.token_hash(token)))
    if reply_address.read_bounce(rcpt_to):
        with database.reading() as session:
            return _is_open(find_by_envelope_sender(session, rcpt_to))
    if trip := reply_address.read_trip(rcpt_to):
        with database.reading() as session:
            return round_trip.was_begun(session, tokens.token_hash(trip))
    return _without_detail(rcpt_to) in _mailboxes(settings)


def _is_open(mail: OutboundMessage | None) -> bool:
    return mail is not None and (mail.reply_until is None or mail.reply_until >= clock.now())


def _mailboxes(settings: Settings) -> set[str]:
    """Addresses without a token: the one mailbox, the sender of the mails, the fixed envelope sender."""
    fixed = (settings.envelope_from or "").partition("fixed:")[2]
    given = (settings.reply_address, settings.mail_from, fixed)
    return {_without_detail(address) for address in given if address}


def _without_detail(address: str) -> str:
    """The address without its detail (RFC 5233), in lower case."""
    local_part, _, domain = address.lower().rpartition("@")
    return f"{local_part.partition('+')[0]}@{domain}"
