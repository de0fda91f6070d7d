"""Behaviour of the pipe, through the real command: stored and 0, or 75 to be tried again."""

from __future__ import annotations

import signal
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from digest.database import Database
from digest.domain.mails.record import InboundMessage
from digest.errors import Transient
from digest.inbound import pipe
from digest.inbound.envelope import LARGEST_MESSAGE, STUB, Envelope, envelope
from tests.parts.command import Operator, an_old_schema

TOKEN = "abcdefghijklmnopqrstuvwxyz"
OURS = f"r-{TOKEN}@in.example.com"
MESSAGE = (
    b"From: mira@example.com\r\nTo: digest@example.com\r\nSubject: Re: week 14\r\n\r\nI tried a sample.\r\n"
)


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path, settings={})


def stored(operator: Operator) -> list[InboundMessage]:
    return operator.in_database(select(InboundMessage).options(undefer(InboundMessage.raw)))


def test_a_message_is_stored_as_it_came(operator: Operator) -> None:
    said = operator.digest("receive", "--mail-from", "mira@example.com", "--rcpt-to", OURS, stdin=MESSAGE)
    assert (said.exit_code, said.out, said.err) == (0, "", "")
    (row,) = stored(operator)
    assert zlib.decompress(row.raw or b"") == MESSAGE
    assert (row.mail_from, row.rcpt_to, row.size) == ("mira@example.com", OURS, len(MESSAGE))
    assert (row.via, row.state) == ("pipe", "accepted")


def test_the_same_message_again_is_stored_once_and_thanked_for(operator: Operator) -> None:
    for _ in range(3):
        assert operator.digest("receive", "--rcpt-to", OURS, stdin=MESSAGE).exit_code == 0
    assert len(stored(operator)) == 1


def test_the_same_message_to_another_recipient_is_another(operator: Operator) -> None:
    for rcpt_to in (OURS, "digest@example.com"):
        operator.digest("receive", "--rcpt-to", rcpt_to, stdin=MESSAGE)
    assert len(stored(operator)) == 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["--mail-from", ""], ""),
        (["--mail-from", "<>"], ""),
        (["--mail-from", "MAILER-DAEMON"], ""),
        (["--mail-from", "<mira@example.com>"], "mira@example.com"),
        (["--mail-from", "-oops@example.com"], "-oops@example.com"),
        ([], None),
    ],
)
def test_the_null_reverse_path_is_not_an_unknown_one(
    operator: Operator, given: list[str], kept: str | None
) -> None:
    operator.digest("receive", *given, "--rcpt-to", OURS, stdin=MESSAGE)
    assert [row.mail_from for row in stored(operator)] == [kept]


@pytest.mark.parametrize(
    ("header", "rcpt_to"),
    [
        (f"Delivered-To: {OURS}\nX-Original-To: x@example.com\nTo: y@example.com", OURS),
        (f"Delivered-To: digest@localhost\nX-Original-To: {OURS}\nTo: y@example.com", OURS),
        (
            f'Delivered-To: digest@localhost\nTo: Ben <ben@example.com>,\n "Packaging group, week 14" <{OURS}>',
            OURS,
        ),
        (f"To: digest+r-{TOKEN}@example.com", f"digest+r-{TOKEN}@example.com"),
        (f"To: {OURS.upper()}", OURS),
        ("Delivered-To: a@example.com\nX-Original-To: b@example.com\nTo: c@example.com", "a@example.com"),
        ("X-Original-To: b@example.com\nTo: c@example.com", "b@example.com"),
        ("To: c@example.com\nCc: d@example.com", "c@example.com"),
        (f"Envelope-To: {OURS}\nTo: c@example.com", OURS),
        (f"From: {OURS}\nSubject: {OURS}", ""),
        (f"From mira Tue Mar 31 09:00:00 2026\nTo: {OURS}", OURS),
        ("To: undisclosed-recipients:;", ""),
    ],
)
def test_without_options_the_recipient_is_read_from_the_header(
    operator: Operator, header: str, rcpt_to: str
) -> None:
    assert operator.digest("receive", stdin=f"{header}\n\nTo: body@example.com\n".encode()).exit_code == 0
    assert [row.rcpt_to for row in stored(operator)] == [rcpt_to]


def test_a_message_for_several_is_stored_for_each(operator: Operator) -> None:
    others = [f"r-{letter * 26}@in.example.com" for letter in "bcd"]
    said = operator.digest(
        "receive", "--mail-from", "m@example.com", "--rcpt-to", OURS, "--", *others, stdin=MESSAGE
    )
    assert said.exit_code == 0
    assert [row.rcpt_to for row in stored(operator)] == [OURS, *others]


def test_what_failed_for_one_of_several_is_made_up_for_at_the_next_try(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, accept = OURS.replace("r-a", "r-b"), pipe.accept

    def fails_for_the_second(database: Database, arrival: Envelope) -> bool:
        if arrival.rcpt_to == second:
            raise Transient("The disk is full.")
        return accept(database, arrival)

    monkeypatch.setattr(pipe, "accept", fails_for_the_second)
    assert operator.digest("receive", OURS, second, stdin=MESSAGE).exit_code == 75
    monkeypatch.undo()
    assert operator.digest("receive", OURS, second, stdin=MESSAGE).exit_code == 0
    assert [row.rcpt_to for row in stored(operator)] == [OURS, second]


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        (b"From mira@example.com Tue Mar 31 09:00:00 2026\n", "mira@example.com"),
        (b"From MAILER-DAEMON Tue Mar 31 09:00:00 2026\n", ""),
        (b"From : mira@example.com\n", None),
        (b"From nobody\n", "nobody"),
    ],
)
def test_the_line_that_some_mail_servers_put_before_a_message_is_none_of_it(
    line: bytes, sender: str | None
) -> None:
    (kept,) = pipe.read(BytesIO(line + MESSAGE), None, [OURS])
    assert kept.mail_from == sender
    assert kept.raw == (MESSAGE if sender is not None else line + MESSAGE)


def test_with_another_time_in_that_line_it_is_the_same_message(operator: Operator) -> None:
    for minute in range(3):
        line = f"From mira@example.com Tue Mar 31 09:{minute:02}:00 2026\n".encode()
        assert operator.digest("receive", OURS, stdin=line + MESSAGE).exit_code == 0
    assert len(stored(operator)) == 1


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n\n", b"no message at all", b"\x00\xff" * 500, b"To: \xff\xfe@\x00\n\n"]
)
def test_what_is_no_message_is_kept_too(operator: Operator, raw: bytes) -> None:
    assert operator.digest("receive", stdin=raw).exit_code == 0
    assert [zlib.decompress(row.raw or b"") for row in stored(operator)] == [raw]


@pytest.mark.parametrize(
    "header",
    [
        b"To: " + b"a@example.com, " * 300_000,
        b"To: a@example.com\n" * 200_000,
        b"(" * 5_000_000,
        b"To: " + b"(" * 5_000,
    ],
)
def test_a_hostile_header_takes_no_time(header: bytes) -> None:
    assert len(pipe.recipient_in(header)) < 20


def test_a_message_over_the_cap_is_kept_as_a_stub_as_every_door_keeps_it() -> None:
    raw = b"To: " + OURS.encode() + b"\n\n" + b"x" * LARGEST_MESSAGE
    (kept,) = pipe.read(BytesIO(raw), "")
    assert kept == envelope("", OURS, raw, "pipe")
    assert len(kept.raw) == STUB


def test_a_message_just_within_the_cap_is_kept_whole() -> None:
    raw = b"x" * LARGEST_MESSAGE
    assert pipe.read(BytesIO(raw), None, [OURS]) == [envelope(None, OURS, raw, "pipe")]


def unreachable(operator: Operator) -> None:
    operator.settings["DIGEST_DATABASE_URL"] = "postgresql://127.0.0.1:1/digest"


def misspelt(operator: Operator) -> None:
    operator.settings["DIGEST_DATABASE_URL"] = "postgres//digest"


def without_its_folder(operator: Operator) -> None:
    operator.settings["DIGEST_DATABASE_URL"] = "sqlite:///nowhere/digest.sqlite"


def wrong_settings(operator: Operator) -> None:
    operator.settings["DIGEST_CLOCK"] = "tomorrow"


@pytest.mark.parametrize(
    "trouble", [unreachable, misspelt, without_its_folder, wrong_settings, an_old_schema]
)
def test_whatever_stands_in_the_way_the_mail_server_is_to_try_again(
    operator: Operator, trouble: object
) -> None:
    assert callable(trouble)
    trouble(operator)
    said = operator.digest("receive", "--rcpt-to", OURS, stdin=MESSAGE)
    assert said.exit_code == 75
    assert said.complaint


def test_a_mistake_in_the_mail_servers_configuration_loses_no_message(operator: Operator) -> None:
    said = operator.digest("receive", "--recipient", OURS, stdin=MESSAGE)
    assert said.exit_code == 75
    assert "No such option" in said.complaint


def test_an_error_that_nobody_foresaw_is_tried_again_too(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(pipe, "accept", broken)
    said = operator.digest("receive", "--rcpt-to", OURS, stdin=MESSAGE)
    assert said.exit_code == 75
    assert said.complaint == "Not stored: RuntimeError: the disk is on fire"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGALRM])
def test_what_is_ended_within_the_hand_over_is_tried_again(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def ended(*_: object) -> bool:
        signal.raise_signal(number)
        return True

    monkeypatch.setattr(pipe, "accept", ended)
    before = signal.getsignal(number)
    assert operator.digest("receive", OURS, stdin=MESSAGE).exit_code == 75
    assert signal.getsignal(number) == before


def test_the_command_itself_answers_a_mail_server(operator: Operator) -> None:
    with operator.start("receive", "--mail-from", "", "--rcpt-to", OURS) as process:
        out, err = process.communicate(MESSAGE.decode())
    assert (process.returncode, out, err) == (0, "", "")
    assert [row.rcpt_to for row in stored(operator)] == [OURS]
