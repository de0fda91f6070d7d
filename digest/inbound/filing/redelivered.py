"""Owns the question whether a message came before: a mail server delivers again what it does not know to have arrived,
with a header field more, and a door takes that for another message. It must never take a Message-ID alone for proof.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from digest.domain.mails.record import InboundMessage

INBOUND = cast(Table, InboundMessage.__table__)
SETTLED = select(INBOUND.c.id, INBOUND.c.thread_id, INBOUND.c.message_id, INBOUND.c.state).where(
    INBOUND.c.thread_id.in_(bindparam("threads", expanding=True)),
    INBOUND.c.message_id.is_not(None),
    INBOUND.c.message_id.in_(bindparam("message_ids", expanding=True)),
    INBOUND.c.state.in_(("filed", "held")),
)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


def redelivered(session: Session, messages: Mapping[InboundMessage, str | None]) -> set[int]:
    """The ids of those that answer the same mail of ours as an earlier one, with its Message-ID (RFC 5322, section
    3.6.4) and its very body. Whatever became of that one stands, also where its writer has taken it back.
    """
    named = {
        (row.thread_id, message_id): row
        for row, message_id in messages.items()
        if row.thread_id and message_id
    }
    if not named:
        return set()
    threads, message_ids = zip(*named, strict=True)
    settled = session.connection().execute(SETTLED, {"threads": threads, "message_ids": message_ids})
    again: set[int] = set()
    for found in settled.all():
        row = named.get((found.thread_id, found.message_id))
        # What waits for its member's word may have been filed meanwhile by a copy that came later.
        if row is None or (found.state == "held" and found.id > row.id):
            continue
        body = _body(row)
        if body is not None and body == _body(session.get_one(InboundMessage, found.id)):
            again.add(row.id)
    return again


def _body(row: InboundMessage) -> bytes | None:
    """What follows the header; None where the message is no longer kept."""
    if row.raw is None:
        return None
    body = _END_OF_HEADER.split(zlib.decompress(row.raw).lstrip(b"\r\n"), maxsplit=1)[1:]
    return b"".join(body).replace(b"\r\n", b"\n").rstrip(b"\n")
