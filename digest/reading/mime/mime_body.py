"""Owns which parts of a message are its own words, and which are files that came with it. It must never
look into a message that is attached: its text is somebody else's."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from html import escape
from typing import cast

from digest.reading.mime.charset import decode
from digest.reading.mime.flowed import unflow

# Text formats that carry the sender's words as they stand; calendars, cards and tables are files.
_PLAIN = frozenset({"text/plain", "text/markdown", "text/enriched", "text/richtext", "text/x-markdown"})


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message: its name (may be empty), its media type, its size in octets as
    encoded."""

    filename: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Body:
    """The message's own words, in plain text and in HTML; each is whole, or None."""

    text: str | None = None
    html: str | None = None

    def __bool__(self) -> bool:
        return self.text is not None or self.html is not None


def body_of(message: Message, attachments: list[Attachment]) -> Body:
    """The body of this part (RFC 2046, section 5.1); what is none is added to `attachments`."""
    kind = message.get_content_type()
    if kind == "message/rfc822" or _is_file(message):
        attachments.append(_attachment(message))
        return Body()
    if message.is_multipart():
        bodies = [body for part in parts_of(message) if (body := body_of(part, attachments))]
        return _best(bodies) if kind == "multipart/alternative" else _joined(bodies)
    if kind == "text/html":
        return Body(html=_content(message))
    if kind in _PLAIN or kind.startswith("multipart/"):
        return Body(text=_plain(message))
    attachments.append(_attachment(message))
    return Body()


def parts_of(message: Message) -> list[Message]:
    """The parts of a multipart message, or of a message that holds another."""
    payload = cast("object", message.get_payload())
    parts = cast("list[object]", payload) if isinstance(payload, list) else []
    return [cast("Message", part) for part in parts if isinstance(part, Message)]


def _is_file(part: Message) -> bool:
    """RFC 2183, section 2: attached, or named; a body that a client named `inline` stays a body."""
    disposition = part.get_content_disposition()
    if disposition == "attachment":
        return True
    if disposition == "inline" or part.is_multipart():
        return False
    return (disposition is not None or _may_have(part, "name")) and bool(part.get_filename())


def _best(bodies: list[Body]) -> Body:
    """Of alternatives the first plain text and the last HTML: calendars and slimmed copies come between."""
    texts = [body.text for body in bodies if body.text is not None]
    pages = [body.html for body in bodies if body.html is not None]
    return Body(text=texts[0] if texts else None, html=pages[-1] if pages else None)


def _joined(bodies: list[Body]) -> Body:
    """Parts that follow one another: text where each has it, HTML where at least one has it."""
    if len(bodies) == 1:
        return bodies[0]
    text = "\n".join(body.text for body in bodies if body.text is not None)
    page = "\n".join(
        body.html if body.html is not None else _preformatted(body.text or "") for body in bodies
    )
    has_text = bool(bodies) and all(body.text is not None for body in bodies)
    return Body(
        text=text if has_text else None, html=page if any(body.html is not None for body in bodies) else None
    )


def _preformatted(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"


def _plain(part: Message) -> str:
    text = _content(part)
    if parameter(part, "format") == "flowed":
        return unflow(text, delsp=parameter(part, "delsp") == "yes")
    return text


def parameter(part: Message, name: str) -> str | None:
    """A parameter of the part's type (RFC 2045, section 5.1) in lower case; None where it has none of this name."""
    value = part.get_param(name) if _may_have(part, name) else None
    if value is None:
        return None
    return (value if isinstance(value, str) else str(value[2])).lower()


def _may_have(part: Message, name: str) -> bool:
    """Whether the part's type can have such a parameter: a cheap question, asked before its parameters are read."""
    return name in str(part.get("content-type", "")).lower()


def _content(part: Message) -> str:
    """The part's text with plain line breaks, whatever its transfer encoding and charset claim."""
    try:
        octets = part.get_payload(decode=True)
    except (ValueError, LookupError):
        octets = None
    if not isinstance(octets, bytes):
        octets = str(part.get_payload()).encode("utf-8", "surrogateescape")
    text = decode(octets, _charset(part))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, LookupError):
        return None


def _attachment(part: Message) -> Attachment:
    payload = part.get_payload()
    size = len(payload) if isinstance(payload, str) else 0
    try:
        filename = part.get_filename() or ""
    except (ValueError, LookupError):
        filename = ""
    clean = filename.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return Attachment(clean, part.get_content_type(), size)
