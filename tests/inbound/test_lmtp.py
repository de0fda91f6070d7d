"""The LMTP door: one answer for each recipient, nothing stored that was not answered, nothing answered that was not
stored."""

from __future__ import annotations

import logging
import re
import signal
import socket
import stat
import subprocess
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from digest import clock, tokens
from digest.database import Database, connect
from digest.domain.mails.record import InboundMessage, OutboundMessage
from digest.domain.running import round_trip
from digest.errors import Misuse
from digest.inbound import lmtp
from digest.listening import bound, bound_file, place
from digest.settings import Settings
from tests.inbound.given import mails_to_answer
from tests.inbound.lmtp_client import Answer, LmtpClient, raw_connection
from tests.parts.command import Operator

MESSAGE = b"From: mira@example.com\r\nTo: us\r\nSubject: Re: week 14\r\n\r\nTried: a sample.\r\n"
OURS = {
    "reply_domain": "in.example.com",
    "mail_from": "digest@example.com",
    "reply_address": "groups@example.com",
    "envelope_from": "fixed:bounces@example.com",
}
STORED, UNKNOWN, OUR_FAULT = 250, 550, 451


@contextmanager
def opened(database: Database, **changes: str | None) -> Iterator[str]:
    """The door, open on a free port; the place where it listens."""
    settings = Settings(**(OURS | changes))  # type: ignore[arg-type]
    with bound("127.0.0.1", 0) as listening, lmtp.answering(settings, database, listening):
        yield place(listening)


@pytest.fixture
def door(database: Database) -> Iterator[str]:
    with opened(database) as where:
        yield where


@pytest.fixture
def token(database: Database) -> str:
    return mails_to_answer(database, 1)[0]


def deliver(
    where: str, *rcpt_tos: str, raw: bytes = MESSAGE, mail_from: str = "mira@example.com"
) -> list[Answer]:
    with LmtpClient(where) as client:
        return client.deliver(mail_from, list(rcpt_tos), raw)


def stored(database: Database) -> list[InboundMessage]:
    with database.reading() as session:
        kept = select(InboundMessage).order_by(InboundMessage.id).options(undefer(InboundMessage.raw))
        return list(session.scalars(kept))


def test_a_message_is_stored_as_it_came_before_the_answer(door: str, database: Database, token: str) -> None:
    assert deliver(door, f"r-{token}@in.example.com") == [(250, "2.0.0 Stored")]
    (row,) = stored(database)
    assert zlib.decompress(row.raw or b"") == MESSAGE
    assert (row.mail_from, row.rcpt_to) == ("mira@example.com", f"r-{token}@in.example.com")
    assert (row.via, row.state, row.size) == ("lmtp", "accepted", len(MESSAGE))
    assert row.thread_id is not None


def test_the_same_again_is_stored_once_and_thanked_for(door: str, database: Database, token: str) -> None:
    for _ in range(3):
        assert deliver(door, f"r-{token}@in.example.com") == [(250, "2.0.0 Stored")]
    assert len(stored(database)) == 1


def test_each_recipient_has_an_answer_of_its_own(door: str, database: Database) -> None:
    first, second = mails_to_answer(database, 2)
    answers = deliver(
        door, f"r-{first}@in.example.com", "nobody@in.example.com", f"a-{second}@in.example.com"
    )
    assert [code for code, _ in answers] == [STORED, UNKNOWN, STORED]
    assert [row.rcpt_to[:4] for row in stored(database)] == [f"r-{first[:2]}", f"a-{second[:2]}"]


def test_what_fails_for_one_recipient_is_stored_for_the_other(
    door: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = mails_to_answer(database, 2)
    accept = lmtp.accept

    def fails_for_the_first(database: Database, arrival: lmtp.envelope) -> bool:  # type: ignore[valid-type]
        if first in arrival.rcpt_to:
            raise RuntimeError("the disk is on fire")
        return accept(database, arrival)

    monkeypatch.setattr(lmtp, "accept", fails_for_the_first)
    answers = deliver(door, f"r-{first}@in.example.com", f"r-{second}@in.example.com")
    assert answers == [(451, "4.3.0 Not now, please try again"), (250, "2.0.0 Stored")]
    assert [row.rcpt_to for row in stored(database)] == [f"r-{second}@in.example.com"]


@pytest.mark.parametrize(
    "address",
    [
        "r-{token}@in.example.com",
        "R-{TOKEN}@IN.EXAMPLE.COM",
        "a-{token}@in.example.com",
        "b-{token}@in.example.com",
        "groups+r-{token}@example.com",
        "groups@example.com",
        "Groups@Example.com",
        "groups+anything@example.com",
        "digest@example.com",
        "bounces@example.com",
    ],
)
def test_our_addresses_are_known(door: str, token: str, address: str) -> None:
    rcpt_to = address.format(token=token, TOKEN=token.upper())
    assert deliver(door, rcpt_to) == [(250, "2.0.0 Stored")]


@pytest.mark.parametrize(
    "address",
    [
        "r-aaaaaaaaaaaaaaaaaaaaaaaaaa@in.example.com",
        "a-aaaaaaaaaaaaaaaaaaaaaaaaaa@in.example.com",
        "b-aaaaaaaaaaaaaaaaaaaaaaaaaa@in.example.com",
        "groups+r-aaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",
        "x-{token}@in.example.com",
        "{token}@in.example.com",
        "groups@in.example.com",
        "nobody@example.com",
        "postmaster",
        '"quoted string"@in.example.com',
        "@in.example.com",
        "r-{token}",
    ],
)
def test_any_other_is_refused_at_once_and_told_no_more(
    door: str, database: Database, token: str, address: str
) -> None:
    answers = deliver(door, address.format(token=token))
    assert answers[0][0] // 100 == 5
    assert re.fullmatch(
        r"5\.1\.1 No such address here|5\.1\.3 .*|Syntax: .*", answers[0][1].replace("Error: ", "")
    )
    assert stored(database) == []


def test_a_closed_address_is_answered_as_one_that_never_was(door: str, database: Database) -> None:
    (closed,) = mails_to_answer(database, 1, open_for=timedelta(seconds=-1))
    never = "r-aaaaaaaaaaaaaaaaaaaaaaaaaa@in.example.com"
    assert deliver(door, f"r-{closed}@in.example.com") == deliver(door, never)


def test_a_test_of_the_way_is_let_through(door: str, database: Database) -> None:
    with database.transaction() as session:
        round_trip.begin(session, tokens.token_hash("b" * 26), clock.now())
    answers = deliver(door, f"t-{'b' * 26}@in.example.com", f"t-{'c' * 26}@in.example.com")
    assert [code for code, _ in answers] == [STORED, UNKNOWN]


def test_an_envelope_sender_is_known_by_its_own_token_alone(
    door: str, database: Database, token: str
) -> None:
    key = "0123456789abcdef"
    own = tokens.keyed_token(key, b"eight by")
    with database.transaction() as session:
        session.execute(update(OutboundMessage).values(link_key=key, mail_from=f"b-{own}@in.example.com"))
    others = tokens.keyed_token(key, b"eight bi")
    addresses = (f"b-{own}@in.example.com", f"B-{own.upper()}@in.example.com", f"r-{token}@in.example.com")
    assert {code for code, _ in deliver(door, *addresses)} == {STORED}
    assert {code for code, _ in deliver(door, f"b-{token}@in.example.com", f"b-{others}@in.example.com")} == {
        UNKNOWN
    }


@pytest.mark.parametrize("missing", ["reply_address", "mail_from", "envelope_from"])
def test_a_mailbox_that_is_not_set_is_nobodys(database: Database, missing: str) -> None:
    with opened(database, **{missing: None}) as where:
        address = {"envelope_from": "bounces@example.com"}.get(missing) or OURS[missing]
        assert deliver(where, address) == [(550, "5.1.1 No such address here")]


def test_the_null_reverse_path_is_kept_as_such(door: str, database: Database, token: str) -> None:
    assert deliver(door, f"b-{token}@in.example.com", mail_from="")[0][0] == STORED
    assert [row.mail_from for row in stored(database)] == [""]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no message at all\r\n",
        b".\r\n..\r\n.a\r\n",
        b"From: a\r\n\r\n" + b"\xe4\xf6\x00\xff" * 300 + b"\r\n",
        b"Subject: a long line\r\n\r\n" + b"x" * 200_000 + b"\r\n",
        b"Subject: bare\r\n\r\nline feeds\n.\nand\r\r returns\n.\r\n",
        b"Subject: smuggled\r\n\r\nbody\n.\nMAIL FROM:<eve@example.net>\nRCPT TO:<r@x>\nDATA\nmore\r\n",
    ],
    ids=["empty", "no header", "dots", "8-bit", "a long line", "bare line feeds", "smuggled"],
)
def test_the_bytes_are_kept_whatever_they_are(door: str, database: Database, token: str, raw: bytes) -> None:
    with LmtpClient(door) as client:
        expected = raw or b"\r\n"
        assert client.deliver("m@example.com", [f"r-{token}@in.example.com"], raw) == [(250, "2.0.0 Stored")]
        assert client.noop()[0] == 250
    assert [zlib.decompress(row.raw or b"") for row in stored(database)] == [expected]


def test_a_message_without_a_single_line_ends_at_its_dot(door: str, database: Database, token: str) -> None:
    with closing(raw_connection(door)) as plain:
        said = f"LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<r-{token}@in.example.com>\r\nDATA\r\n.\r\nQUIT\r\n"
        plain.sendall(said.encode())
        heard = everything(plain)
    assert "\r\n250 2.0.0 Stored\r\n221" in heard
    assert [row.size for row in stored(database)] == [0]


def test_commands_may_come_all_at_once(door: str, database: Database, token: str) -> None:
    one = f"MAIL FROM:<>\r\nRCPT TO:<r-{token}@in.example.com>\r\nRCPT TO:<x@in.example.com>\r\nDATA\r\n"
    with closing(raw_connection(door)) as plain:
        plain.sendall(f"LHLO c\r\n{one}Subject: 1\r\n\r\n.\r\n{one}Subject: 2\r\n\r\n.\r\nQUIT\r\n".encode())
        codes = re.findall(r"^\d{3} ", everything(plain), re.MULTILINE)
    assert [int(code) for code in codes] == [220, 250, *[250, 250, 550, 354, 250] * 2, 221]
    assert len(stored(database)) == 2


def test_the_greeting_names_what_rfc_2033_asks_for(door: str) -> None:
    with LmtpClient(door) as client:
        features = set(client.esmtp_features)
        size = client.esmtp_features["size"]
    assert {"pipelining", "enhancedstatuscodes", "8bitmime", "smtputf8", "size"} <= features
    assert int(size) == lmtp.LARGEST_MESSAGE


def test_no_data_without_a_recipient(door: str) -> None:
    with LmtpClient(door) as client:
        client.docmd("MAIL", "FROM:<m@example.com>")
        client.docmd("RCPT", "TO:<nobody@in.example.com>")
        assert client.docmd("DATA")[0] == 503


def test_what_is_over_the_cap_is_refused_for_each_recipient(
    door: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lmtp, "LARGEST_MESSAGE", 1000)
    rcpt_tos = [f"r-{token}@in.example.com" for token in mails_to_answer(database, 2)]
    answers = deliver(door, *rcpt_tos, raw=MESSAGE + b"x" * 1000 + b"\r\n")
    assert [answer[0] for answer in answers] == [552, 552]
    assert all(answer[1].startswith("5.3.4 ") for answer in answers)
    assert stored(database) == []
    assert [code for code, _ in deliver(door, *rcpt_tos)] == [STORED, STORED]


def test_a_size_announced_beyond_the_cap_is_refused_before_it_is_sent(door: str) -> None:
    with LmtpClient(door) as client:
        code, said = client.docmd("MAIL", f"FROM:<m@example.com> SIZE={lmtp.LARGEST_MESSAGE + 1}")
        assert (code, said[:6]) == (552, b"5.3.4 ")
        assert (
            client.docmd("MAIL", f"FROM:<m@example.com> SIZE={lmtp.LARGEST_MESSAGE} BODY=8BITMIME")[0] == 250
        )


def test_while_the_database_is_away_the_mail_server_is_to_try_again(token: str) -> None:
    with (
        closing(connect("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1")) as away,
        opened(away) as where,
    ):
        assert deliver(where, f"r-{token}@in.example.com") == [(451, "4.3.0 Not now, please try again")]
        assert deliver(where, "nobody@in.example.com")[0][0] == UNKNOWN


def test_an_error_that_nobody_foresaw_is_tried_again_too(
    door: str, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(lmtp.known_recipient, "is_known", broken)
    with LmtpClient(door) as client:
        assert client.deliver("m@example.com", [f"r-{token}@in.example.com"], MESSAGE)[0][0] == OUR_FAULT
        monkeypatch.undo()
        assert client.deliver("m@example.com", [f"r-{token}@in.example.com"], MESSAGE)[0][0] == STORED


def test_a_connection_that_breaks_within_the_message_leaves_nothing(
    door: str, database: Database, token: str
) -> None:
    with closing(raw_connection(door)) as plain:
        said = f"LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<r-{token}@in.example.com>\r\nDATA\r\nSubject: half"
        plain.sendall(said.encode())
        heard = b""
        while b"354" not in heard:
            heard += plain.recv(4096)
    assert deliver(door, f"r-{token}@in.example.com")[0][0] == STORED
    assert [row.size for row in stored(database)] == [len(MESSAGE)]


def test_a_slow_database_holds_nobody_else_up(door: str, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, accept = threading.Event(), lmtp.accept

    def waits(*arguments: object) -> bool:
        return go_on.wait(30) and accept(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(lmtp, "accept", waits)
    with LmtpClient(door) as slow, LmtpClient(door) as other:
        slow.docmd("MAIL", "FROM:<m@example.com>")
        slow.docmd("RCPT", f"TO:<r-{token}@in.example.com>")
        slow.docmd("DATA")
        slow.send(MESSAGE + b".\r\n")
        assert other.docmd("MAIL", "FROM:<m@example.com>")[0] == 250
        assert other.docmd("RCPT", f"TO:<r-{token}@in.example.com>")[0] == 250
        go_on.set()
        assert slow.getreply()[0] == STORED


def test_the_log_names_nobody(door: str, token: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        deliver(door, f"r-{token}@in.example.com", "nobody@in.example.com")
    assert "example.com" not in caplog.text
    assert token not in caplog.text


def test_the_file_of_a_socket_serves_as_well(database: Database, token: str, tmp_path: Path) -> None:
    file = tmp_path / "lmtp"
    with bound_file(file) as listening, lmtp.answering(Settings(**OURS), database, listening):  # type: ignore[arg-type]
        assert stat.S_IMODE(file.stat().st_mode) == 0o666
        assert deliver(str(file), f"r-{token}@in.example.com")[0][0] == STORED
    assert not file.exists()


@contextmanager
def started(operator: Operator, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and the place where it takes mail."""
    with operator.start(*arguments) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().partition("LMTP on ")[2].split(". ")[0].strip(".\n")
        finally:
            process.kill()


def known_token(operator: Operator) -> str:
    operator.digest("db", "upgrade")
    with closing(connect(f"sqlite:///{operator.folder}/digest.sqlite")) as database:
        return mails_to_answer(database, 1)[0]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_takes_the_message_that_was_begun_and_no_other(
    operator: Operator, ending: int
) -> None:
    rcpt_to = f"r-{known_token(operator)}@in.example.com"
    with started(operator, "lmtp", "--listen", "127.0.0.1:0") as (process, where):
        idle, busy = LmtpClient(where), LmtpClient(where)
        for command in ("MAIL FROM:<m@example.com>", f"RCPT TO:<{rcpt_to}>", "DATA"):
            busy.docmd(command)
        process.send_signal(ending)
        assert idle.getreply() == (421, b"4.3.2 Closing, please try again")
        busy.send(MESSAGE + b".\r\n")
        assert busy.getreply() == (250, b"2.0.0 Stored")
        assert busy.getreply()[0] == 421
        idle.close()
        busy.close()
        _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert [row.rcpt_to for row in operator.in_database(select(InboundMessage))] == [rcpt_to]


def test_everything_in_one_process_takes_mail_too_where_that_is_set(operator: Operator) -> None:
    rcpt_to = f"r-{known_token(operator)}@in.example.com"
    file = operator.folder / "lmtp"
    operator.settings["DIGEST_LMTP_LISTEN"] = str(file)
    with started(operator, "serve", "--port", "0") as (process, where):
        assert where == str(file)
        assert deliver(where, rcpt_to)[0][0] == STORED
        process.terminate()
        _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert not file.exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--listen", "here"], "is no place to listen on. Write it like 127.0.0.1:2424 or /run/digest/lmtp."),
        (["--listen", "127.0.0.1:99999"], "is no place to listen on"),
        (["--listen", "203.0.113.1:24"], "Cannot assign requested address. Choose another with --listen."),
        (["--socket", "nowhere/lmtp"], "No such file or directory. Choose another with --socket."),
        (["--socket", "x" * 200], "Digest cannot listen on xxx"),
        (["--listen", "127.0.0.1:0", "--socket", "lmtp"], "Give one of them."),
    ],
)
def test_a_place_where_nobody_can_listen_is_said_so(
    operator: Operator, arguments: list[str], complaint: str
) -> None:
    said = operator.digest("lmtp", *arguments)
    assert said.exit_code == 2
    assert complaint in said.err.splitlines()[-1]


def test_the_file_that_a_killed_process_left_behind_is_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "lmtp"
    with closing(socket.socket(socket.AF_UNIX)) as left_over:
        left_over.bind(str(file))
    with bound_file(file):
        assert file.is_socket()


def test_the_file_that_another_process_listens_at_is_not(tmp_path: Path) -> None:
    file = tmp_path / "lmtp"
    with bound_file(file):
        with pytest.raises(Misuse, match="another program does already"), bound_file(file):
            pass
        assert file.is_socket()


def everything(plain: socket.socket) -> str:
    heard = b""
    while piece := plain.recv(65536):
        heard += piece
    return heard.decode()
