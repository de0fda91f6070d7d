"""Owns the log as a test reads it, with every logger of every library at its most talkative. It must never leave one of
them changed."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from digest.log_lines import Form, Lines, is_told


class Log:
    """What stands in a log of one form."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.addFilter(is_told)
        self.write_as("json")

    def write_as(self, form: Form) -> None:
        self.handler.setFormatter(Lines(form))

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def last(self) -> dict[str, object]:
        return json.loads(self.text.splitlines()[-1])


@contextmanager
def listening() -> Iterator[Log]:
    made, root = Log(), logging.getLogger()
    known = [root, *(one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger))]
    levels = [(one, one.level) for one in known]
    for one in known:
        one.setLevel(logging.DEBUG)
    root.addHandler(made.handler)
    yield made
    root.removeHandler(made.handler)
    for one, level in levels:
        one.setLevel(level)
