"""Owns what a report returns of the mail that it is about: the names by which we know it. It must never read text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import cast

from digest import reply_address
from digest.inbound.reports.blocks import Block, blocks_of, parts_named
from digest.inbound.reports.finding import addr_spec_in
from digest.reading.mime.message import ParsedMessage

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_IN_WORDS = re.compile(r"^[> \t]*Message-ID:\s*(<[^<>\s]{1,998}>)", re.IGNORECASE | re.MULTILINE)
_PARTS = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")


@dataclass(frozen=True)
class Returned:
    """The Message-ID of the mail, with its brackets, and its envelope sender where that is one of ours."""

    message_id: str | None = None
    return_path: str | None = None


def returned(tree: Message, message: ParsedMessage) -> Returned:
    """What the returned mail says of itself; else what the report answers, as In-Reply-To and References name it."""
    headers = list(_headers(tree))
    paths = (addr_spec_in(header.get("return-path", "")) for header in headers)
    own = next((path for path in paths if path and reply_address.read_bounce(path)), None)
    ids = [found[0] for header in headers if (found := _MESSAGE_ID.search(header.get("message-id", "")))]
    named = ids or _IN_WORDS.findall(message.text or "") or [message.in_reply_to, *message.references[-1:]]
    return Returned(named[0], own)


def _headers(tree: Message) -> Iterator[Block]:
    """The header of each returned mail, whether it came whole or as its fields alone."""
    for part in parts_named(tree, *_PARTS):
        inside = cast("list[Message]", part.get_payload()) if part.is_multipart() else []
        if inside:
            yield {name.lower(): str(value) for name, value in reversed(inside[0].items())}
        else:
            yield from blocks_of(part)[:1]
