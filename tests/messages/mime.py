"""Writes the bytes of a message the way a given client encodes them. Never decides what is said in it."""

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass
from email.header import Header

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """One leaf or multipart; `payload` is already transfer-encoded, lines end in LF."""

    fields: Fields
    payload: bytes


def leaf(content_type: str, text: str, charset: str = "utf-8", cte: str = "quoted-printable") -> Part:
    """Text as one part; `cte` is one of quoted-printable, base64, 8bit, 7bit (RFC 2045 section 6)."""
    raw = text.encode(charset)
    encoded = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(cte, bytes)(raw)
    fields = (("Content-Type", f'{content_type}; charset="{charset}"'), ("Content-Transfer-Encoding", cte))
    return Part(fields, encoded.rstrip(b"\n") + b"\n")


def attachment(content_type: str, filename: str, content: bytes) -> Part:
    """A file that hangs on the message, in base64."""
    fields = (
        ("Content-Type", f'{content_type}; name="{filename}"'),
        ("Content-Disposition", f'attachment; filename="{filename}"'),
        ("Content-Transfer-Encoding", "base64"),
    )
    return Part(fields, base64.encodebytes(content))


def multipart(subtype: str, boundary: str, *parts: Part, parameters: str = "") -> Part:
    """Parts under one boundary (RFC 2046 section 5.1)."""
    inner = b"".join(
        b"--" + boundary.encode() + b"\n" + written(part.fields, part.payload) + b"\n" for part in parts
    )
    value = f'multipart/{subtype}; {parameters}boundary="{boundary}"'
    return Part((("Content-Type", value),), inner + b"--" + boundary.encode() + b"--\n")


def written(fields: Fields, payload: bytes) -> bytes:
    """Header section, empty line and payload."""
    lines = "".join(f"{name}: {encoded(name, value)}\n" for name, value in fields)
    return lines.encode("ascii") + b"\n" + payload


def encoded(name: str, value: str) -> str:
    """A field value in ASCII: encoded words (RFC 2047) where it has to be, addresses left alone."""
    if value.isascii():
        return value
    if name in ("From", "To", "Cc", "Reply-To") and " <" in value:
        shown, _, address = value.rpartition(" <")
        return f"{Header(shown, 'utf-8').encode()} <{address}"
    return Header(value, "utf-8", header_name=name).encode()
