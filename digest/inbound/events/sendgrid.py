"""Owns SendGrid's words for what became of mails. It must never take an opening or a click for anything.

delivered: delivered · deferred: deferred · spamreport: complained
bounce: failed, by its type: bounce is final, blocked is our reputation, expired was tried for too long
dropped: SendGrid did not even try: an address that bounced or is none has failed, one that said no has complained
"""

from __future__ import annotations

from typing import Any

from digest.inbound.delivery_report import DeliveryReport, Event
from digest.inbound.requests.json_body import REMARK, enhanced_status, items, message_id, text

EVENTS: dict[str, Event] = {
    "delivered": "delivered",
    "deferred": "deferred",
    "bounce": "failed",
    "dropped": "failed",
    "spamreport": "complained",
}
GONE = ("Bounced Address", "Invalid")  # reasons of "dropped"
SAYS_NO = ("Spam Reporting Address", "Unsubscribed Address")
BLOCKED = "5.7.1"  # where no status is quoted


def reports(body: Any) -> list[DeliveryReport]:
    """The reports in a list of events."""
    return [report for event in items({"events": body}, "events") for report in _report(event)]


def _report(event: Any) -> list[DeliveryReport]:
    kind, reason = text(event, "event"), text(event, "reason")
    what = EVENTS.get(kind)
    if what is None or not text(event, "sg_event_id"):
        return []
    if kind == "dropped" and reason.startswith(SAYS_NO):
        what = "complained"
    blocked = kind == "bounce" and text(event, "type") == "blocked"
    status = enhanced_status(text(event, "status"), reason, text(event, "response"))
    return [
        DeliveryReport(
            source="sendgrid",
            event_id=text(event, "sg_event_id"),
            event=what,
            recipient=text(event, "email") or None,
            message_id=message_id(text(event, "smtp-id")),
            enhanced_status=status or (BLOCKED if blocked else None),
            permanent=_permanent(kind, text(event, "type"), reason),
            remark=(reason or text(event, "response"))[:REMARK],
        )
    ]


def _permanent(kind: str, how: str, reason: str) -> bool | None:
    if kind == "bounce":
        return {"bounce": True, "blocked": False, "expired": False}.get(how)
    return True if kind == "dropped" and reason.startswith(GONE) else None
