"""Owns the body of an HTTP request: taken in when it is first looked at, within a bound, and on disk where it is large.
It must never look inside.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from digest.inbound.envelope import LARGEST_MESSAGE
from digest.inbound.requests.provider import Refused

CHUNK = 64 * 1024
KEPT_IN_MEMORY = 1024 * 1024
READ_AT_MOST = 4 * LARGEST_MESSAGE


class Body:
    """What `stream` gives, `length` bytes of it, or None where nobody said how many. To be closed in the end."""

    def __init__(self, stream: IO[bytes], length: int | None) -> None:
        self._stream, self._length = stream, length
        self._size: int | None = None
        self._kept: list[bytes] = []
        self._file: IO[bytes] | None = None

    def size(self) -> int:
        """How many bytes there are. Raises Refused beyond all bounds, and where they broke off."""
        if self._size is None:
            self._size = self._take_in()
        return self._size

    def pieces(self) -> Iterator[bytes]:
        """All of it, each time. Raises Refused as `size` does."""
        self.size()
        return iter(self._kept) if self._file is None else _from(self._file)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _take_in(self) -> int:
        size = 0
        while size != self._length and (piece := self._stream.read(CHUNK)):
            size += len(piece)
            if size > READ_AT_MOST:
                raise Refused("too large", f"More than {READ_AT_MOST // 1024 // 1024} MiB are not read.")
            self._keep(piece, size)
        if self._length not in (None, size):
            raise Refused("broken off", "The body broke off.")
        return size

    def _keep(self, piece: bytes, size: int) -> None:
        if self._file is None and size > KEPT_IN_MEMORY:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it goes with us
            self._file.writelines(self._kept)
            self._kept.clear()
        if self._file is None:
            self._kept.append(piece)
        else:
            self._file.write(piece)


def _from(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(CHUNK):
        yield piece
