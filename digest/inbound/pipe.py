"""Owns the door for a mail server's pipe: one raw message on standard input, stored.
It must never parse a message or import `process`.

0   stored; also what is stored already, what is no message, and what is over the size cap (kept as a stub)
75  not stored, whatever the reason: the mail server keeps it and tries again (EX_TEMPFAIL)
"""

from __future__ import annotations

import hashlib
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import IO

from digest import reply_address
from digest.database import Database
from digest.inbound.accept import accept
from digest.inbound.envelope import LARGEST_MESSAGE, STUB, Envelope

TRY_AGAIN = 75
CHUNK = 64 * 1024
HEADER = 64 * 1024  # bytes in which the recipient is looked for
LONGEST_ADDRESS = 1000
RECIPIENT_FIELDS = ("Delivered-To", "X-Original-To", "To")
NULL_SENDERS = ("", "<>", "mailer-daemon")  # Postfix writes the last one for the null reverse-path


def receive(database: Database, raw: IO[bytes], mail_from: str | None, rcpt_to: str | None) -> bool:
    """Store the message; False where it stands already. Raises Transient, and what reading raises."""
    return accept(database, read(raw, mail_from, rcpt_to))


def read(raw: IO[bytes], mail_from: str | None, rcpt_to: str | None) -> Envelope:
    """The envelope of the message in a stream; without `rcpt_to` its recipient is taken from the header."""
    kept, size, code = bytearray(), 0, hashlib.sha256()
    while piece := raw.read(CHUNK):
        size += len(piece)
        code.update(piece)
        kept += piece[: max(0, LARGEST_MESSAGE - len(kept))]
    whole = bytes(kept if size <= LARGEST_MESSAGE else kept[:STUB])
    recipient = _clean(rcpt_to) if rcpt_to else recipient_in(whole)
    return Envelope(_sender(mail_from), recipient, whole, size, code.hexdigest(), "pipe")


def recipient_in(raw: bytes) -> str:
    """The first address of ours in Delivered-To, X-Original-To and To, else the first address, else ''.

    A later hop may have rewritten Delivered-To to a local mailbox, so one with a reply token goes first.
    """
    head = raw[:HEADER].lstrip(b"\r\n")
    if head.startswith(b"From "):  # mbox
        head = head.partition(b"\n")[2]
    header = BytesHeaderParser().parsebytes(head)
    values = [str(value)[:LONGEST_ADDRESS] for name in RECIPIENT_FIELDS for value in header.get_all(name, [])]
    found = [
        _clean(addr_spec) for value in values for _, addr_spec in getaddresses([value]) if "@" in addr_spec
    ]
    ours = [addr_spec for addr_spec in found if reply_address.read(addr_spec)]
    return next(iter([*ours, *found]), "")


def _sender(mail_from: str | None) -> str | None:
    if mail_from is None:
        return None
    return "" if mail_from.strip().lower() in NULL_SENDERS else _clean(mail_from)


def _clean(address: str) -> str:
    """An address that every database can hold, without the angle brackets of RFC 5321."""
    text = address.encode("utf-8", "backslashreplace").decode()
    return "".join(c for c in text if c.isprintable()).strip().strip("<>")[:LONGEST_ADDRESS]
