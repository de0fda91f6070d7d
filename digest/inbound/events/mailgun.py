"""Owns Mailgun's words for what became of a mail. It must never take an opening or a click for anything.

delivered: delivered · failed: failed, or deferred where its severity is temporary
failed because it was tried for too long: failed, and may pass
rejected: failed by our own account or sender at Mailgun, so nobody's address is at fault
complained: complained; also failed because of an earlier complaint or a click on its own unsubscribe link
"""

from __future__ import annotations

from typing import Any

from digest.inbound.delivery_report import DeliveryReport, Event
from digest.inbound.requests.json_body import REMARK, enhanced_status, message_id, text

STOPPED = ("suppress-complaint", "suppress-unsubscribe")
REJECTED = "5.7.1"
TOO_OLD = "602"  # their own code: tried for eight hours, which says nothing of the address


def report(event: Any, event_id: str) -> list[DeliveryReport]:
    """The report in `event-data`; none where it is of no concern."""
    what = _event(event)
    if what is None:
        return []
    words = [text(event, "delivery-status", name) for name in ("enhanced-code", "message", "description")]
    said = [text(event, "reason"), text(event, "reject", "reason")]
    rejected = text(event, "event") == "rejected"
    is_old = text(event, "reason") == "old" or text(event, "delivery-status", "code") == TOO_OLD
    final = what == "failed" and not rejected and not is_old
    return [
        DeliveryReport(
            source="mailgun",
            event_id=event_id,
            event=what,
            recipient=text(event, "recipient") or None,
            message_id=message_id(text(event, "message", "headers", "message-id")),
            return_path=text(event, "envelope", "sender") or None,
            enhanced_status=REJECTED if rejected else enhanced_status(*words),
            permanent=True if final and text(event, "severity") == "permanent" else None,
            remark=" ".join(filter(None, [*said, *words]))[:REMARK],
            refused_by="Mailgun" if rejected else None,
        )
    ]


def _event(event: Any) -> Event | None:
    match text(event, "event"):
        case "delivered":
            return "delivered"
        case "complained":
            return "complained"
        case "rejected":
            return "failed"
        case "failed" if text(event, "reason") in STOPPED:
            return "complained"
        case "failed":
            return "deferred" if text(event, "severity") == "temporary" else "failed"
        case _:
            return None
