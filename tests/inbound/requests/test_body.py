"""A body is taken in once, when it is looked at, and comes out again whole as often as it is asked for."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO

import pytest

from digest.inbound.requests import body as body_module
from digest.inbound.requests.body import CHUNK, KEPT_IN_MEMORY, Body
from digest.inbound.requests.provider import Refused


class Drip(BytesIO):
    """Gives a little less than is asked for, as a slow connection does."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size - 1 if size and size > 1 else size)


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK, CHUNK + 1, KEPT_IN_MEMORY, KEPT_IN_MEMORY + 1, 3 * KEPT_IN_MEMORY + 7]
)
@pytest.mark.parametrize("stream", [BytesIO, Drip])
@pytest.mark.parametrize("told", [True, False])
def test_it_comes_out_as_it_went_in(size: int, stream: type[BytesIO], told: bool) -> None:
    whole = bytes(index % 251 for index in range(size))
    with closing(Body(stream(whole), size if told else None)) as body:
        assert b"".join(body.pieces()) == whole
        assert body.size() == size
        assert b"".join(body.pieces()) == whole


def test_nothing_is_read_before_it_is_looked_at() -> None:
    stream = BytesIO(b"words")
    body = Body(stream, 5)
    assert stream.tell() == 0
    assert body.size() == 5
    body.close()


def test_what_comes_behind_its_length_is_left_where_it_is() -> None:
    stream = BytesIO(b"words" * CHUNK)
    assert Body(stream, CHUNK).size() == CHUNK
    assert stream.tell() == CHUNK


@pytest.mark.parametrize("length", [6, CHUNK])
def test_what_breaks_off_is_refused(length: int) -> None:
    with pytest.raises(Refused) as refused:
        Body(BytesIO(b"words"), length).pieces()
    assert refused.value.why == "broken off"


def test_more_than_is_read_at_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_module, "READ_AT_MOST", 2 * KEPT_IN_MEMORY)
    with closing(Body(BytesIO(b"x" * (2 * KEPT_IN_MEMORY + 1)), None)) as body:
        with pytest.raises(Refused) as refused:
            body.size()
        assert refused.value.why == "too large"
