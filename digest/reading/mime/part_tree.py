"""Owns the tree of a message's parts (RFC 2046, 5.1). It must never find another than the standard library's parser,
but for the text before and after the parts, which it leaves out.

The parser tries every line of every part against an expression that it compiles for each boundary anew. Most messages
are well-formed and can be cut where their boundary stands; all others are left to it.
"""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser

from digest.reading.mime.mime_limits import PARTS

_LEVELS = 3  # multiparts within multiparts are cut so deep: each level takes a copy of what is in it

_HEADER = HeaderParser()


def part_tree(raw: bytes) -> Message:
    """The message in these bytes, with its parts."""
    text = raw.decode("ascii", "surrogateescape")
    line_break = _line_break(text)
    return (_cut(text, line_break, _LEVELS) if line_break else None) or message_from_bytes(raw)


def _line_break(text: str) -> str | None:
    """What ends every line; None where some end in another way."""
    returns, feeds = text.count("\r"), text.count("\n")
    if not returns:
        return "\n"
    return "\r\n" if returns == feeds == text.count("\r\n") else None


def _cut(text: str, line_break: str, levels: int) -> Message | None:
    """The message or part in this text; None where that is for the parser to say."""
    header, blank, body = text.partition(line_break * 2)
    if not (header and blank):
        return None
    part = _HEADER.parsestr(header + line_break)
    if part.get_payload() or part.get_content_maintype() == "message":
        return None  # a line that is no field ended the header; a message has fields of its own
    if part.get_content_maintype() != "multipart":
        part.set_payload(body)
        return part
    if not levels or part.get_content_subtype() == "digest":
        return None
    boundary = part.get_boundary()
    inner = _between(f"{line_break}--{boundary}", line_break + body, line_break) if boundary else []
    parts: list[Message | str] = []
    parts += (found for one in inner if (found := _cut(one, line_break, levels - 1)))
    if not parts or len(parts) < len(inner):
        return None
    part.set_payload(parts)
    return part


def _between(delimiter: str, body: str, line_break: str) -> list[str]:
    """The text of each part; none where a delimiter shares its line with anything, or the last does not close."""
    _, *parts = body.split(delimiter, PARTS)  # where there are more, the last does not close
    closing = parts.pop() if parts else ""
    if not f"{closing}{line_break}".startswith(f"--{line_break}"):
        return []
    if not all(part.startswith(line_break) for part in parts):
        return []
    return [part.removeprefix(line_break) for part in parts]
