"""Owns one turn of everything: read what came in, plan and compose what is due, send it.
It must never hold a rule; each part may run as often as it likes, on as many machines.
"""

from __future__ import annotations

import os
import secrets
import socket

from digest.database import Database
from digest.errors import Transient
from digest.inbound.imap.watch import look_once
from digest.inbound.process import process_all
from digest.inbound.sender.verdict import sender_check
from digest.outbound.deliver import deliver_all
from digest.outbound.due import due_all
from digest.outbound.sign import signers
from digest.outbound.transport import Transport
from digest.settings import Settings


def worker_name() -> str:
    """A name that no other worker has, on this machine or another."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def tick(database: Database, settings: Settings, transport: Transport, worker: str) -> None:
    """Work until nothing is left to do at this moment. Raises Transient where the database or a mailbox is away."""
    signers(settings)  # what is wrong there is said before any mail is composed
    unread = look_once(database, settings)
    process_all(database, worker, sender_check(settings))
    due_all(database, settings)
    deliver_all(database, transport, worker)
    if unread is not None:
        raise Transient(unread)
