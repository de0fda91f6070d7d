"""Owns how an error is told to whoever typed a command: one line and an exit code, 2 for wrong use, 1 for a failure.
It must never hide an error that nobody foresaw.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import click

from digest.errors import DigestError, Misuse

WRONG_USE = 2
FAILURE = 1
INTERRUPTED = 130  # 128 + SIGINT, as shells say it


@dataclass(frozen=True)
class Complaint:
    line: str
    exit_code: int


def complaint(error: BaseException) -> Complaint | None:
    """What to say of an error; None for one that is a fault of the program and needs its traceback."""
    if isinstance(error, click.Abort):
        return Complaint("", INTERRUPTED)
    if isinstance(error, click.ClickException):
        return _of_click(error)
    if isinstance(error, DigestError):
        return Complaint(_one_line(str(error)), WRONG_USE if isinstance(error, Misuse) else FAILURE)
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        return Complaint(_one_line(f"{error.strerror or error}{where}."), FAILURE)
    line = _of_database(error)
    return Complaint(_one_line(line), FAILURE) if line else None


def _of_click(error: click.ClickException) -> Complaint:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return Complaint(error.format_message(), WRONG_USE)
    line = error.format_message()
    if isinstance(error, click.UsageError) and error.ctx:
        line += f" Try: {error.ctx.command_path} --help"
    return Complaint(_one_line(line), error.exit_code)


def _of_database(error: BaseException) -> str | None:
    """SQLAlchemy is slow to import; where nobody has imported it, the error cannot be one of its own."""
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy import exc

    if isinstance(error, exc.IntegrityError):
        return "Somebody else stored the same at the same moment. Nothing was changed here; try again."
    if isinstance(error, exc.DBAPIError):
        reason = (str(error.orig).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        return f"The database cannot be used: {reason}. Check DIGEST_DATABASE_URL."
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split())
