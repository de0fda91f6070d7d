"""Owns what a stored message is, before anything is filed: a reading, reports about mails of ours, or an outcome that
stands already. It must never touch the database.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from digest.domain.replies.admission import UNPROVED
from digest.errors import Unreadable
from digest.inbound.delivery_report import DeliveryReport
from digest.inbound.envelope import LARGEST_MESSAGE
from digest.inbound.filing.case import Outcome
from digest.inbound.lease import Claimed
from digest.inbound.recipient import doubt_sender
from digest.inbound.reports import Arrived, read_reports
from digest.inbound.sender.verdict import SenderCheck
from digest.inbound.stray import STRAY
from digest.reading.meaning.interpret import Reading, read_screened
from digest.reading.mime.message import ParsedMessage, parse
from digest.reading.mime.our_mail import parse_ours
from digest.reading.screening import screen
from digest.reading.written.sent_text import sent_text

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Understood:
    """What the pure stages made of a message."""

    message: ParsedMessage | None
    reading: Reading | None = None
    outcome: Outcome | None = None
    reports: tuple[DeliveryReport, ...] = ()

    @property
    def author(self) -> str | None:
        """Who wrote it, as it says; None where it names nobody, or several."""
        named = self.message.from_addresses if self.message else ()
        return named[0] if len(named) == 1 else None

    @property
    def is_in_doubt(self) -> bool:
        return self.outcome is not None and self.outcome.state == "held"


def understand_all(claimed: Sequence[Claimed], check: SenderCheck) -> list[Understood]:
    """What each of them is. A check of the sender may ask the DNS.

    They go through the stages side by side, since a stage that is run for several in a row costs a fifth less: what it
    works with is still at hand in the processor.
    """
    understood: dict[int, Understood] = {}
    under_way = {one.id: _stages(one, check) for one in claimed}
    while under_way:
        for message_id, stages in list(under_way.items()):
            try:
                next(stages)
            except StopIteration as end:
                understood[message_id] = end.value
            except Exception as error:  # a fault of ours over one message must not stop the others
                log.exception(
                    "inbound message %s could not be read", message_id, extra={"inbound": message_id}
                )
                understood[message_id] = Understood(None, outcome=Outcome("failed", type(error).__name__))
            if message_id in understood:
                del under_way[message_id]
    return [understood[one.id] for one in claimed]


def _stages(claimed: Claimed, check: SenderCheck) -> Generator[None, None, Understood]:
    """Parsed, screened, its sender judged, read; a pause between the stages."""
    if claimed.is_round_trip:
        return Understood(None, outcome=Outcome("dropped", "round-trip", "automatic"))
    if not claimed.raw:
        return Understood(None, outcome=Outcome("dropped", "no-longer-kept"))
    if claimed.size > LARGEST_MESSAGE:
        return Understood(None, outcome=Outcome("dropped", "too-large"))
    try:
        message = parse(claimed.raw)
    except Unreadable as error:
        return Understood(None, outcome=Outcome("dropped", error.reason))
    yield
    reason = screen(message, claimed.mail_from)
    arrived = Arrived(claimed.raw, message, claimed.mail_from, claimed.rcpt_to)
    if reports := read_reports(arrived, by_a_machine=reason is not None):
        return Understood(message, reports=reports)
    if reason is not None:
        return Understood(message, outcome=Outcome("dropped", reason, "automatic"))
    if claimed.thread_kind is None:
        return Understood(message, outcome=STRAY)
    doubt = None if claimed.admitted else doubt_sender(message.from_addresses, claimed.known_addresses)
    if doubt is not None:
        return Understood(message, outcome=Outcome("held", doubt))
    sent = sent_text(parse_ours(claimed.sent)) if claimed.sent else None
    yield
    reading = read_screened(message, None, sent)
    if not claimed.admitted and _is_unproved(claimed, message, reading, check):
        return Understood(message, outcome=Outcome("held", UNPROVED))
    return Understood(message, reading)


def _is_unproved(claimed: Claimed, message: ParsedMessage, reading: Reading, check: SenderCheck) -> bool:
    """A "yes" to the question itself needs no proof: it went to the member's own address alone, as its link did."""
    if claimed.thread_kind == "sender_unknown" and reading.command == "yes":
        return False
    return not reading.automatic and check.doubts(claimed.raw, message.from_addresses[0], claimed.verdicts)
