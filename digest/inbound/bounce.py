"""Owns what a report about a mail of ours changes: it is recorded once, and acted upon only where the mail is really
ours. It must never take a report's word for whose address it is about.

| the report | what becomes of it |
|---|---|
| names a mail of ours, by envelope sender or Message-ID, and its recipient; a complaint may leave that out | taken |
| names no mail of ours, or two of them (`report-not-ours`) | nothing |
| names one that never left, or is older than 90 days (`report-not-ours`, `report-too-old`) | nothing |
| names another recipient (`report-other-recipient`) | recorded, changes nothing |
| came by mail without the envelope sender that its mail had for itself alone | weak: three weeks running it counts |
| was taken before (`report-again`) | nothing |
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest import clock, reply_address
from digest.database import Database
from digest.domain.delivery import aftermath
from digest.domain.delivery.event import KEPT, find_by_message_id, may_have_left, record_event, settle
from digest.domain.delivery.judgement import Judgement, exact_status, judge
from digest.domain.mails.record import OutboundMessage
from digest.inbound.delivery_report import DeliveryReport
from digest.inbound.envelope_sender import find_by_envelope_sender

log = logging.getLogger(__name__)

BY_MAIL = ("dsn", "arf")  # which anybody can write
#: What is left of a judgement without proof.
WEAKENED: dict[Judgement, Judgement] = {"hard": "soft", "soft": "soft", "complaint": "soft"}
Taken = Literal["taken", "report-not-ours", "report-too-old", "report-other-recipient", "report-again"]


def take(database: Database, report: DeliveryReport) -> bool:
    """Record it, let follow what follows, and commit; False where it changes nothing. Raises Transient."""
    with database.transaction() as session:
        return record(session, report, clock.now()) == "taken"


def record(session: Session, report: DeliveryReport, now: datetime) -> Taken:
    """Take one report, in the caller's transaction, or say why not."""
    mail = _mail(session, report)
    if mail is None or not may_have_left(mail):
        return _ignored(report, "report-not-ours")
    if now - mail.created_at > KEPT:
        return _ignored(report, "report-too-old")
    fits = _fits(report, mail)
    status = exact_status(report.enhanced_status, report.remark)
    judgement = judge(report.event, report.enhanced_status, report.permanent, report.remark)
    if not _is_proved(session, report, mail):
        judgement = WEAKENED.get(judgement, "nothing")
    recorded = record_event(
        session,
        mail,
        source=report.source,
        event_id=report.event_id,
        event=report.event,
        enhanced_status=status,
        judgement=judgement if fits else "ignored",
        now=now,
    )
    if not fits:
        return _ignored(report, "report-other-recipient")
    if not recorded:
        return "report-again"
    settle(mail, judgement, status, report.remark)
    if report.refused_by:
        aftermath.tell_of_provider(session, report.refused_by, status, now)
    else:
        aftermath.follow(session, mail, judgement, status, report.remark, now)
    return "taken"


def _ignored(report: DeliveryReport, why: Taken) -> Taken:
    log.info("a report by %s changed nothing: %s", report.source, why)
    return why


def _mail(session: Session, report: DeliveryReport) -> OutboundMessage | None:
    """The mail that it names; locked; None where its two names do not agree."""
    named = {
        find_by_envelope_sender(session, report.return_path or ""),
        *([find_by_message_id(session, report.message_id)] if report.message_id else []),
    }
    found = [mail.id for mail in named if mail is not None]
    if len(found) != 1:
        return None
    locked = select(OutboundMessage).where(OutboundMessage.id == found[0])
    return session.scalar(
        locked.with_for_update(of=OutboundMessage).execution_options(populate_existing=True)
    )


def _is_proved(session: Session, report: DeliveryReport, mail: OutboundMessage) -> bool:
    """Whoever was passed the mail on knows its Message-ID; an envelope sender of its own only those who carried it."""
    if report.source not in BY_MAIL or reply_address.read_bounce(mail.mail_from) is None:
        return True
    return find_by_envelope_sender(session, report.return_path or "") is mail


def _fits(report: DeliveryReport, mail: OutboundMessage) -> bool:
    """Whether it is about the mail's one recipient. A complaint may leave it out or hide its local part (RFC 6590)."""
    if report.recipient is None:
        return report.event in ("complained", "delivered")
    named, meant = report.recipient.lower(), mail.rcpt_to.lower()
    same_domain = named.rpartition("@")[2] == meant.rpartition("@")[2]
    return named == meant or (report.event == "complained" and report.redacted and same_domain)
