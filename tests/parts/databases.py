"""Owns the databases of the tests: a fresh one for each test, empty or with the newest schema, on either kind. It must
never touch a database that it has not made."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from digest import schema
from digest.database import connect


class SqliteDatabases:
    """Files in one folder; a copy of a database is a copy of its file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self.template: str | None = None
        self.stages: dict[str, str] = {}

    def make(self, template: str | None = None) -> str:
        path = self._folder / f"{next(self._numbers)}.sqlite"
        if template:
            shutil.copyfile(make_url(template).database or "", path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        path = Path(make_url(url).database or "")
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)


class PostgresDatabases:
    """Databases on one server; a copy of a database is made by the server itself."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        libpq = server.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(libpq, autocommit=True)
        self.template: str | None = None
        self.stages: dict[str, str] = {}

    def make(self, template: str | None = None) -> str:
        name = f"digest_test_{os.getpid()}_{next(self._numbers)}"
        source = make_url(template).database if template else "template0"
        self._connection.execute(f"CREATE DATABASE {name} TEMPLATE {source} ENCODING 'UTF8'".encode())
        return self._server.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)".encode())

    def close(self) -> None:
        for url in (self.template, *self.stages.values()):
            if url:
                self.drop(url)
        self._connection.close()


Databases = SqliteDatabases | PostgresDatabases


@contextmanager
def empty_database(databases: Databases) -> Iterator[str]:
    url = databases.make()
    yield url
    databases.drop(url)


@contextmanager
def database_with_schema(databases: Databases) -> Iterator[str]:
    """A copy of one that was brought up to date before the first test that asked."""
    if databases.template is None:
        databases.template = _with_newest_schema(databases.make())
    url = databases.make(databases.template)
    yield url
    databases.drop(url)


@contextmanager
def database_as_on(databases: Databases, stage: str, set_up: Callable[[str], None]) -> Iterator[str]:
    """A copy of one that `set_up` filled before the first test that asked for that stage."""
    if stage not in databases.stages:
        with database_with_schema(databases) as url:
            set_up(url)
            databases.stages[stage] = databases.make(url)
    url = databases.make(databases.stages[stage])
    yield url
    databases.drop(url)


def _with_newest_schema(url: str) -> str:
    database = connect(url)
    schema.upgrade(database)
    database.close()
    return url
