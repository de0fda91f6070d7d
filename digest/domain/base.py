"""Owns what every table shares: the declarative base and the column types. It must never know a noun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, cast

from sqlalchemy import DateTime, Dialect, Executable, Index, Insert, MetaData, TypeDecorator, insert, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import DeclarativeBase, Session


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite alone would drop the zone without converting."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables; constraints have names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


def insert_once(session: Session, model: type[Base], **values: Any) -> int | None:
    """Insert a row unless one with the same unique key stands already; its id, or None where it stood.

    The database decides who is first, so any number of processes may try at once.
    """
    connection = session.connection()  # past the session, which would flush all that it knows first
    return connection.scalar(_unless_it_stands(model, connection.dialect.name), values)


def insert_many_once(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows whose unique keys do not stand already; how many were new."""
    if not rows:
        return 0
    connection = session.connection()
    return len(connection.scalars(_unless_it_stands(model, connection.dialect.name), list(rows)).all())


def insert_all(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert the rows by one statement; their ids, in order."""
    return list(session.connection().scalars(_new(model), list(rows))) if rows else []


def insert_unless_it_stands(model: type[Base], dialect: str) -> Insert:
    """The statement that inserts a row unless one with the same unique key stands already."""
    table = cast(Any, model).__table__
    new = sqlite_insert(table) if dialect == "sqlite" else postgresql_insert(table)
    return new.on_conflict_do_nothing()


@cache
def _unless_it_stands(model: type[Base], dialect: str) -> Executable:
    return insert_unless_it_stands(model, dialect).returning(cast(Any, model).__table__.c.id)


@cache
def _new(model: type[Base]) -> Executable:
    table = cast(Any, model).__table__
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the few rows that are still to be worked on, so that cost does not grow with history."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
