"""Owns handing the operator's mail over, by a connection of its own. It must never wait in the outbox."""

from __future__ import annotations

import logging
import secrets
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from digest.outbound import compose
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import AlarmFacts, Frame
from digest.outbound.sign import signed
from digest.outbound.ways_out import operator_transport_of
from digest.settings import Settings

log = logging.getLogger(__name__)

NAME = "Digest"


def require_way(settings: Settings) -> None:
    """Raises Misuse where DIGEST_OPERATOR_MAIL_URL names no way out: at start, not in times of trouble."""
    if settings.operator_mail_url:
        operator_transport_of(settings).close()


def send(settings: Settings, facts: AlarmFacts, now: datetime) -> bool:
    """Whether at least one of the operators got it. Raises Misuse for a mail URL that cannot be read."""
    if not (settings.operator_mail_url or settings.mail_url) or not settings.mail_from:
        return False
    mails = [composed(settings, address, facts, now) for address in settings.operator]
    with closing(operator_transport_of(settings)) as transport:
        results = [transport.send([mail])[0] for mail in mails]
    for result in results:
        if result.result != "sent":
            log.error("the operator could not be told: %s", result.enhanced_status or "no status")
    return any(result.result == "sent" for result in results)


def composed(settings: Settings, address: str, facts: AlarmFacts, now: datetime) -> ComposedMessage:
    sender = settings.mail_from or ""
    fixed = (settings.envelope_from or "").partition("fixed:")[2]
    frame = Frame(
        locale=settings.operator_locale,
        timezone="UTC",
        group_name=NAME,
        list_id_local="operator",
        recipient_name=address.partition("@")[0],
        recipient_address=address,
        from_address=sender,
        envelope_from=fixed or sender,
        message_id=f"<alarm.{secrets.token_hex(12)}@{sender.rpartition('@')[2]}>",
        date=now,
    )
    mail = compose.alarm(frame, facts)
    return replace(mail, raw=signed(mail.raw, settings))
