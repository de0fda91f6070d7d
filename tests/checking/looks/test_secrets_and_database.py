"""Behaviour of the looks at secrets, clocks and the database."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from digest.checking.looks import secrets
from digest.checking.looks.database import apart, look, of_database
from digest.checking.scope import Scope
from digest.database import Database
from digest.settings import Settings
from tests.checking.given import FakeNames, lines

LONG, OTHER = "k3Wn8tQz5rXv1yBm7pLd2sGh", "v9Tb4cRj6uMx0eNf3kZq8wYa"


def told(**settings: object) -> list[str]:
    return lines(secrets.look(Scope(Settings(**settings), FakeNames(), lambda: None)))  # type: ignore[arg-type]


def test_good_secrets_are_told_as_set_and_never_shown() -> None:
    said = told(secret=(LONG, OTHER), inbound_secret=(LONG[::-1],))
    assert said == [
        "ok     DIGEST_SECRET: set (hidden), and 1 more that are still read",
        "ok     DIGEST_INBOUND_SECRET: set (hidden)",
    ]


def test_a_url_or_a_key_is_no_list_of_secrets() -> None:
    assert len(told(secret=(LONG,), operator_mail_url="smtp://mx", dkim_key="aaaa")) == 2


def test_one_secret_for_two_purposes_is_wrong() -> None:
    assert told(secret=(LONG,), inbound_secret=(OTHER, LONG))[-1] == (
        "wrong  DIGEST_SECRET and DIGEST_INBOUND_SECRET share a secret. "
        "Whoever learns one has both: make another."
    )


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "wrong  DIGEST_SECRET can be guessed"),
        ("k3Wn8tQz5rXv1yBm", "note   DIGEST_SECRET: set (hidden), but shorter than 24 characters"),
    ],
)
def test_a_weak_secret_is_told(secret: str, said: str) -> None:
    assert told(secret=(secret,))[0].startswith(said)


def test_the_database_is_told_with_its_schema_and_its_clock(database: Database) -> None:
    said = [finding.line for finding in of_database(database, "the database")]
    assert said[0].startswith("ok     database: the database, schema 00")
    assert said[1:-1] == ([] if database.is_sqlite else ["ok     clock: agrees with the database's"])
    assert said[-1].startswith("note   No worker has run yet")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (29.0, "ok     clock: agrees with the database's"),
        (31.0, "wrong  clock: this machine is 31 seconds ahead of the database. Let both follow NTP."),
        (-90.0, "wrong  clock: this machine is 90 seconds behind the database. Let both follow NTP."),
    ],
)
def test_clocks_that_differ_by_more_than_half_a_minute_are_wrong(seconds: float, said: str) -> None:
    assert apart(seconds).line == said


@pytest.mark.skipif(os.name == "nt", reason="files have no such mode there")
@pytest.mark.parametrize(
    ("folder", "file", "is_open"), [(0o755, 0o644, True), (0o755, 0o640, False), (0o750, 0o644, False)]
)
def test_a_file_that_every_user_of_the_machine_may_read_is_wrong(
    folder: int, file: int, is_open: bool
) -> None:
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "our digest.sqlite"
        path.touch()
        path.chmod(file)
        Path(made).chmod(folder)
        said = lines(look(Scope(Settings(database_url=f"sqlite:///{path}"), FakeNames(), lambda: None)))
    everybody = (
        f"wrong  database: everybody on this machine may read what people wrote. Run: chmod o= '{path}'*"
    )
    assert (said[0] == everybody) == is_open
