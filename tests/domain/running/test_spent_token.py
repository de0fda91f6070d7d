"""A token of a signature lets one thing in, however often that is sent, and is forgotten when it counts no more."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from digest.database import Database
from digest.domain.running.spent_token import SpentToken, forget_tokens, spend_token

NOW = datetime(2026, 3, 31, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "token", "used_for", "good"),
    [
        ("mailgun", "t", "one", True),
        ("mailgun", "t", "two", False),
        ("mailgun", "u", "two", True),
        ("x", "t", "two", True),
    ],
)
def test_a_token_is_bound_to_its_first_use(
    database: Database, source: str, token: str, used_for: str, good: bool
) -> None:
    with database.transaction() as session:
        assert spend_token(session.connection(), "mailgun", "t", "one", NOW)
    with database.transaction() as session:
        assert spend_token(session.connection(), source, token, used_for, NOW) is good


def test_what_was_not_committed_was_not_used(database: Database) -> None:
    with contextlib.suppress(RuntimeError), database.transaction() as session:
        spend_token(session.connection(), "mailgun", "t", "one", NOW)
        raise RuntimeError
    with database.transaction() as session:
        assert spend_token(session.connection(), "mailgun", "t", "two", NOW)


def test_old_tokens_are_forgotten(database: Database) -> None:
    with database.transaction() as session:
        spend_token(session.connection(), "mailgun", "old", "one", NOW - timedelta(days=2))
        spend_token(session.connection(), "mailgun", "new", "one", NOW)
        forget_tokens(session, NOW - timedelta(days=1))
        assert session.scalar(select(func.count(SpentToken.id))) == 1
