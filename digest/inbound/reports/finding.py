"""Owns what was found in a report about one recipient, and how addresses are written there. It must never know whose
mail it is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.inbound.delivery_report import Event

_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_ADDRESS = re.compile(r"[^\s<>@,;\"]+@[^\s<>@,;\"]+")
_LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One recipient of a report; `remark` is what the far server said, on one line."""

    event: Event
    recipient: str | None = None
    redacted: bool = False
    return_path: str | None = None
    enhanced_status: str | None = None
    permanent: bool | None = None
    remark: str = ""


def addr_spec_in(field: str) -> str | None:
    """The address in a value such as `rfc822; mira@example.com` (RFC 3464, 2.1.2) or `utf-8; m\\x{FC}ller@...`
    (RFC 6533, 3), in lower case, its domain as A-labels.
    """
    written = field.partition(";")[2] if ";" in field else field
    try:
        plain = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), written)
    except (ValueError, OverflowError):
        return None
    found = _ADDRESS.search(plain)
    if found is None:
        return None
    local_part, _, domain = found.group().strip("'.:()").rpartition("@")
    try:
        return f"{local_part}@{domain if domain.isascii() else domain.encode('idna').decode()}".lower()
    except UnicodeError:
        return None


def one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
