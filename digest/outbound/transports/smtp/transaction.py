"""Owns one mail transaction (RFC 5321, section 3.3) and what its answers mean. It must never change a message.

| what the server says | what becomes of the mail |
|---|---|
| nothing any more, before the message | untried: it was not the mail's fault |
| 4xx to MAIL FROM | untried: it would be the same for any mail just now |
| 5xx to MAIL FROM, or later about the sender or how much it may send | untried; rejected if about the size |
| 4xx to RCPT TO, DATA or the message | deferred; where it is about the sender, another may be taken next time |
| 5xx that a login or encryption is missing, or that our host is not let in | untried: the same for any mail |
| 5xx that it does not relay for us | deferred: it may be told to, and others may go where it does |
| 5xx to RCPT TO, DATA or the message | rejected |
| nothing any more, once the message began | deferred, since it may have arrived |
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

from digest.outbound.transport import DeliveryResult, Message, Result
from digest.outbound.transports.smtp.line import LOST, PATIENCE_AT_THE_END, Line, Reply

ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
GREYLISTED = re.compile("gr[ea]y.?list", re.IGNORECASE)
DOT_AT_START = re.compile(rb"\r\n\.")
#: Postfix judges the sender only after RCPT, Exchange only after the message. What a far server said of it, which a
#: server may repeat in its answer to RCPT, is about one mail.
ABOUT_SENDER = re.compile(
    r"sender address (?:rejected|(?:is )?not allowed)|not owned by user|sender verif\w+ failed"
    r"|send ?as ?denied|permissions? to send as|sending (?:limit|quota)|submission ?quota",
    re.IGNORECASE,
)
#: Who we are, or how we came: the same for every mail (RFC 3207, section 4; RFC 4954, section 6).
ABOUT_US = re.compile(
    r"client host rejected|helo command rejected|basic authentication is not supported", re.IGNORECASE
)
NOT_LET_IN = (530, 534, 535, 538)
NO_RELAY = re.compile(
    r"relay access denied|relaying denied|relay not permitted|unable to relay", re.IGNORECASE
)
REPEATED = re.compile(r"recipient address rejected|\bsaid:", re.IGNORECASE)
TOO_LARGE = "5.3.4"  # RFC 3463; RFC 1870 has 552 for it

Fault = Literal["way", "sender"]


@dataclass(frozen=True)
class Told:
    """How a transaction ended; `fault` where it was not about the mail but about the way out, or its sender."""

    result: DeliveryResult
    fault: Fault | None = None


def transaction(line: Line, mail_from: str, mail: Message) -> Generator[None, None, Told]:
    """Hand over one message to its recipient; pauses wherever the server has to answer.

    Its bytes are asked for when its turn comes, since a server can answer on one line while they are unpacked for the
    next.
    """
    raw = mail.raw
    is_fresh, line.handed_over = line.handed_over == 0, line.handed_over + 1
    begin = ("RSET",) if line.unfinished else ()
    size = f" SIZE={len(raw)}" if line.takes_size else ""
    line.unfinished = True
    try:
        replies = yield from line.ask(
            *begin, f"MAIL FROM:<{mail_from}>{size}", f"RCPT TO:<{mail.rcpt_to}>", "DATA"
        )
        refusal = next((number for number, reply in enumerate(replies) if reply.refuses), None)
        if refusal is not None:
            if replies[-1].code == 354:
                # RFC 2920, 3.1: DATA was taken all the same, so nothing is what it gets.
                line.write(b".\r\n", PATIENCE_AT_THE_END)
                yield
                line.read()
            if replies[refusal].code == 421:  # it hangs up (RFC 5321, section 3.8)
                line.drop()
            return _refused(replies[refusal], by_sender=refusal <= len(begin), is_fresh=is_fresh)
    except LOST as error:
        line.drop()
        lost = DeliveryResult("untried", "4.4.2", f"{type(error).__name__}: {error}"[:300])
        return Told(lost, "way" if is_fresh else None)
    try:
        line.write(_stuffed(raw), PATIENCE_AT_THE_END)
        yield
        reply = line.read()
    except LOST as error:
        line.drop()
        return Told(DeliveryResult("deferred", "4.4.2", f"{type(error).__name__}: {error}"[:300]))
    line.unfinished = False
    return _refused(reply, by_sender=False, is_fresh=is_fresh) if reply.refuses else Told(_answered(reply))


def is_about_sender(text: str) -> bool:
    """Whether a refusal of a recipient or a message means our sender: its address, or what it may send."""
    return bool(ABOUT_SENDER.search(text)) and not REPEATED.search(text)


def is_about_us(code: int, text: str) -> bool:
    """Whether a refusal means this machine or how it came: no login, no encryption, not let in."""
    return code in NOT_LET_IN or (bool(ABOUT_US.search(text)) and not REPEATED.search(text))


def _refused(reply: Reply, *, by_sender: bool, is_fresh: bool) -> Told:
    result = _answered(reply)
    if is_about_us(reply.code, reply.text):
        return Told(DeliveryResult("untried", result.enhanced_status, result.remark), "way")
    about_sender = is_about_sender(reply.text) and not GREYLISTED.search(reply.text)
    if about_sender and reply.code < 500 and not by_sender:  # such as a domain that DNS does not know
        return Told(result, "sender")
    by_sender = by_sender or about_sender
    if not by_sender or result.enhanced_status == TOO_LARGE or reply.code == 552:
        return Told(result)
    untried = DeliveryResult("untried", result.enhanced_status, result.remark)
    if reply.code == 421 and not is_fresh:  # a kept connection that grew too old; a new one will tell more
        return Told(untried)
    return Told(untried, "way" if reply.code < 500 else "sender")


def _answered(reply: Reply) -> DeliveryResult:
    waits = reply.code < 500 or bool(NO_RELAY.search(reply.text) and not REPEATED.search(reply.text))
    result: Result = "sent" if reply.code < 300 else "deferred" if waits else "rejected"
    found = ENHANCED.search(reply.text)
    status = found.group(1) if found else None
    asks_for_less = result == "deferred" and _asks_for_less(reply, status or "")
    return DeliveryResult(result, status, f"{reply.code} {reply.text}"[:300], asks_for_less=asks_for_less)


def _asks_for_less(reply: Reply, status: str) -> bool:
    """Whether the domain as a whole is meant; greylisting is about one recipient, whatever status it has."""
    return (reply.code == 421 or status.startswith("4.7.")) and not GREYLISTED.search(reply.text)


def _stuffed(raw: bytes) -> bytes:
    """The message as it goes over the line: dots doubled at the start of lines, and the final one (section 4.5.2)."""
    stuffed = DOT_AT_START.sub(b"\r\n..", raw)  # twice as fast as bytes.replace
    dot, end = b"." if raw.startswith(b".") else b"", b"" if raw.endswith(b"\r\n") else b"\r\n"
    return b"".join((dot, stuffed, end, b".\r\n"))
