"""Owns forms as bytes (RFC 7578). It must never encode a value."""

from __future__ import annotations

from collections.abc import Iterable

BOUNDARY = "xYzZY-5f1c2a9d8b7e"


def multipart(fields: Iterable[tuple[str, bytes]]) -> tuple[str, bytes]:
    """(the content type, the body)."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in fields
    ]
    return f"multipart/form-data; boundary={BOUNDARY}", b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
