"""Owns how a statement is compiled once for each kind of database, where it runs so often that compiling it each time
would cost as much as running it. It must never hold a statement itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Insert

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _Compiled:
    """The statement as the driver takes it, and how each value becomes one of the database."""

    sql: str
    converts: Mapping[str, Convert | None]
    fixed: Mapping[str, Any]  # the values that stand in the statement itself, converted
    order: Sequence[str] | None  # None: the driver takes them by name

    def parameters(self, values: Mapping[str, Any]) -> Any:
        every = dict(self.fixed)
        for name, value in values.items():
            convert = self.converts[name]
            every[name] = value if convert is None else convert(value)
        return every if self.order is None else tuple(every[name] for name in self.order)


class PreparedInsert:
    """An insert whose every column is a value or a parameter: defaults of the model do not count."""

    def __init__(self, statement: Callable[[str], Insert]) -> None:
        """`statement` makes it for the dialect of that name, sqlite or postgresql."""
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """How many rows are new. Raises what the database does."""
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = _compile(self._statement(dialect.name), dialect)
        ready = self._compiled[dialect.name]
        return connection.exec_driver_sql(ready.sql, ready.parameters(values)).rowcount


def _compile(statement: Insert, dialect: Dialect) -> _Compiled:
    compiled = statement.inline().compile(dialect=dialect)
    converts: dict[str, Convert | None] = {}
    fixed: dict[str, Any] = {}
    for bind, name in compiled.bind_names.items():
        convert = converts[name] = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if not bind.required:
            fixed[name] = bind.value if convert is None else convert(bind.value)
    return _Compiled(str(compiled), converts, fixed, compiled.positiontup)
