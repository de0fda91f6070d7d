"""Owns the reading of delivery status notifications (RFC 3464, 6533). It must never take a delay for a failure."""

from __future__ import annotations

from email.message import Message

from digest.inbound.delivery_report import Event
from digest.inbound.reports.blocks import Block, blocks_of, parts_named
from digest.inbound.reports.finding import Finding, addr_spec_in, one_line

STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
_EVENTS: dict[str, Event] = {
    "failed": "failed",
    "delivered": "delivered",
    "delayed": "deferred",
    "relayed": "deferred",  # handed on to where no report comes from: neither here nor there
    "expanded": "deferred",
}


def read(tree: Message) -> list[Finding]:
    """One finding for each recipient that the report has a block for."""
    findings: list[Finding] = []
    for part in parts_named(tree, *STATUS_PARTS):
        findings += [finding for block in blocks_of(part) if (finding := _finding(block))]
    return findings


def _finding(block: Block) -> Finding | None:
    """The first recipient is the one that we wrote to; the final one is where his mail was passed on."""
    event = _EVENTS.get(block.get("action", "").partition("(")[0].strip().lower())
    named = block.get("original-recipient") or block.get("final-recipient") or ""
    if event is None or not named:
        return None
    said = block.get("diagnostic-code", "")
    return Finding(
        event=event,
        recipient=addr_spec_in(named),
        enhanced_status=block.get("status", "").partition("(")[0].strip() or None,
        remark=one_line(said.partition(";")[2] or said),
    )
