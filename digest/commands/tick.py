"""Owns one turn of everything as a command. It must never let a mail server that is away pass for success."""

from __future__ import annotations

import socket
from contextlib import closing
from datetime import datetime

from digest import start
from digest.checking import operator_mail
from digest.checking.watch import watch
from digest.errors import Transient
from digest.outbound import outbox
from digest.outbound.ways_out import transport_of
from digest.pulse import Pulse
from digest.tick import tick, worker_name


def run(now: datetime | None) -> None:
    """Do all that is due at that moment. Raises Misuse, and Transient where the database or the way out is away."""
    start.log_errors_alone()
    settings = start.settings(*start.TO_SEND)
    start.move_clock(settings, now)
    operator_mail.require_way(settings)
    transport = transport_of(settings)
    with closing(start.database(settings)) as database, closing(transport):
        tick(database, settings, transport, worker_name())
        Pulse(database, f"{socket.gethostname()}: digest tick").beat()
        watch(database, settings)
        with database.reading() as session:
            waiting = outbox.waiting(session)
    if transport.trouble:
        raise Transient(
            f"The mail server of DIGEST_MAIL_URL could not be used: {transport.trouble} "
            f"Mails that wait: {waiting}; they are tried again. `digest check` tells more."
        )
