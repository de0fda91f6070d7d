"""Owns that small writes which come at the same moment share one commit, so that a burst waits for the disk once. It
must never answer anybody before what was asked for is committed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from digest.errors import Transient

Result = TypeVar("Result")


@dataclass
class _Write:
    act: Callable[[Connection], Any]
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    result: Any = None
    error: Exception | None = field(default_factory=lambda: Transient("The write was broken off."))


class GroupCommit:
    """Writes of one process into one database. Who comes first commits for all that wait, and then wakes the next."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, threading.Lock()
        self._waiting: list[_Write] = []
        self._busy = False

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
            mine.woken.wait()
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise mine.error
        return mine.result

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
                self._waiting[0].woken.set()
        for write in done:
            write.leads = False
            write.woken.set()

    def _commit(self, together: list[_Write]) -> None:
        """One transaction for all; where that fails, one for each, so that none fails for another's sake. Where the
        database itself is away it is so for all: to try each would let the last wait for every time-out before it.
        """
        try:
            with self._engine.begin() as connection:
                results = [write.act(connection) for write in together]
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
                write.result, write.error = result, None
