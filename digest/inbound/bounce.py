"""Owns what a report about a mail of ours changes: it is recorded once, and only where the mail is really ours.
It must never take a report's word for whose address it is about.
"""

from __future__ import annotations

from digest import clock
from digest.database import Database
from digest.domain.delivery_event import find_by_message_id, record_event
from digest.inbound.delivery_report import DeliveryReport


def take(database: Database, report: DeliveryReport) -> bool:
    """Record it and commit; False where the mail is not ours or the report stands already. Raises Transient."""
    with database.transaction() as session:
        mail = find_by_message_id(session, report.message_id) if report.message_id else None
        if mail is None:
            return False
        return record_event(
            session,
            mail,
            source=report.source,
            event_id=report.event_id,
            event=report.event,
            enhanced_status=report.enhanced_status,
            now=clock.now(),
        )
