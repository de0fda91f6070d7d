"""Owns the one table that says what a failure tells of an address, whoever reported it. It must never look anything up.

| what is reported | judgement | what follows |
|---|---|---|
| a complaint | complaint | nothing more goes to that address until the person asks |
| 5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10, 5.2.1; without an exact status: final by the reporter's word | hard | suppressed |
| any final 4.x.x; 5.2.x, 5.3.x, 5.4.x and other 5.x.x; without an exact status: no word | soft | after three weeks |
| 5.7.x; 5.1.7, 5.1.8 and 5.2.252, our own sender | policy | the operator hears of it, sending there rests |
| 5.3.4, 5.2.3, 5.6.x | content | the operator hears of it |
| delivered | reached | what was counted is forgotten |
| delayed, relayed, expanded | nothing | |
"""

from __future__ import annotations

import re
from typing import Literal

Judgement = Literal["complaint", "hard", "soft", "policy", "content", "reached", "nothing"]

#: RFC 3463, 3.2 and 3.3; RFC 7505, 4.2.
HARD = frozenset(("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"))
OUR_SENDER = frozenset(("5.1.7", "5.1.8", "5.2.252"))  # the last: Exchange, "send as denied"
CONTENT = frozenset(("5.3.4", "5.2.3"))
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")

#: What servers say that give no exact status, and the status that they mean; the first that fits.
_PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (status, re.compile(phrases, re.IGNORECASE))
    for status, phrases in (
        (
            "5.1.8",
            r"(?:sender|from|return).{0,30}(?:rejected|denied|not allowed|not found|unknown|invalid|verif)",
        ),
        ("5.3.4", r"too (?:large|big)|size (?:limit|exceed)|exceeds .{0,30}size"),
        ("5.2.2", r"(?:mailbox|inbox|account|storage|disk|user).{0,30}(?:full|over ?quota|exceed)|quota"),
        (
            "5.7.1",
            r"spam|black ?list|block ?list|blocked|dnsbl|\brbl\b|\bdmarc\b|\bspf\b|\bdkim\b|policy|reputation"
            r"|not authori[sz]ed|not verified|relay(?:ing)? (?:access )?(?:denied|not)|unable to relay|banned|virus",
        ),
        (
            "5.2.1",
            r"(?:mailbox|account|user|address|recipient).{0,30}(?:disabled|inactive|suspended|deactivated)",
        ),
        (
            "5.1.2",
            r"(?:domain|host).{0,30}(?:not found|unknown|does ?n.t exist|not exist)|unrouteable|nxdomain",
        ),
        (
            "5.1.1",
            r"(?:user|mailbox|recipient|address|account|login|inbox).{0,40}"
            r"(?:unknown|not found|does ?n.t exist|not exist|unavailable|invalid|no longer)"
            r"|(?:unknown|no such|invalid|nonexistent|bad) (?:local )?(?:user|mailbox|recipient|address|account|person)"
            r"|no mailbox|not our customer|couldn.t be found|wasn.t found|unbekannter? (?:empf|nutzer|benutzer)",
        ),
    )
)


def exact_status(enhanced_status: str | None, remark: str) -> str | None:
    """The status (RFC 3463) that says most: the reported one, unless it is as vague as 5.0.0 and the words say more."""
    given = _known(enhanced_status or "")
    if given and not _vague(given):
        return given
    said = _known(remark)
    if said and not _vague(said):
        return said
    if (given or said or "5").startswith("5"):
        meant = next((status for status, phrase in _PHRASES if phrase.search(remark[:2000])), None)
        return meant or given or said
    return given or said


def judge(event: str, enhanced_status: str | None, permanent: bool | None, remark: str = "") -> Judgement:
    """`event` as in DeliveryReport: delivered, deferred, failed or complained."""
    if event != "failed":
        by_event: dict[str, Judgement] = {"complained": "complaint", "delivered": "reached"}
        return by_event.get(event, "nothing")
    status = exact_status(enhanced_status, remark)
    if status is None or (_vague(status) and status.startswith("5")):
        return "hard" if permanent else "soft"
    if status in HARD:
        return "hard"
    if status in CONTENT or status.startswith("5.6."):
        return "content"
    return "policy" if status in OUR_SENDER or status.startswith("5.7.") else "soft"


def _known(text: str) -> str | None:
    """The first status in the text, without leading zeros."""
    found = _STATUS.search(text)
    return ".".join(str(int(part)) for part in found.groups()) if found else None


def _vague(status: str) -> bool:
    return status.endswith(".0.0")
