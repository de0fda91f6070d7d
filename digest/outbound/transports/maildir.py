"""Owns delivery into a Maildir: for rehearsals, tests and looking at what would be sent. It must never lose
half a message."""

from __future__ import annotations

import mailbox
from collections.abc import Sequence
from pathlib import Path

from digest.outbound.transport import DeliveryResult, Message


class MaildirTransport:
    at_once = 1
    per_domain = trouble = None
    is_resting = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mails: Sequence[Message]) -> list[DeliveryResult]:
        return [self._add(mail) for mail in mails]

    def close(self) -> None:
        """Nothing is kept open."""

    def _add(self, mail: Message) -> DeliveryResult:
        """With the envelope in front of it: Return-Path and Delivered-To (RFC 5321, section 4.4)."""
        envelope = f"Return-Path: <{mail.mail_from}>\r\nDelivered-To: {mail.rcpt_to}\r\n".encode()
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            mailbox.Maildir(self.folder, create=True).add((envelope + mail.raw).replace(b"\r\n", b"\n"))
        except OSError as error:
            return DeliveryResult("deferred", "4.3.0", f"{self.folder}: {error.strerror}")
        return DeliveryResult("sent", "2.0.0", "in the Maildir")
