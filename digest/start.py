"""Owns what every process does first: settings, clock, log, database.
It must never be imported by a room: rooms are handed what they need.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from digest import clock, log_lines, schema
from digest.database import Database, connect
from digest.errors import Misuse
from digest.settings import Settings

#: What has to be set before any mail can be composed and sent.
TO_SEND = ("DIGEST_SECRET", "DIGEST_MAIL_URL", "DIGEST_MAIL_FROM", "DIGEST_REPLY_DOMAIN")


def settings(*required: str) -> Settings:
    """The settings in force, with the clock started where they say. Raises Misuse for what is wrong or missing."""
    in_force = Settings.from_env()
    log_lines.write_as("json" if in_force.log_as_json else "text")
    in_force.require(*required)
    clock.start_at(in_force.clock)
    return in_force


def move_clock(in_force: Settings, instant: datetime | None) -> None:
    """Let the clock start at another instant. Raises Misuse for one to come while mail would reach people."""
    if instant is None:
        return
    if instant > clock.real_now() and not in_force.mail_stays_here:
        raise Misuse(
            "--now lies in the future: that is refused while DIGEST_MAIL_URL leads to a real mail server. "
            "Use maildir:DIR, console: or a server on this machine."
        )
    clock.start_at(instant)


def database(in_force: Settings) -> Database:
    """The database with its schema in place; a new SQLite one is made. Raises Misuse for a wrong URL, Permanent for
    an old schema, what SQLAlchemy raises where it is away.
    """
    return schema.ready(open_database(in_force))


def open_database(in_force: Settings) -> Database:
    """The database as it is. Raises Misuse for a URL, a driver or a folder that is not there."""
    try:
        _require_folder(in_force.database_url)
        return connect(in_force.database_url)
    except ModuleNotFoundError as missing:
        raise Misuse(
            f"DIGEST_DATABASE_URL needs {missing.name}. Install it: .venv/bin/pip install -r requirements.lock"
        ) from None
    except (ArgumentError, ValueError):
        raise Misuse(
            "DIGEST_DATABASE_URL is not a database URL. Write sqlite:///digest.sqlite or postgresql://..."
        ) from None


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL; None for any other URL, and for a database in memory."""
    if not url.startswith("sqlite"):
        return None
    name = make_url(url).database
    return Path(name) if name and name != ":memory:" else None


def _require_folder(url: str) -> None:
    file = sqlite_file(url)
    if file is not None and not file.parent.is_dir():
        raise Misuse(
            f"The folder {file.parent} of the database is not there. Make it, or change DIGEST_DATABASE_URL."
        )


def log_to_stderr() -> None:
    """For processes that stay: what happens is logged with its time, in the form that `settings()` reads."""
    log_lines.set_up(logging.INFO)


def log_errors_alone() -> None:
    """For processes that do one thing: errors alone are logged; what failed, the command itself says in one line."""
    log_lines.set_up(logging.ERROR)
