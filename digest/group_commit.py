"""Owns the sharing of one commit among small writes that come at the same moment, so that a burst waits for the disk
once. It must never answer anybody before what was asked for is committed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from digest.errors import Transient

Result = TypeVar("Result")

#: Seconds: a connection that rested longer may have broken, and goes through the pool, which looks.
KEPT_FOR = 1.0


class _Write:
    """What one thread asks for, and what came of it."""

    def __init__(self, act: Callable[[Connection], Any]) -> None:
        self.act = act
        self.turn = threading.Lock()  # held until it is done, or the one to lead
        self.turn.acquire()
        self.leads = self.done = False
        self.result: Any = None
        self.error: Exception | None = None


class GroupCommit:
    """Writes of one process into one database. Who comes first commits for all that wait, and then wakes the next. Only
    who leads touches the connection, which is kept from one commit to the next.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, threading.Lock()
        self._waiting: list[_Write] = []
        self._busy = False
        self._kept: Connection | None = None
        self._used = 0.0

    def write(self, act: Callable[[Connection], Result]) -> Result:
        """What `act` returns, once it is committed. Raises what it raises, or what the database does; then nothing of
        it is stored, and the others are.
        """
        mine = _Write(act)
        with self._lock:
            self._waiting.append(mine)
            mine.leads = not self._busy
            self._busy = True
        if not mine.leads:
            mine.turn.acquire()
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise mine.error
        if not mine.done:
            raise Transient("The write was broken off.")
        return mine.result

    def close(self) -> None:
        """Let go of the connection, when nobody writes any more."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def _lead(self) -> None:
        together: list[_Write] = []
        try:
            with self._transaction() as connection:
                # Now that it is our turn to write, whoever came while we waited for it is taken along.
                together = self._take()
                results = [write.act(connection) for write in together]
        except Exception as error:
            together = together or self._take()
            # A database that is away is so for all: to try each would let the last wait for every time-out before it.
            away = error if isinstance(error, OperationalError) else None
            for write in together:
                write.error = away
                if not away:
                    self._commit_alone(write)  # so that none fails for another's sake
        else:
            for write, result in zip(together, results, strict=True):
                write.result, write.done = result, True
        finally:
            self._hand_on(together or self._take())

    def _commit_alone(self, write: _Write) -> None:
        try:
            with self._transaction() as connection:
                result = write.act(connection)
        except Exception as error:
            write.error = error
        else:
            write.result, write.done = result, True

    def _take(self) -> list[_Write]:
        with self._lock:
            waiting, self._waiting = self._waiting, []
            return waiting

    def _hand_on(self, done: list[_Write]) -> None:
        with self._lock:
            self._busy = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].turn.release()
        for write in done:
            if not write.leads:
                write.turn.release()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        connection = self._connection()
        try:
            with connection.begin():
                yield connection
        except BaseException:
            self.close()  # whatever state it is in
            raise

    def _connection(self) -> Connection:
        rested, self._used = time.monotonic() - self._used, time.monotonic()
        if rested > KEPT_FOR:
            self.close()
        if self._kept is None:
            self._kept = self._engine.connect()
        return self._kept
