"""Owns the door for a mail server's pipe: one raw message on standard input, stored for each of its recipients.
It must never parse a message or import `process`.

0   stored; also what is stored already, what is no message, what is over the size cap (kept as a stub), what is for
    nobody: a bounce would tell the writer less than we do, and would answer machines
75  anything else (EX_TEMPFAIL): the database is away, the disk is full, wrong settings or options, a fault of ours,
    more than five minutes, SIGTERM. No other code: Postfix and Exim would return the message for most of them
"""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from types import FrameType
from typing import IO

from digest import reply_address
from digest.database import Database
from digest.errors import Transient
from digest.inbound.accept import accept
from digest.inbound.envelope import LARGEST_MESSAGE, LONGEST_ADDRESS, STUB, Envelope, clean_address

CHUNK = 64 * 1024
HEADER = 64 * 1024  # bytes in which the recipient is looked for
RECIPIENT_FIELDS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
NULL_SENDERS = ("", "<>", "mailer-daemon")  # Postfix writes the last one for the null reverse-path
PATIENCE = 300  # seconds; Postfix returns what takes 1,000 (command_time_limit), Exim what takes an hour


def receive(database: Database, raw: IO[bytes], mail_from: str | None, rcpt_tos: Sequence[str]) -> None:
    """Store the message for each recipient. Raises Transient, and what reading raises; a second try stores the rest."""
    for envelope in read(raw, mail_from, rcpt_tos):
        accept(database, envelope)


@contextmanager
def patience() -> Generator[None]:
    """Raises Transient in the block when it takes too long, or when the machine is about to stop: left alone, the
    process would end by a signal, for which some mail servers return a message.
    """
    before = {number: signal.signal(number, _give_up) for number in (signal.SIGALRM, signal.SIGTERM)}
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def read(raw: IO[bytes], mail_from: str | None, rcpt_tos: Sequence[str] = ()) -> list[Envelope]:
    """The envelopes of the message in a stream; without recipients the one that its header names."""
    mbox_line, piece = _without_mbox_line(raw.read(CHUNK))
    kept, size, code = bytearray(), 0, hashlib.sha256()
    while piece:
        size += len(piece)
        code.update(piece)
        kept += piece[: max(0, LARGEST_MESSAGE - len(kept))]
        piece = raw.read(CHUNK)
    whole = bytes(kept if size <= LARGEST_MESSAGE else kept[:STUB])
    sender = _sender(mbox_line if mail_from is None else mail_from)
    recipients = [clean_address(rcpt_to) for rcpt_to in rcpt_tos] or [recipient_in(whole)]
    return [Envelope(sender, rcpt_to, whole, size, code.hexdigest(), "pipe") for rcpt_to in recipients]


def _without_mbox_line(head: bytes) -> tuple[str | None, bytes]:
    """(the sender in the line that Exim, procmail and local(8) put before a message, the message itself).

    The line holds the time of the attempt: with it, a second attempt would be another message.
    """
    line, found, rest = head.partition(b"\n")
    words = line.split()
    if not found or words[:1] != [b"From"] or len(words) < 2 or words[1].startswith(b":"):
        return None, head
    return words[1].decode("utf-8", "replace"), rest


def recipient_in(raw: bytes) -> str:
    """The first address of ours in Delivered-To, X-Original-To, Envelope-To and To, else the first address, else ''.

    A later hop may have rewritten Delivered-To to a local mailbox, so one with a reply token goes first.
    """
    header = BytesHeaderParser().parsebytes(raw[:HEADER].lstrip(b"\r\n"))
    values = [str(value)[:LONGEST_ADDRESS] for name in RECIPIENT_FIELDS for value in header.get_all(name, [])]
    found = [clean_address(addr_spec) for value in values for addr_spec in _addresses_in(value)]
    ours = [addr_spec for addr_spec in found if reply_address.read(addr_spec)]
    return next(iter([*ours, *found]), "")


def _addresses_in(value: str) -> list[str]:
    try:
        return [addr_spec for _, addr_spec in getaddresses([value]) if "@" in addr_spec]
    except RecursionError:  # the library stumbles over nested comments
        return []


def _sender(mail_from: str | None) -> str | None:
    if mail_from is None:
        return None
    return "" if mail_from.strip().lower() in NULL_SENDERS else clean_address(mail_from)


def _give_up(number: int, _frame: FrameType | None) -> None:
    raise Transient("It took too long." if number == signal.SIGALRM else "The process was told to end.")
