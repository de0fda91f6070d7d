"""Owns Amazon SES's words for what became of a mail. It must never take an opening or a click for anything.

Delivery: delivered · DeliveryDelay: deferred · Complaint: complained, unless it says that it is none
Reject: failed for what SES found in it
Bounce: failed; its type Permanent is final, Transient and Undetermined may pass

The events of a configuration set and the notifications of an identity are the same ones: with both switched on, each
still counts once.
"""

from __future__ import annotations

from typing import Any

from digest.inbound.delivery_report import DeliveryReport, Event
from digest.inbound.requests.json_body import REMARK, enhanced_status, items, message_id, text

EVENTS: dict[str, tuple[Event, str, str]] = {  # ours; the object; its list of recipients
    "Delivery": ("delivered", "delivery", "recipients"),
    "DeliveryDelay": ("deferred", "deliveryDelay", "delayedRecipients"),
    "Bounce": ("failed", "bounce", "bouncedRecipients"),
    "Complaint": ("complained", "complaint", "complainedRecipients"),
    "Reject": ("failed", "reject", "recipients"),
}


NO_COMPLAINT = ("not-spam", "auth-failure", "virus")  # RFC 5965, section 7.3; RFC 6591
REJECTED = "5.6.0"  # a virus was found in it


def reports(body: Any) -> list[DeliveryReport]:
    """One for each recipient that a notification is about."""
    kind = text(body, "eventType") or text(body, "notificationType")
    if kind not in EVENTS or text(body, "complaint", "complaintFeedbackType") in NO_COMPLAINT:
        return []
    _, place, recipients = EVENTS[kind]
    about = items(body, place, recipients) or items(body, "mail", "destination")
    return [_report(body, kind, place, one) for one in about]


def _report(body: Any, kind: str, place: str, about: Any) -> DeliveryReport:
    recipient = about.strip() if isinstance(about, str) else text(about, "emailAddress")
    own_id = (
        text(body, place, "feedbackId")
        or f"{text(body, 'mail', 'messageId')}:{text(body, place, 'timestamp')}"
    )
    why = text(body, "bounce", "bounceSubType") or text(body, "reject", "reason")
    words = [text(about, "status"), text(about, "diagnosticCode"), text(body, place, "smtpResponse")]
    return DeliveryReport(
        source="ses",
        event_id=f"{kind}:{own_id}:{recipient.lower()}",
        event=EVENTS[kind][0],
        recipient=recipient or None,
        message_id=_message_id(body),
        return_path=text(body, "mail", "source") or None,
        enhanced_status=_status(kind, words),
        permanent={"Permanent": True, "Transient": False}.get(text(body, "bounce", "bounceType")),
        remark=" ".join(filter(None, [why, *words]))[:REMARK],
        refused_by="Amazon SES" if kind == "Reject" else None,
    )


def _status(kind: str, words: list[str]) -> str | None:
    if kind == "Complaint":
        return None
    return REJECTED if kind == "Reject" else enhanced_status(*words)


def _message_id(body: Any) -> str | None:
    """Ours, not the one that SES puts in its place."""
    ours = text(body, "mail", "commonHeaders", "messageId")
    for field in items(body, "mail", "headers"):
        if not ours and text(field, "name").lower() == "message-id":
            ours = text(field, "value")
    return message_id(ours)
