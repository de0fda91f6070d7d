"""Owns delivery into a Maildir: for rehearsals, tests and looking at what would be sent. It must never lose
half a message."""

from __future__ import annotations

import mailbox
from pathlib import Path

from digest.outbound.transport import DeliveryResult


class MaildirTransport:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail_from: str, rcpt_to: str, raw: bytes) -> DeliveryResult:
        """Adds the message with the envelope in front of it: Return-Path and Delivered-To (RFC 5321,
        section 4.4)."""
        envelope = f"Return-Path: <{mail_from}>\r\nDelivered-To: {rcpt_to}\r\n".encode()
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            mailbox.Maildir(self.folder, create=True).add((envelope + raw).replace(b"\r\n", b"\n"))
        except OSError as error:
            return DeliveryResult("deferred", "4.3.0", f"{self.folder}: {error.strerror}")
        return DeliveryResult("sent", "2.0.0", "in the Maildir")

    def close(self) -> None:
        """Nothing is kept open."""
