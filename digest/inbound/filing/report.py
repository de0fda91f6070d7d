"""Owns how a message ends that reports on mails of ours: a bounce, a complaint. It must never answer one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from digest import clock
from digest.domain.mails.record import InboundMessage
from digest.inbound.bounce import record
from digest.inbound.delivery_report import DeliveryReport
from digest.inbound.filing.case import Outcome


def file_reports(session: Session, row: InboundMessage, reports: Sequence[DeliveryReport]) -> Outcome:
    """Filed where one of its reports is taken; else dropped with the reason why the first is not.

    It is no reply of the member's, wherever it came to: no export lists it beside what she wrote.
    """
    row.thread_id = row.member_id = None
    taken = [record(session, report, clock.now()) for report in reports]
    if "taken" in taken:
        return Outcome("filed", "complaint" if reports[0].event == "complained" else "dsn", "automatic")
    return Outcome("dropped", taken[0], "automatic")
