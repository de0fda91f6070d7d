"""Owns what is told of the database: that it is there, up to date and can be written, and that the clocks agree.
It must never change a row.
"""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from digest import clock, schema, start
from digest.checking import hidden, watch
from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.scope import Scope
from digest.complaint import complaint
from digest.database import Database
from digest.errors import DigestError

APART = 30.0  # seconds


def look(scope: Scope) -> Iterator[Finding]:
    settings = scope.settings
    shown = hidden.database_url(settings.database_url)
    file = start.sqlite_file(settings.database_url)
    if file is not None and open_to_all(file):
        yield wrong(
            N_("database: everybody on this machine may read what people wrote. Run: chmod o= %(files)s"),
            files=f"{shlex.quote(str(file))}*",  # those beside it too
        )
    if scope.database is None and file is not None and file.parent.is_dir() and not file.exists():
        yield note(N_("database: %(url)s is not there yet; the first command makes it."), url=shown)
        return
    try:
        if scope.database is not None:
            yield from of_database(scope.database, shown)
            return
        with closing(start.open_database(settings)) as database:
            yield from of_database(database, shown)
    except (DigestError, SQLAlchemyError) as error:
        said = complaint(error)
        yield wrong(N_("database: %(reason)s"), reason=said.line if said else str(error))


def of_database(database: Database, shown: str) -> Iterator[Finding]:
    """What is found in a database that is open. Raises what SQLAlchemy raises where it is away."""
    current, newest = schema.versions(database)
    if current is None:
        yield wrong(
            N_("database: %(url)s has no schema, and %(newest)s is needed. Run: digest db upgrade"),
            url=shown,
            newest=newest,
        )
        return
    if current > newest:
        yield wrong(
            N_(
                "database: %(url)s has schema %(current)s, which only a newer Digest knows. Bring Digest up to date."
            ),
            url=shown,
            current=current,
        )
        return
    if current != newest:
        yield wrong(
            N_("database: %(url)s has schema %(current)s, and %(newest)s is needed. Run: digest db upgrade"),
            url=shown,
            current=current,
            newest=newest,
        )
        return
    with database.transaction():
        pass  # whether it can be written
    yield ok(N_("database: %(url)s, schema %(current)s"), url=shown, current=current)
    yield from clocks(database)
    yield from watch.look(database).found.values()


def open_to_all(file: Path) -> bool:
    """Whether every user of this machine may read that file, and enter each folder above it."""
    try:
        readable = file.stat().st_mode & stat.S_IROTH
        return bool(readable) and all(
            above.stat().st_mode & stat.S_IXOTH for above in file.absolute().parents
        )
    except OSError:
        return False


def clocks(database: Database) -> Iterator[Finding]:
    """Whether the database's clock agrees with this machine's; SQLite has none of its own."""
    if database.is_sqlite:
        return
    with database.reading() as session:
        before = clock.real_now()
        theirs = session.scalar(select(func.clock_timestamp()))
    if isinstance(theirs, datetime):
        yield apart((before - theirs.astimezone(UTC)).total_seconds())


def apart(seconds: float) -> Finding:
    """What to say where this machine's clock is that many seconds ahead of the database's."""
    if abs(seconds) <= APART:
        return ok(N_("clock: agrees with the database's"))
    words = (
        N_("clock: this machine is %(seconds)s seconds ahead of the database. Let both follow NTP.")
        if seconds > 0
        else N_("clock: this machine is %(seconds)s seconds behind the database. Let both follow NTP.")
    )
    return wrong(words, seconds=round(abs(seconds)))
