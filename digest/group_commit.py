"""Owns the sharing of one commit among small writes that come at the same moment, so that a burst waits for the disk
once. It must never answer anybody before what was asked for is committed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
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
        with self._lock:
            together, self._waiting = self._waiting, []
        try:
            self._commit(together)
        finally:
            self._hand_on(together)

    def _hand_on(self, done: list[_Write]) -> None:
        with self._lock:
            self._busy = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].turn.release()
        for write in done:
            if not write.leads:
                write.turn.release()

    def _commit(self, together: list[_Write]) -> None:
        """One transaction for all; where that fails, one for each, so that none fails for another's sake. Where the
        database itself is away it is so for all: to try each would let the last wait for every time-out before it.
        """
        try:
            results = self._in_one_transaction(together)
        except OperationalError as error:
            for write in together:
                write.error = error
        except Exception as error:
            if len(together) == 1:
                together[0].error = error
            else:
                for write in together:
                    self._commit([write])
        else:
            for write, result in zip(together, results, strict=True):
                write.result, write.done = result, True

    def _in_one_transaction(self, together: list[_Write]) -> list[Any]:
        connection = self._connection()
        try:
            with connection.begin():
                return [write.act(connection) for write in together]
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
