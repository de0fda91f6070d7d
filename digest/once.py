"""Owns one turn of everything as a command. It must never let a mail server that is away pass for success."""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from digest import start
from digest.errors import Transient
from digest.outbound import outbox
from digest.outbound.transport import DeliveryResult, Transport
from digest.outbound.ways_out import transport_for
from digest.pulse import Pulse
from digest.tick import tick as turn, worker_name

#: What is the fault of the way out and not of one mail: nobody answers; the login is refused (RFC 3463).
WAY_IS_CLOSED = ("4.4.1", "4.7.8")


@dataclass
class Watched:
    """A transport, and what went wrong with the way itself."""

    transport: Transport
    complaints: list[str] = field(default_factory=list[str])

    def send(self, mail_from: str, rcpt_to: str, raw: bytes) -> DeliveryResult:
        result = self.transport.send(mail_from, rcpt_to, raw)
        if result.result == "deferred" and result.enhanced_status in WAY_IS_CLOSED:
            self.complaints.append(result.remark)
        return result

    def close(self) -> None:
        self.transport.close()


def tick(now: datetime | None) -> None:
    """Do all that is due at that moment. Raises Misuse, and Transient where the database or the way out is away."""
    start.log_errors_alone()
    settings = start.settings(*start.TO_SEND)
    start.move_clock(settings, now)
    watched = Watched(transport_for(settings.mail_url or "", settings.mail_from))
    with closing(start.database(settings)) as database, closing(watched):
        turn(database, settings, watched, worker_name())
        Pulse(database, f"{socket.gethostname()}: digest tick").beat()
        with database.reading() as session:
            waiting = outbox.waiting(session)
    if watched.complaints:
        raise Transient(
            f"The mail server of DIGEST_MAIL_URL could not be used: {watched.complaints[0]} "
            f"Mails that wait: {waiting}; they are tried again. `digest check` tells more."
        )
