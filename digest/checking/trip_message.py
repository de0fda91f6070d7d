"""Owns the message that goes out to come back, and what is read of it when it does. It must never be taken for a mail
of a group.
"""

from __future__ import annotations

import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.utils import format_datetime, parsedate_to_datetime

from digest.outbound.form.headers import SUPPRESS
from digest.reply_address import trip_message_id

WORDS = """This is a test of the way by which mail leaves Digest and comes back to it.

If you read it in a mailbox, reply to it: the test is over when the reply is there.
It belongs to no group, is shown to nobody, and gets no answer.
"""
HEAD = 64 * 1024  # bytes of a message in which the mark is looked for
RESULT = re.compile(r"\b(spf|dkim|dmarc|arc)=([a-z]+)", re.IGNORECASE)  # RFC 8601, section 2.7
ENCRYPTED = re.compile(r"\bwith\s+(?:UTF8)?(?:E?SMTPSA?|LMTPSA?)\b|\bTLS|\bcipher", re.IGNORECASE)  # RFC 3848


@dataclass(frozen=True)
class Outgoing:
    mail_from: str
    rcpt_to: str
    raw: bytes


@dataclass(frozen=True)
class Hop:
    """One Received field (RFC 5321, section 4.4): who took it from whom, after how many seconds, and encrypted?"""

    by: str
    sender: str
    seconds: float | None
    encrypted: bool


def outgoing(
    *, sender: str, mail_from: str, rcpt_to: str, reply_to: str, mark: str, now: datetime
) -> Outgoing:
    """`mark` is found again in what comes back: it stands in the Message-ID and in the address to reply to."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = sender
    message["To"] = rcpt_to
    message["Reply-To"] = reply_to
    message["Subject"] = "Digest: a test of the way"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = trip_message_id(mark, sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = SUPPRESS
    message.set_content(WORDS)
    return Outgoing(mail_from, rcpt_to, message.as_bytes())


def head_of(raw: bytes) -> Message:
    return BytesHeaderParser().parsebytes(raw[:HEAD])


def is_marked(raw: bytes, mark: str) -> bool:
    return mark.encode() in raw[:HEAD].lower()


def is_report(head: Message) -> bool:
    """Whether it says that the message could not be delivered (RFC 3462)."""
    return head.get_content_type() == "multipart/report"


def hops(head: Message, left: datetime) -> list[Hop]:
    """The hops in order of travel, each with the seconds since the one before, the first since the message left."""
    found: list[Hop] = []
    before: datetime | None = left
    for field in reversed(head.get_all("Received", [])):
        words, _, date = str(field).rpartition(";")
        at = _instant(date)
        seconds = (at - before).total_seconds() if at and before else None
        found.append(Hop(_after("by", words), _after("from", words), seconds, bool(ENCRYPTED.search(words))))
        before = at or before
    return found


def results(head: Message) -> list[tuple[str, dict[str, str]]]:
    """(who says so, method to result) of each Authentication-Results field, the last server's first."""
    fields = [" ".join(str(field).split()) for field in head.get_all("Authentication-Results", [])]
    return [
        (
            field.partition(";")[0].split(" ")[0],
            {m.lower(): r.lower() for m, r in reversed(RESULT.findall(field))},
        )
        for field in fields
    ]


def signers(head: Message) -> list[str]:
    """The domains whose DKIM signatures it carries (RFC 6376, section 3.5)."""
    tags = (re.search(r"(?:^|[;\s])d=([^;\s]+)", str(field)) for field in head.get_all("DKIM-Signature", []))
    return [found[1].lower() for found in tags if found]


def _after(word: str, text: str) -> str:
    found = re.search(rf"(?:^|\s){word}\s+(\S+)", text)
    return found[1] if found else "?"


def _instant(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text.strip())
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
