"""Owns the blocks of fields in the machine-readable part of a report. It must never know what a field means."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator, Mapping
from email.message import Message

_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:[ \t]*(.*)")
_GAP = re.compile(r"\n[ \t]*\n")
_LONGEST = 64 * 1024

Block = Mapping[str, str]


def parts_named(tree: Message, *content_types: str) -> Iterator[Message]:
    return (part for part in tree.walk() if part.get_content_type() in content_types)


def blocks_of(part: Message) -> list[Block]:
    """The blocks of a part, each from lower-case field names to unfolded values; of a repeated field the first."""
    text = _text_of(part).replace("\r\n", "\n")[:_LONGEST]
    return [block for block in map(_block, _GAP.split(text)) if block]


def _block(text: str) -> Block:
    fields: dict[str, str] = {}
    for line in re.sub(r"\n[ \t]+", " ", text).split("\n"):
        if found := _FIELD.match(line):
            fields.setdefault(found[1].lower(), found[2].strip())
    return fields


def _text_of(part: Message) -> str:
    """The body as it came; the standard library takes some of these parts for messages and leaves them encoded."""
    body = re.split(rb"\r?\n\r?\n", part.as_bytes(), maxsplit=1)[-1]
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "quoted-printable":
        body = quopri.decodestring(body)
    elif encoding == "base64":
        try:
            body = base64.b64decode(body)
        except binascii.Error:
            body = b""
    return body.decode("utf-8", "replace")
