"""Owns what is made anew only so often, however many ask. It must never hold what differs from visitor to visitor."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class Remembered(Generic[T]):
    """`make` runs in one thread at a time; what it raises is not kept."""

    make: Callable[[], T]
    seconds: float
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: list[tuple[float, T]] = field(default_factory=list[tuple[float, T]])

    def __call__(self) -> T:
        with self._lock:
            if not self._kept or time.monotonic() - self._kept[0][0] > self.seconds:
                made = self.make()
                self._kept[:] = [(time.monotonic(), made)]
            return self._kept[0][1]
