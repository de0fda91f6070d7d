"""Owns delivery to standard output: for a first look. It must never be used for people's mail."""

from __future__ import annotations

import sys

from digest.outbound.transport import DeliveryResult


class ConsoleTransport:
    def send(self, mail_from: str, rcpt_to: str, raw: bytes) -> DeliveryResult:
        sys.stdout.write(f"--- from <{mail_from}> to <{rcpt_to}>\n{raw.decode('utf-8', 'replace')}\n")
        sys.stdout.flush()
        return DeliveryResult("sent", "2.0.0", "printed")

    def close(self) -> None:
        """Nothing is kept open."""
