"""Owns which mail an envelope sender of ours (verp) names: the one that left with it. It must never take another token
of the same mail for it.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from digest import reply_address, tokens
from digest.domain.mails.record import OutboundMessage, find_by_link_key, find_thread


def find_by_envelope_sender(session: Session, address: str) -> OutboundMessage | None:
    """None also for any other address. Mails of earlier releases have the token of their Reply-To in it."""
    token = reply_address.read_bounce(address)
    if token is None:
        return None
    found = find_by_link_key(session, tokens.key_of(token)) or find_thread(session, tokens.token_hash(token))
    return found if found and reply_address.read_bounce(found.mail_from) == token else None
