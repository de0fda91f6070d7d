"""Owns Postmark's words for what became of a mail. It must never take an opening or a click for anything.

Delivery: delivered · SpamComplaint: complained · Bounce: by its Type, below; what is not listed is of no concern
SubscriptionChange: complained where the person herself or a complaint stopped it
"""

from __future__ import annotations

from typing import Any

from digest.inbound.delivery_report import DeliveryReport, Event
from digest.inbound.requests.json_body import REMARK, at, enhanced_status, message_id, text

GONE = ("HardBounce", "BadEmailAddress", "ManuallyDeactivated")
#: Our sender or our mail is refused; the status where none is quoted.
OURS = {"Blocked": "5.7.1", "DMARCPolicy": "5.7.26", "VirusNotification": "5.6.0"}
SOFT = ("SoftBounce", "DnsError", "SMTPApiError")  # the last: Postmark did not even try
SAYS_NO = ("SpamComplaint", "SpamNotification")


def report(body: Any) -> list[DeliveryReport]:
    """The report in a webhook's body; none where it is of no concern."""
    kind, what = text(body, "Type"), _event(body)
    if what is None:
        return []
    when = next(filter(None, (text(body, name) for name in ("DeliveredAt", "BouncedAt", "ChangedAt"))), "")
    recipient = text(body, "Email") or text(body, "Recipient")
    own_id = text(body, "ID") or f"{text(body, 'MessageID')}:{recipient}:{when}"
    status = enhanced_status(text(body, "Details"), text(body, "Description"))
    return [
        DeliveryReport(
            source="postmark",
            event_id=f"{text(body, 'RecordType')}:{own_id}",
            event=what,
            recipient=recipient or None,
            message_id=message_id(text(body, "Metadata", "message-id")),
            enhanced_status=status or OURS.get(kind),
            permanent=True if kind in GONE else False if kind in OURS or kind in SOFT else None,
            remark=" ".join(filter(None, (kind, text(body, "Details"))))[:REMARK],
        )
    ]


def _event(body: Any) -> Event | None:
    kind = text(body, "Type")
    match text(body, "RecordType"):
        case "Delivery":
            return "delivered"
        case "SpamComplaint":
            return "complained"
        case "SubscriptionChange":
            return "complained" if _was_stopped(body) else None
        case "Bounce" if kind in SAYS_NO:
            return "complained"
        case "Bounce" if kind in (*GONE, *OURS, *SOFT):
            return "failed"
        case "Bounce" if kind == "Transient":
            return "deferred"
        case _:
            return None


def _was_stopped(body: Any) -> bool:
    """Whether the person has asked for no more; after a hard bounce a Bounce of its own comes."""
    reason, origin = text(body, "SuppressionReason"), text(body, "Origin")
    by_herself = reason == "ManualSuppression" and origin == "Recipient"
    return at(body, "SuppressSending") is True and (reason == "SpamComplaint" or by_herself)
