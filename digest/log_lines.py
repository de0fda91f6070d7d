"""Owns how a line of the log is written, as text or as one JSON object: nothing that somebody wrote, no address, no
whole token, whichever library speaks. It must never decide what is worth a line.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from digest.errors import DigestError

Form = Literal["text", "json"]
OURS = ("digest", "__main__")
#: They tell of every run, every look, every request that waits.
QUIET = ("apscheduler", "alembic", "waitress.queue")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PURPOSES = "help|solved|undo|fix|leave|unsubscribe|join|whole|inbound"

#: What is written in place of what may not be, in this order.
_HIDDEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"://[^\s/@'\"]+@"), "://(hidden)@"),
    (re.compile(r"\b([0-9a-f]{4})[0-9a-f]{12}-\d+-\d+\.[\w-]{8,}"), r"\1..."),  # a link's token
    (re.compile(rf"/({_PURPOSES})/[\w.~%-]{{12,}}"), r"/\1/..."),
    (re.compile(r"\b([rab]-[a-z2-7]{4})[a-z2-7]{22}\b(?:@[\w.-]+)?", re.IGNORECASE), r"\1..."),
    (re.compile(r"[^\s<>\"'(),;:\[\]{}=/|]+@[\w.-]*\w"), "(address)"),
    (re.compile(r"\b([a-z2-7]{4})[a-z2-7]{22}\b", re.IGNORECASE), r"\1..."),
)


def set_up(level: int, form: Form = "text") -> None:
    """One handler that writes to standard error for every library; called again it changes level and form."""
    root = logging.getLogger()
    handler = next((one for one in root.handlers if isinstance(one.formatter, Lines)), None)
    if handler is None:
        handler = logging.StreamHandler(sys.stderr)
        handler.addFilter(is_told)
        root.addHandler(handler)
    handler.setFormatter(Lines(form))
    root.setLevel(level)


def write_as(form: Form) -> None:
    """The form for the handler that `set_up` made, where it did."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, Lines):
            handler.setFormatter(Lines(form))


def is_told(record: logging.LogRecord) -> bool:
    """Whether a record is written: of ours all, of a library only what went wrong; its other talk holds addresses."""
    if record.name.partition(".")[0] in OURS:
        return True
    quiet = record.name in QUIET or record.name.partition(".")[0] in QUIET
    return record.levelno >= (logging.ERROR if quiet else logging.WARNING)


def shortened(text: str) -> str:
    """The text with every address hidden and every token cut."""
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


class Lines(logging.Formatter):
    """One line a record; an error with where it happened, and with its words only where they are ours."""

    def __init__(self, form: Form = "text") -> None:
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        where = [shortened(line) for line in _told(error)] if error else []
        fields = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        fields = {name: _shown(value) for name, value in fields.items()}
        message = shortened(_message(record)).replace("\r", " ").replace("\n", " ")
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        if self.form == "json":
            line: dict[str, Any] = {"time": at, "level": record.levelname.lower(), "logger": record.name}
            line |= {"event": message} | fields | ({"error": where} if where else {})
            return json.dumps(line, ensure_ascii=False)
        known = "".join(f" {name}={value}" for name, value in fields.items() if name != "event")
        return "\n  ".join([f"{at} {record.levelname} {record.name}: {message}{known}", *where])


def _message(record: logging.LogRecord) -> str:
    """The message with its arguments; of an exception among them what may be told."""
    args = record.args
    if isinstance(args, Mapping):
        args = {name: _argument(value) for name, value in args.items()}
    elif args:
        args = tuple(map(_argument, args))
    try:
        return str(record.msg if not isinstance(record.msg, BaseException) else words_of(record.msg)) % (
            args or ()
        )
    except (TypeError, ValueError, KeyError):
        return str(record.msg) if not args else "(a line that cannot be written)"


def _argument(value: object) -> object:
    return words_of(value) if isinstance(value, BaseException) else value


def _shown(value: object) -> object:
    return (
        value if value is None or isinstance(value, bool | int | float) else shortened(str(_argument(value)))
    )


def words_of(error: BaseException) -> str:
    """What may be told of an error: our own sentence, the system's reason, else its kind alone."""
    if isinstance(error, DigestError):
        return str(error)
    return f"{type(error).__name__}: {error.strerror}" if _has_reason(error) else type(error).__name__  # type: ignore[attr-defined]


def _has_reason(error: BaseException) -> bool:
    return isinstance(error, OSError) and bool(error.strerror)


def _told(error: BaseException) -> Iterator[str]:
    """Where it happened, the innermost last, and what it came from before it."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _told(earlier)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{frame.filename}:{frame.lineno} in {frame.name}"
    words = words_of(error)
    yield words if words.startswith(type(error).__name__) else f"{type(error).__name__}: {words}"
