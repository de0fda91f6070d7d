"""Owns the reading of bounces that hold no report: qmail's (QSBMF), Exim's, and what comes to our own VERP address. It
must never take an out-of-office note for a bounce.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.domain.delivery.judgement import exact_status
from digest.inbound.reports.finding import Finding, addr_spec_in, one_line
from digest.reading.automatic_words import says_away
from digest.reading.mime.message import ParsedMessage

_QSBMF = re.compile(r"\s*Hi\. This is the\b")
_QSBMF_DELAY = re.compile(
    r"^This is (?:a|only a) warning|will keep trying|not an error", re.IGNORECASE | re.MULTILINE
)
_PARAGRAPH = re.compile(r"^[ \t]*<([^<>\s]+@[^<>\s]+)>:[ \t]*\n?((?:.+\n?)*)", re.MULTILINE)
_DELAY = re.compile(
    r"delayed|warning|not yet been delivered|will (?:be re-?tried|keep trying)", re.IGNORECASE
)
_STATUS = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()]+@[^\s<>@,;:\"()]+")
_LONGEST = 20_000


def read(message: ParsedMessage, *, to_verp: bool) -> list[Finding]:
    text = (message.text or "")[:_LONGEST]
    if _QSBMF.match(text):
        return list(_qsbmf(text))
    failed = message.header("x-failed-recipients")
    if failed:
        return [] if _DELAY.search(message.subject) else list(_exim(failed, text))
    return _at_verp(message, text) if to_verp else []


def _qsbmf(text: str) -> Iterator[Finding]:
    """The paragraphs up to the returned mail: an address in brackets and a colon, then the reason."""
    report = re.split(r"^--- ", text, maxsplit=1, flags=re.MULTILINE)[0]
    if _QSBMF_DELAY.search(report):
        return
    for address, reason in _PARAGRAPH.findall(report):
        yield _failed(addr_spec_in(address), reason)


def _exim(failed: str, text: str) -> Iterator[Finding]:
    """Each address stands on a line of its own, the reason below it, further in."""
    for field in failed.split(",")[:20]:
        address = addr_spec_in(field)
        if address is None:
            continue
        after = re.split(
            rf"^[ \t]+{re.escape(address)}.*\n", text, maxsplit=1, flags=re.IGNORECASE | re.MULTILINE
        )
        reason = re.match(r"(?:[ \t]+\S.*\n?)*", after[1]) if len(after) > 1 else None
        yield _failed(address, reason.group() if reason else "")


def _at_verp(message: ParsedMessage, text: str) -> list[Finding]:
    """Nobody writes to that address but mail servers; what names an address and a reason that we know is understood."""
    if says_away(message) or _DELAY.search(message.subject):
        return []
    report = re.split(r"^-{3,}|^[> ]*Received:", text, maxsplit=1, flags=re.MULTILINE)[0]
    named = {addr_spec_in(found) for found in _ADDRESS.findall(report)}
    said = next((line for line in report.splitlines() if _STATUS.search(line)), report)
    if exact_status(None, said) is None:
        return []
    return [_failed(address, said) for address in sorted(filter(None, named))[:20]]


def _failed(recipient: str | None, reason: str) -> Finding:
    return Finding(event="failed", recipient=recipient, remark=one_line(reason))
