"""Owns the link to the operator's page: signed, and good for a day. It must never pass for a link of a mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from digest import tokens

PURPOSE = "operator"
OPEN_FOR = timedelta(hours=24)


def mint(until: datetime, keys: Sequence[str]) -> str:
    return tokens.mint(PURPOSE, str(int(until.timestamp())), keys)


def is_open(token: str, keys: Sequence[str], now: datetime) -> bool:
    """Whether one of the keys signed the token for this page, and the day is not over."""
    until = tokens.read(PURPOSE, token, keys)
    return until is not None and until.isdigit() and datetime.fromtimestamp(int(until), UTC) > now
