"""A form that came urlencoded gives back the bytes that went into it, however it is cut into pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from hypothesis import given, strategies
from werkzeug.datastructures import Headers

from digest.inbound.requests.form import Form, read_form
from digest.inbound.requests.provider import Request

KIND = Headers({"content-type": "application/x-www-form-urlencoded"})


@dataclass
class InPieces:
    """A body that comes in pieces of one size."""

    whole: bytes
    each: int

    def size(self) -> int:
        return len(self.whole)

    def pieces(self) -> Iterator[bytes]:
        return (self.whole[at : at + self.each] for at in range(0, len(self.whole), self.each))


def form_of(body: bytes, size: int) -> Form:
    return read_form(Request(KIND, InPieces(body, size)), "message")


def message_in(body: bytes, size: int) -> bytes:
    message = form_of(body, size).message
    assert message is not None
    return message.envelope(None, "to@example.com", "test").raw


@given(value=strategies.binary(), size=strategies.integers(1, 40))
def test_every_value_comes_back(value: bytes, size: int) -> None:
    written = quote_from_bytes(value, safe=" ").replace(" ", "+").encode()
    assert message_in(b"name=x&message=" + written + b"&last=y", size) == value


@pytest.mark.parametrize(
    "odd", [b"%", b"100%&", b"%%41", b"%4", b"%G1", b"a=b=%3D", b"%\r\n41", b"a\n%41", b"%%%34%31", b"=%2B+"]
)
def test_what_nobody_should_have_written_is_read_as_it_stands(odd: bytes) -> None:
    assert message_in(b"message=" + odd, 100) == unquote_to_bytes(odd.partition(b"&")[0].replace(b"+", b" "))
