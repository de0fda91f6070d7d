"""Owns the reading of mail that tells what became of our mail: bounces and complaints. It is pure: it must never look
anything up, nor decide whether a report is true.

| form | is known by |
|---|---|
| DSN (RFC 3464, 6522, 6533) | multipart/report with a message/delivery-status part, or that part alone |
| complaint (RFC 5965, 6590), Yahoo's too | multipart/report with a message/feedback-report part |
| Hotmail's complaint | from staff@hotmail.com, our mail attached, no report |
| qmail (QSBMF), Exim and other bounces in words | their first line, X-Failed-Recipients, or our own VERP address |
"""

from __future__ import annotations

import email
import hashlib
from dataclasses import dataclass
from email.message import Message

from digest import reply_address
from digest.inbound.delivery_report import DeliveryReport
from digest.inbound.reports import complaint, dsn, in_words
from digest.inbound.reports.finding import Finding
from digest.inbound.reports.returned import Returned, returned
from digest.reading.mime.message import ParsedMessage
from digest.reading.mime.mime_limits import limited

MOST_RECIPIENTS = 20  # our mails have one each


@dataclass(frozen=True)
class Arrived:
    """One message that a machine may have written: its bytes, how it was parsed, and its envelope."""

    raw: bytes
    message: ParsedMessage
    mail_from: str | None
    rcpt_to: str

    @property
    def verp(self) -> str | None:
        """The envelope sender of ours that it came to; iCloud gives it as the sender of its bounces instead."""
        sides = (self.rcpt_to, self.mail_from or "")
        return next((side for side in sides if reply_address.read_bounce(side)), None)


def read_reports(arrived: Arrived, *, by_a_machine: bool) -> tuple[DeliveryReport, ...]:
    """What a message reports about mails that were sent; nothing for any other message."""
    if not by_a_machine and not complaint.is_from_hotmail(arrived.message):
        return ()
    try:
        tree = email.message_from_bytes(limited(arrived.raw))
        source, findings = _findings(tree, arrived)
        about = returned(tree, arrived.message)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ()  # the standard library's parser stumbles over some damaged reports
    return tuple(
        _report(arrived, source, about, number, finding)
        for number, finding in enumerate(findings[:MOST_RECIPIENTS])
    )


def _findings(tree: Message, arrived: Arrived) -> tuple[str, list[Finding]]:
    if found := complaint.read(tree, arrived.message):
        return "arf", found
    return "dsn", dsn.read(tree) or in_words.read(arrived.message, to_verp=arrived.verp is not None)


def _report(arrived: Arrived, source: str, about: Returned, number: int, finding: Finding) -> DeliveryReport:
    digest = hashlib.sha256(arrived.raw).hexdigest()
    return DeliveryReport(
        source=source,
        event_id=f"{digest}:{number}",
        event=finding.event,
        recipient=finding.recipient,
        redacted=finding.redacted,
        message_id=about.message_id,
        return_path=arrived.verp or finding.return_path or about.return_path,
        enhanced_status=finding.enhanced_status,
        permanent=finding.permanent,
        remark=finding.remark,
    )
