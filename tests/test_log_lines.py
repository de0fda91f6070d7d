"""A log may be kept and sent on: it tells what happened to which row, and nothing of anybody."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from digest import settings
from digest.database import Database
from digest.errors import Misuse, Transient
from digest.log_lines import shortened
from tests.parts.log import Log

TOKEN = "abcdefghijklmnopqrstuvwxyz"
LINK = "0123456789abcdef-3-14.q1w2e3r4t5y6u7i8o9p0aa"

ours = logging.getLogger("digest.test")


@pytest.mark.parametrize(
    "said",
    [
        f"r-{TOKEN}@in.example.org",
        f"digest+a-{TOKEN}@example.org",
        f"R-{TOKEN.upper()}@IN.EXAMPLE.ORG",
        f"b-{TOKEN}",
        TOKEN,
        f"GET /help/{LINK} HTTP/1.1",
        f"https://digest.example.org/digest/leave/{LINK}",
        LINK,
        "smtp+starttls://mira:pass-word@mail.example.org:587",
        "from=<mira.long@firm.example>, to=Mira <mira.long@firm.example>",
        "Key (addr_spec)=(mira.long@firm.example) already exists",
    ],
)
def test_addresses_and_tokens_are_cut(said: str) -> None:
    kept = shortened(said)
    for secret in (TOKEN[4:], TOKEN[4:].upper(), LINK[10:], "pass-word", "mira"):
        assert secret not in kept


def test_a_line_of_json_holds_time_level_logger_event_and_ids(log: Log) -> None:
    ours.warning("mail %s %s", 14, "deferred", extra={"mail": 14, "seconds": 0.25, "to": "mira@firm.example"})
    line = log.last
    assert set(line) == {"time", "level", "logger", "event", "mail", "seconds", "to"}
    assert (line["level"], line["logger"], line["event"]) == ("warning", "digest.test", "mail 14 deferred")
    assert (line["mail"], line["seconds"], line["to"]) == (14, 0.25, "(address)")
    assert str(line["time"]).endswith("+00:00")


def test_a_line_of_text_stays_one_line_whatever_is_in_it(log: Log) -> None:
    log.write_as("text")
    ours.info("one\r\ntwo %s", "three\nfour", extra={"mail": 14})
    assert log.text.count("\n") == 1
    assert log.text.endswith("INFO digest.test: one  two three four mail=14\n")


def test_an_error_is_told_by_its_kind_and_place_and_our_own_by_its_words(log: Log) -> None:
    try:
        try:
            raise ValueError("Tried: the secret glue")
        except ValueError as inner:
            raise Transient("The database went away.") from inner
    except Transient as error:
        ours.exception("could not be filed: %s", error)
    assert "secret glue" not in log.text
    where = log.last["error"]
    assert isinstance(where, list)
    assert where[-1] == "Transient: The database went away."
    assert "ValueError" in where
    assert any("test_log_lines.py" in line for line in where)
    assert log.last["event"] == "could not be filed: The database went away."


def test_an_error_as_an_argument_or_as_the_message_loses_its_words(log: Log) -> None:
    ours.error("%s", KeyError("the secret glue"))
    ours.error(RuntimeError("the secret glue"))
    ours.error("no room: %s", OSError(28, "No space left on device", "/home/mira"))
    assert "secret" not in log.text
    assert "mira" not in log.text
    assert log.last["event"] == "no room: OSError: No space left on device"


def test_what_a_database_says_of_its_parameters_is_left_out(log: Log, database: Database) -> None:
    try:
        with database.transaction() as session:
            session.execute(
                text("INSERT INTO people (id, name) VALUES (1, :name)"), {"name": "the secret glue"}
            )
    except DBAPIError as error:
        ours.exception("not stored: %s", error)
    assert log.text
    assert "secret glue" not in log.text


def test_libraries_are_heard_only_where_something_went_wrong(log: Log, database: Database) -> None:
    with database.reading() as session:
        session.execute(text("SELECT 'the secret glue'")).all()
    logging.getLogger("waitress").error("Exception while serving /help/%s", LINK)
    assert "secret glue" not in log.text
    assert log.last["event"] == "Exception while serving /help/0123..."


def test_the_setting_is_text_or_json() -> None:
    assert settings.Settings.from_env({"DIGEST_LOG": "json"}).log_as_json
    assert not settings.Settings.from_env({}).log_as_json
    with pytest.raises(Misuse, match="DIGEST_LOG is none of: text, json"):
        settings.Settings.from_env({"DIGEST_LOG": "xml"})
