"""Owns the reading of complaints: feedback reports (RFC 5965, 6590), and Hotmail's, which have none. It must never take
"this is no spam" for a complaint.
"""

from __future__ import annotations

import re
from email.message import Message

from digest.inbound.reports.blocks import Block, blocks_of, parts_named
from digest.inbound.reports.finding import Finding, addr_spec_in
from digest.reading.mime.message import ParsedMessage

NO_COMPLAINT = ("not-spam", "auth-failure", "virus", "dmarc", "tls")
HOTMAIL = "staff@hotmail.com"
_RECIPIENT = ("original-rcpt-to", "removal-recipient", "x-original-rcpt-to")
_HOTMAIL_RECIPIENT = ("x-hmxmroriginalrecipient", "x-original-recipient")
_HIDDEN = re.compile(r"redact|x{4,}|\*{2,}|removed|hidden", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f]{16,}|[A-Za-z0-9+/=_-]{24,}")


def is_from_hotmail(message: ParsedMessage) -> bool:
    return message.from_addresses == (HOTMAIL,)


def read(tree: Message, message: ParsedMessage) -> list[Finding]:
    """The complaint in a report, if it is one."""
    for part in parts_named(tree, "message/feedback-report"):
        blocks = blocks_of(part)
        fields = {name: value for block in reversed(blocks) for name, value in block.items()}
        if fields.get("feedback-type", "").lower() in ("", *NO_COMPLAINT):
            return []
        return [_complaint(fields, _first(_RECIPIENT, fields) or message.header("original-rcpt-to"))]
    if is_from_hotmail(message) and any(parts_named(tree, "message/rfc822")):
        return [_complaint({}, _hotmail_recipient(tree, message))]
    return []


def _complaint(fields: Block, named: str) -> Finding:
    recipient = addr_spec_in(named) if named else None
    local_part, _, domain = (recipient or "").rpartition("@")
    hidden = bool(_HIDDEN.search(local_part) or _HASH.fullmatch(local_part))
    if _HIDDEN.search(domain):
        recipient = None
    return Finding(
        event="complained",
        recipient=recipient,
        redacted=hidden,
        return_path=addr_spec_in(fields.get("original-mail-from", "")),
        remark=fields.get("feedback-type", "complaint"),
    )


def _first(names: tuple[str, ...], fields: Block) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _hotmail_recipient(tree: Message, message: ParsedMessage) -> str:
    """In a field of its own, of the report or of our mail in it."""
    for part in (tree, *(inner for mail in parts_named(tree, "message/rfc822") for inner in mail.walk())):
        for name in _HOTMAIL_RECIPIENT:
            if part.get(name):
                return str(part[name])
    return message.header("x-hmxmroriginalrecipient")
