"""Owns the caps that bytes meet before a parser sees them, so that no message costs more than a second. It
must never read what a message says: what it cuts are header fields and counts, never a body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.errors import Unreadable

MESSAGE_BYTES = 30 * 1024 * 1024
HEADER_BYTES = 64 * 1024
FIELD_BYTES = 16 * 1024
CONTENT_FIELD_BYTES = 4 * 1024
FIELDS = 500
PARTS = 200
DEPTH = 20
ADDRESSES = 50

_KNOWN = frozenset(
    b"from to cc subject date message-id received return-path mime-version content-type sender reply-to "
    b"delivered-to in-reply-to references auto-submitted content-transfer-encoding envelope-to".split()
)
_FIELD_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")
_FIELD_END = re.compile(rb"\n(?![ \t])")
_BOUNDARY = re.compile(
    rb'boundary[ \t]{0,9}=[ \t]{0,9}(?:"([^"\r\n]{1,200})"|([^\s";,]{1,200}))', re.IGNORECASE
)


def limited(raw: bytes) -> bytes:
    """The message with at most 64 KB and 500 fields of header, and part headers of bearable length.

    Raises Unreadable: `too-large` (over 30 MiB), `no-header` (no known header field at the top),
    `too-many-parts` (over 200 parts of RFC 2046 5.1).
    """
    if len(raw) > MESSAGE_BYTES:
        raise Unreadable("too-large", "This message is larger than 30 MB; send it without its attachments.")
    header, body = _split(_without_envelope_line(raw))
    fields = _fields(header)
    if not any(_name(field) in _KNOWN for field in fields):
        raise Unreadable("no-header")
    if len(header) > HEADER_BYTES or len(fields) > FIELDS:
        header = b"".join(_affordable(fields))
    _count_parts(header + body)
    return _shorten_content_fields(b"\n" + header + body)[1:]


def _without_envelope_line(raw: bytes) -> bytes:
    """Drops what mailbox files and editors put before the first field: blank lines, a `From ` line."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")):
        raw = raw[raw.find(b"\n") + 1 :]
    if b"\n" not in raw[:HEADER_BYTES]:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Header with the line break of its last field, and the rest with the blank line in front."""
    crlf = raw.find(b"\n\r\n")
    lf = raw.find(b"\n\n", 0, crlf + 1 if crlf >= 0 else None)
    end = lf if lf >= 0 else crlf
    return (raw[: end + 1], raw[end + 1 :]) if end >= 0 else (raw, b"")


def _fields(header: bytes) -> list[bytes]:
    starts = [0, *(match.end() for match in _FIELD_END.finditer(header))]
    return [
        header[start:end]
        for start, end in zip(starts, [*starts[1:], len(header)], strict=True)
        if start < end
    ]


def _name(field: bytes) -> bytes:
    match = _FIELD_NAME.match(field)
    return match.group(1).lower() if match else b""


def _affordable(fields: list[bytes]) -> Iterator[bytes]:
    """The known fields first, then the others, in their order, as long as the two caps hold."""
    order = sorted(range(len(fields)), key=lambda index: _name(fields[index]) not in _KNOWN)
    kept, left = set[int](), HEADER_BYTES
    for index in order[:FIELDS]:
        size = min(len(fields[index]), FIELD_BYTES)
        if size <= left:
            kept.add(index)
            left -= size
    for index in sorted(kept):
        field = fields[index]
        yield field if len(field) <= FIELD_BYTES else field[:FIELD_BYTES].rstrip(b"\r\n") + b"\r\n"


def _count_parts(raw: bytes) -> None:
    """Counts only where a count could be too high: the lines that open a part are those of declared
    boundaries."""
    if raw.count(b"\n--") <= PARTS:
        return
    declared = {(match[1] or match[2]).rstrip() for match in _BOUNDARY.finditer(raw)}
    count, at = 0, raw.find(b"\n--")
    while at >= 0:
        end = raw.find(b"\n", at + 3, at + 300)
        count += raw[at + 3 : end if end >= 0 else at + 300].rstrip() in declared
        if count > PARTS:
            raise Unreadable("too-many-parts", "This message has too many parts; send it as plain text.")
        at = raw.find(b"\n--", at + 3)


def _shorten_content_fields(body: bytes) -> bytes:
    """Cuts Content-* fields where they are long: parsing their parameters costs more than linear time."""
    lower, pieces, done = body.lower(), list[bytes](), 0
    at = lower.find(b"\ncontent-")
    while at >= 0:
        end = _field_end(body, at + 1)
        if end - at > CONTENT_FIELD_BYTES:
            pieces += [body[done : at + CONTENT_FIELD_BYTES].rstrip(b"\r\n")]
            done = end
        at = lower.find(b"\ncontent-", max(at + 1, end - 1))
    return b"".join([*pieces, body[done:]]) if pieces else body


def _field_end(body: bytes, start: int) -> int:
    """Where the field that starts here ends: before a line break that no blank follows."""
    match = _FIELD_END.search(body, start)
    return match.start() if match else len(body)
