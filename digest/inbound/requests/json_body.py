"""Owns the reading of JSON that others sent: nothing in it is trusted to be there, or of its kind.
It must never know a provider's words.
"""

from __future__ import annotations

import json
import re
from typing import Any, cast

from digest.inbound.requests.provider import Refused, Request

STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")  # RFC 3463
REMARK = 500


def load(request: Request, most: int | None = None) -> Any:
    """The value in a body; bytes that are no UTF-8 are kept as surrogates. Raises Refused, also above `most` bytes."""
    if most is not None and request.body.size() > most:
        raise Refused("too large", f"More than {most // 1024} KiB are not read here.")
    return loads(b"".join(request.body.pieces()).decode("utf-8", "surrogateescape"))


def loads(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("no message", "The body is not JSON.") from None


def at(value: Any, *path: str | int) -> Any:
    """What stands at the end of a path of keys and indexes; None where it leads nowhere."""
    for step in path:
        if isinstance(value, dict):
            value = cast(dict[Any, Any], value).get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(cast(list[Any], value)):
            value = cast(list[Any], value)[step]
        else:
            return None
    return value


def text(value: Any, *path: str | int) -> str:
    """A text or a number at the end of a path, as every database can hold it; empty for anything else."""
    found = at(value, *path)
    plain = str(found) if isinstance(found, str | int | float) else ""
    return plain.encode("utf-8", "backslashreplace").decode().replace("\0", "").strip()


def items(value: Any, *path: str | int) -> list[Any]:
    """The list at the end of a path; empty for anything else."""
    found = at(value, *path)
    return cast(list[Any], found) if isinstance(found, list) else []


def raw_bytes(value: str) -> bytes:
    """The bytes of a message that stood in a JSON text."""
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")


def enhanced_status(*texts: str) -> str | None:
    """The first status of RFC 3463 that one of the texts holds."""
    return next((found[0] for text in texts if (found := STATUS.search(text))), None)


def message_id(identifier: str) -> str | None:
    """With its angle brackets, whether it came with them or not; None where there is none."""
    bare = identifier.strip().strip("<>")
    return f"<{bare}>" if bare else None
