"""Owns the reading of a form as bytes, piece by piece: short fields, and one that is a message.
It must never decode a value, nor hold more of a form than its bounds say.
"""

from __future__ import annotations

from binascii import a2b_qp
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from digest.inbound.intake import Intake
from digest.inbound.requests.provider import Refused, Request

MOST_FIELDS = 200
LONGEST_FIELD = 64 * 1024  # bytes; what is longer is cut
LONGEST_NAME = 1024
AS_QUOTED_PRINTABLE = bytes.maketrans(b"+%", b" =")


@dataclass
class Form:
    """The last value of each field; the field that is a message apart, since it may be large."""

    message_field: str
    fields: dict[str, bytearray] = field(default_factory=dict[str, bytearray])
    message: Intake | None = None
    _open: str = ""
    _begun: int = 0

    def text(self, name: str) -> str | None:
        """A short field; bytes that are no UTF-8 are kept as surrogates."""
        value = self.fields.get(name)
        return None if value is None else value.decode("utf-8", "surrogateescape").strip()

    def begin(self, name: str) -> None:
        self._open, self._begun = name, self._begun + 1
        if self._begun > MOST_FIELDS:
            raise _unreadable()
        if name == self.message_field:
            self.message = Intake()
        else:
            self.fields[name] = bytearray()

    def add(self, piece: bytes) -> None:
        if self.message is not None and self._open == self.message_field:
            self.message.add(piece)
        else:
            value = self.fields[self._open]
            value += piece[: max(0, LONGEST_FIELD - len(value))]


def read_form(request: Request, message_field: str) -> Form:
    """The form in a request. Raises Refused for another content type, and for what is no form."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    form = Form(message_field)
    if kind == "multipart/form-data" and options.get("boundary"):
        _read_multipart(request.body.pieces(), options["boundary"].encode(), form)
    elif kind == "application/x-www-form-urlencoded":
        _read_urlencoded(request.body.pieces(), form)
    else:
        raise Refused("wrong type", "Send a form.")
    return form


def _read_multipart(pieces: Iterable[bytes], boundary: bytes, form: Form) -> None:
    """RFC 7578."""
    decoder = MultipartDecoder(boundary, 1024 * 1024, max_parts=MOST_FIELDS)
    try:
        for piece in chain(pieces, (None,)):
            decoder.receive_data(piece)
            while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
                if isinstance(event, Field | File):
                    form.begin(event.name or "")
                elif isinstance(event, Data):
                    form.add(event.data)
    except (ValueError, RequestEntityTooLarge):
        raise _unreadable() from None


def _read_urlencoded(pieces: Iterable[bytes], form: Form) -> None:
    rest, begun = b"", False
    for piece in chain(pieces, (b"&",)):
        *whole, rest = (rest + piece).split(b"&")
        for part in whole:
            _take(part, form, begun)
            begun = False
        if begun or b"=" in rest:
            cut = len(rest) - _begun_escape(rest)
            _take(rest[:cut], form, begun)
            rest, begun = rest[cut:], True
        elif len(rest) > LONGEST_NAME:
            raise _unreadable()


def _take(part: bytes, form: Form, begun: bool) -> None:
    if not begun:
        name, _, part = part.partition(b"=")
        form.begin(_plain(name).decode("utf-8", "replace"))
    form.add(_plain(part))


def _plain(escaped: bytes) -> bytes:
    """The value behind %41 and +. Well-formed escapes are those of quoted-printable by another sign, and read many
    times faster as such; each of them makes it two bytes shorter.
    """
    if not any(sign in escaped for sign in b"=\r\n"):
        plain = a2b_qp(escaped.translate(AS_QUOTED_PRINTABLE))
        if len(plain) == len(escaped) - 2 * escaped.count(b"%"):
            return plain
    return unquote_to_bytes(escaped.replace(b"+", b" "))


def _begun_escape(value: bytes) -> int:
    """How many bytes at the end may be the beginning of %41."""
    return 1 if value.endswith(b"%") else 2 if value[-2:-1] == b"%" else 0


def _unreadable() -> Refused:
    return Refused("no message", "The form cannot be read.")
