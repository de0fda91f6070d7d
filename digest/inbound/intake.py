"""Owns a message while it comes in piece by piece: its bytes up to the cap, its size, its digest.
It must never hold more than the cap in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from digest.inbound.envelope import LARGEST_MESSAGE, STUB, Envelope


class Intake:
    """Takes in the pieces; `envelope` is asked for when all have come."""

    def __init__(self, pieces: Iterable[bytes] = ()) -> None:
        self._kept, self.size, self._digest = bytearray(), 0, hashlib.sha256()
        for piece in pieces:
            self.add(piece)

    def add(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._kept += piece[: max(0, LARGEST_MESSAGE - self.size)]
        self.size += len(piece)
        if self.size > LARGEST_MESSAGE:
            del self._kept[STUB:]

    def envelope(
        self, mail_from: str | None, rcpt_to: str, via: str, verdicts: Mapping[str, str] | None = None
    ) -> Envelope:
        """The envelope of what came in, for one recipient."""
        digest = self._digest.hexdigest()
        return Envelope(mail_from, rcpt_to, bytes(self._kept), self.size, digest, via, verdicts or {})
