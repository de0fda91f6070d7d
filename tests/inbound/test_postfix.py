"""A real Postfix hands mail over by LMTP and by its pipe: what is good is filed, what is for nobody comes back to its
sender, and while the database is away everything waits."""

from __future__ import annotations

import os
import re
import shutil
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from digest import clock
from digest.database import Database, connect
from digest.domain.mails.record import InboundMessage
from digest.inbound import lmtp
from digest.inbound.process import process_all
from digest.listening import bound, bound_file, place
from digest.settings import Settings
from tests.domain.given import TUESDAY
from tests.inbound.given import mails_to_answer
from tests.parts.databases import PostgresDatabases, SqliteDatabases, database_with_schema
from tests.parts.gate import postgres_gate
from tests.parts.postfix import LMTP, PIPE, Postfix

OURS = Settings(reply_domain=LMTP, mail_from="digest@example.org")
REPLY = (
    "From: {sender}\r\nTo: us\r\nSubject: Re: week 14\r\nMessage-ID: <{token}@c>\r\n\r\nTried: a sample.\r\n"
)
MIRA, STRANGER = "mira@example.com", "stranger@example.net"
NOBODY = "r-aaaaaaaaaaaaaaaaaaaaaaaaaa"

both_ways = pytest.mark.parametrize("way", [LMTP, PIPE], ids=["lmtp", "pipe"])


@pytest.fixture(autouse=True)
def _on_a_tuesday() -> Iterator[None]:
    clock.start_at(TUESDAY)
    yield
    clock.start_at(None)


@pytest.fixture
def url(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    with database_with_schema(sqlite_databases) as url:
        yield url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with closing(connect(url)) as database:
        yield database


@contextmanager
def doors(postfix: Postfix, url: str) -> Iterator[None]:
    """Both doors to the database at that URL, where Postfix looks for them."""
    postfix.receive = lambda addresses, raw: receive(url, addresses, raw)
    with (
        closing(connect(url)) as database,
        bound_file(postfix.lmtp) as listening,
        lmtp.answering(OURS, database, listening),
    ):
        yield


def receive(url: str, addresses: list[str], raw: bytes) -> int:
    """`digest receive` as a mail server starts it."""
    command = [sys.executable, "-m", "digest", "receive", "--mail-from", addresses[0], "--", *addresses[1:]]
    environment = {"PATH": os.environ["PATH"], "DIGEST_DATABASE_URL": url}
    return subprocess.run(command, input=raw, env=environment, check=False, capture_output=True).returncode


def send(postfix: Postfix, *rcpt_tos: str, token: str = "x", sender: str = MIRA) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.sendmail(sender, rcpt_tos, REPLY.format(sender=sender, token=token).encode())


def stored(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(InboundMessage.id))) or 0


def states(database: Database) -> list[str]:
    process_all(database, "a worker")
    with database.reading() as session:
        return list(session.scalars(select(InboundMessage.state).order_by(InboundMessage.id)))


def bounces(postfix: Postfix, to: str) -> list[str]:
    return [mail.content.decode() for mail in list(postfix.outside.received) if mail.rcpt_tos == (to,)]


@both_ways
def test_a_reply_comes_in_and_is_filed(postfix: Postfix, url: str, database: Database, way: str) -> None:
    (token,) = mails_to_answer(database, 1)
    with doors(postfix, url):
        send(postfix, f"r-{token}@{way}")
        postfix.wait_until(lambda: stored(database) and not postfix.queue)
    assert states(database) == ["filed"]


def test_mail_to_the_postmaster_of_the_reply_domain_reaches_the_company_s_own(
    postfix: Postfix, url: str, database: Database
) -> None:
    with doors(postfix, url):
        send(postfix, f"postmaster@{LMTP}", sender=STRANGER)
        postfix.wait_until(lambda: bounces(postfix, "postmaster@firm.example"))
    assert stored(database) == 0


def test_by_lmtp_what_is_for_nobody_comes_back_and_the_rest_is_filed(
    postfix: Postfix, url: str, database: Database
) -> None:
    (token,) = mails_to_answer(database, 1)
    with doors(postfix, url):
        send(postfix, f"r-{token}@{LMTP}", f"{NOBODY}@{LMTP}", sender=STRANGER)
        postfix.wait_until(lambda: bounces(postfix, STRANGER) and not postfix.queue)
    (bounce,) = bounces(postfix, STRANGER)
    assert "550 5.1.1 No such address here" in bounce
    assert f"Final-Recipient: rfc822; {NOBODY}@{LMTP}" in bounce
    assert (
        token
        not in bounce.partition("Content-Type: message/delivery-status")[2].partition("Content-Type:")[0]
    )
    assert stored(database) == 1


def test_by_the_pipe_what_is_for_nobody_is_kept_and_told_to_nobody(
    postfix: Postfix, url: str, database: Database
) -> None:
    with doors(postfix, url):
        send(postfix, f"{NOBODY}@{PIPE}", sender="other@example.net")
        postfix.wait_until(lambda: stored(database) and not postfix.queue)
    assert states(database) == ["dropped"]
    assert bounces(postfix, "other@example.net") == []


@both_ways
def test_while_the_database_is_stopped_mail_waits_and_then_comes_in_once(
    postfix: Postfix, postgres_databases: PostgresDatabases, way: str
) -> None:
    with database_with_schema(postgres_databases) as url, closing(connect(url)) as database:
        (token,) = mails_to_answer(database, 1)
        gate, through = postgres_gate(url)
        with closing(gate), doors(postfix, through):
            gate.shut()
            send(postfix, f"r-{token}@{way}", token=token)
            postfix.wait_until(lambda: f"to=<r-{token}@{way}>" in postfix.log and deferred(postfix, token))
            gate.open()
            postfix.wait_until(lambda: stored(database) and not postfix.queue)
        assert states(database) == ["filed"]
    assert bounces(postfix, MIRA) == []


def deferred(postfix: Postfix, token: str) -> bool:
    return any(token in line and "status=deferred" in line for line in postfix.log.splitlines())


def test_while_nobody_is_at_the_door_mail_waits(postfix: Postfix, url: str, database: Database) -> None:
    (token,) = mails_to_answer(database, 1)
    send(postfix, f"r-{token}@{LMTP}")
    postfix.wait_until(lambda: deferred(postfix, token))
    with doors(postfix, url):
        postfix.wait_until(lambda: stored(database) and not postfix.queue)
    assert states(database) == ["filed"]


@pytest.fixture
def swaks() -> Callable[..., str]:
    if not shutil.which("swaks"):
        pytest.skip("NOT TESTED: swaks: it is not installed")

    def run(*arguments: str) -> str:
        return subprocess.run(["swaks", *arguments], capture_output=True, text=True, check=False).stdout

    return run


def test_swaks_hears_an_answer_for_each_recipient(
    swaks: Callable[..., str], database: Database, tmp_path: Path
) -> None:
    first, second = mails_to_answer(database, 2)
    message = tmp_path / "message"
    message.write_text("Subject: by swaks\n\nTried: a thing\n.\n..\n")
    to = f"r-{first}@{LMTP},nobody@{LMTP},a-{second}@{LMTP}"
    with bound("127.0.0.1", 0) as listening, lmtp.answering(OURS, database, listening):
        host, _, port = place(listening).partition(":")
        where = ["--protocol", "LMTP", "--server", host, "--port", port, "--from", MIRA, "--to", to]
        said = swaks(*where, "--data", f"@{message}")
    answers = re.findall(r"^<[-~*]+ +(\d{3} .*)", said, re.MULTILINE)
    at_rcpt = ["250 2.1.5 Recipient ok", "550 5.1.1 No such address here", "250 2.1.5 Recipient ok"]
    assert answers[3:6] == at_rcpt
    assert answers[7:9] == ["250 2.0.0 Stored"] * 2
    assert stored(database) == 2
