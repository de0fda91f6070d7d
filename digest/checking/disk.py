"""Owns what is told of the disk on which a SQLite database lies. It must never judge another machine's: PostgreSQL's
is for whoever runs that.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from digest.checking.finding import N_, Finding, wrong
from digest.database import Database

ENOUGH = 200_000_000  # bytes; a message may have 30 MiB, and is copied on its way into the file


def little_room(database: Database) -> Finding | None:
    """What to say where hardly anything more fits beside the database."""
    free = _free(database.engine.url.database) if database.is_sqlite else None
    if free is None or free >= ENOUGH:
        return None
    return wrong(
        N_(
            "The disk of the database is nearly full: %(free)s MB are free. Make room; when it is full nothing can be "
            "stored, and mail waits outside until it can."
        ),
        free=free // 1_000_000,
    )


def _free(file: str | None) -> int | None:
    """Bytes; None for a database in memory, and where nobody can tell."""
    try:
        return shutil.disk_usage(Path(file).absolute().parent).free if file else None
    except OSError:
        return None
