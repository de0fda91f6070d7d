"""Owns delivery to standard output: for a first look. It must never be used for people's mail."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from digest.outbound.transport import DeliveryResult, Message


class ConsoleTransport:
    at_once = 1
    per_domain = trouble = None
    is_resting = False

    def send(self, mails: Sequence[Message]) -> list[DeliveryResult]:
        for mail in mails:
            text = mail.raw.decode("utf-8", "replace")
            sys.stdout.write(f"--- from <{mail.mail_from}> to <{mail.rcpt_to}>\n{text}\n")
        sys.stdout.flush()
        return [DeliveryResult("sent", "2.0.0", "printed")] * len(mails)

    def close(self) -> None:
        """Nothing is kept open."""
