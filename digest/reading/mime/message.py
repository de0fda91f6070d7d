"""Owns the reading of raw bytes as a message: header fields, body, files. It must never raise anything but
`Unreadable`, and never mix in the words of a message that is merely attached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from types import MappingProxyType

from mailparser.dates import (  # pyright: ignore[reportMissingTypeStubs]
    parse_mail_date,  # pyright: ignore[reportUnknownVariableType]
)
from mailparser.utils import (  # pyright: ignore[reportMissingTypeStubs]
    get_addresses,  # pyright: ignore[reportUnknownVariableType]
)

from digest.errors import Unreadable
from digest.reading.mime.charset import decode
from digest.reading.mime.mime_body import Attachment, body_of, parameter, parts_of
from digest.reading.mime.mime_limits import ADDRESSES, DEPTH, PARTS, limited
from digest.reading.mime.part_tree import part_tree

__all__ = ["Attachment", "ParsedMessage", "decoded", "mailboxes", "parse"]

_MSG_ID = re.compile(r"<[^<>\s]{1,998}>")


@dataclass(frozen=True)
class ParsedMessage:
    """A message as it was sent to us (RFC 5322). Addresses are lower-case addr_specs; message ids keep
    their angle brackets; `headers` maps lower-case names to decoded, unfolded values in order; `text` and
    `html` are whole or None."""

    from_addresses: tuple[str, ...]
    from_name: str
    to: tuple[str, ...]
    subject: str
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    date: datetime | None
    headers: Mapping[str, tuple[str, ...]]
    text: str | None
    html: str | None
    content_type: str
    report_type: str | None
    calendar_method: str | None
    attachments: tuple[Attachment, ...]

    def header(self, name: str) -> str:
        """The first value of this header field (lower-case name), or an empty string."""
        return self.headers.get(name, ("",))[0]


def parse(raw: bytes) -> ParsedMessage:
    """The message in these bytes; text is decoded, line breaks are `\\n`, format=flowed is unwrapped.

    Raises Unreadable with the reasons of `mime_limits.limited`, and `too-deep` beyond 20 levels of parts.
    """
    known = limited(raw)
    try:
        return _read(part_tree(known))
    except RecursionError:
        raise Unreadable("too-deep", "This message is nested too deeply; send it as plain text.") from None
    except Unreadable:
        raise
    except Exception as error:  # a parser's own fault on hostile bytes must not stop the worker
        raise Unreadable("no-message") from error


def _read(message: Message) -> ParsedMessage:
    """mail-parser reads what senders write in many ways, dates and mailboxes."""
    attachments: list[Attachment] = []
    _check_shape(message)
    body = body_of(message, attachments)
    raw = _raw_fields(message)
    headers = MappingProxyType({name: tuple(map(decoded, values)) for name, values in raw.items()})
    senders = mailboxes(raw.get("from", ()))
    return ParsedMessage(
        from_addresses=tuple(address for _, address in senders),
        from_name=next((name for name, _ in senders), ""),
        to=tuple(address for _, address in mailboxes(raw.get("to", ()))),
        subject=" ".join(headers.get("subject", ("",))[0].split()),
        message_id=next(_message_ids(headers, "message-id"), None),
        in_reply_to=next(_message_ids(headers, "in-reply-to"), None),
        references=tuple(_message_ids(headers, "references")),
        date=_date(raw),
        headers=headers,
        text=body.text,
        html=body.html,
        content_type=message.get_content_type(),
        report_type=parameter(message, "report-type"),
        calendar_method=_calendar_method(message),
        attachments=tuple(attachments),
    )


def _check_shape(message: Message) -> None:
    level, count, depth = [message], 0, 0
    while level:
        count, depth = count + len(level), depth + 1
        if depth > DEPTH or count > PARTS:
            raise Unreadable("too-deep" if depth > DEPTH else "too-many-parts")
        level = [part for parent in level for part in parts_of(parent)]


def _raw_fields(message: Message) -> dict[str, list[str]]:
    """The values of each header field as they came, by its name in lower case."""
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), []).append(str(value))
    return found


def _date(raw: Mapping[str, list[str]]) -> datetime | None:
    """The first date in UTC (RFC 5322, 3.6.1); None where it names none."""
    values = raw.get("date")
    return parse_mail_date(values[0]).value if values else None


def decoded(value: str) -> str:
    """A header value unfolded (RFC 5322, 2.2.3) and decoded (RFC 2047)."""
    value = _unicode(value.replace("\r", "").replace("\n", ""))
    if "=?" in value:
        try:
            chunks = decode_header(value)
        except (HeaderParseError, ValueError):
            return value.strip()
        value = "".join(
            chunk if isinstance(chunk, str) else decode(chunk, charset) for chunk, charset in chunks
        )
    return value.replace("\x00", "").replace("\r", "").replace("\n", " ").strip()


def _unicode(value: str) -> str:
    """Header text whose 8-bit octets the parser kept as surrogates."""
    return value if value.isascii() else decode(value.encode("utf-8", "surrogateescape"), "utf-8")


def mailboxes(values: Iterable[str]) -> list[tuple[str, str]]:
    """(display name, addr_spec in lower case) of each mailbox in these fields, 50 at most (RFC 5322, 3.4)."""
    found: list[tuple[str, str]] = []
    for value in values:
        for name, address in get_addresses(_unicode(value), decode_names=True):
            if "@" in address:
                found.append((decoded(name), decoded(address).lower()))
    return found[:ADDRESSES]


def _message_ids(headers: Mapping[str, tuple[str, ...]], name: str) -> Iterator[str]:
    for value in headers.get(name, ()):
        bracketed = _MSG_ID.findall(value)
        yield from bracketed or (f"<{word}>" for word in value.split() if "@" in word)


def _calendar_method(message: Message) -> str | None:
    """The `method` of the first calendar part (RFC 5546, 1.4), in lower case."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            return parameter(part, "method")
    return None
