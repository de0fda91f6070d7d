"""What the other tests stand on is real, and new for each of them."""

from __future__ import annotations

import shutil
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest
from sqlalchemy import URL, inspect, text

from digest import schema
from digest.database import Database, connect
from tests.parts.browser import Browser
from tests.parts.smtp_server import Received, SmtpServer

MESSAGE = b"Subject: hello\r\n\r\n.a line that begins with a dot\r\n"


def test_an_empty_database_holds_no_table(empty_database_url: str) -> None:
    database = connect(empty_database_url)
    assert inspect(database.engine).get_table_names() == []
    database.close()


def test_a_database_has_the_newest_schema(database: Database) -> None:
    current, newest = schema.versions(database)
    assert current == newest


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_finds_nothing_of_another(database: Database, turn: str) -> None:
    with database.transaction() as session:
        session.execute(text("CREATE TABLE left_behind (turn TEXT)"))
    assert inspect(database.engine).has_table("left_behind"), turn


def test_the_databases_are_those_that_they_are_called(database: Database, database_kind: str) -> None:
    question = {"sqlite": "SELECT 'SQLite ' || sqlite_version()", "postgres": "SELECT version()"}[
        database_kind
    ]
    with database.reading() as session:
        answer = session.scalar(text(question))
    assert str(answer).startswith({"sqlite": "SQLite 3.", "postgres": "PostgreSQL "}[database_kind])


@pytest.fixture
def client(smtp_server: SmtpServer) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(smtp_server.hostname, smtp_server.port) as client:
        yield client


def test_the_mail_server_keeps_envelope_and_bytes(smtp_server: SmtpServer, client: smtplib.SMTP) -> None:
    client.sendmail("", ["a@example.org", "b@example.org"], MESSAGE)
    client.sendmail("us@example.org", "a@example.org", MESSAGE)
    assert smtp_server.received == [
        Received("", ("a@example.org", "b@example.org"), MESSAGE),
        Received("us@example.org", ("a@example.org",), MESSAGE),
    ]
    assert smtp_server.connections == 1


def test_the_mail_server_refuses_as_told(smtp_server: SmtpServer, client: smtplib.SMTP) -> None:
    smtp_server.refuse("RCPT", "550 5.1.1 no such mailbox", address="gone@example.org")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail("us@example.org", "gone@example.org", MESSAGE)
    smtp_server.refuse("DATA", "451 4.3.0 later", times=1)
    with pytest.raises(smtplib.SMTPDataError):
        client.sendmail("us@example.org", "a@example.org", MESSAGE)
    client.sendmail("us@example.org", "a@example.org", MESSAGE)
    smtp_server.refuse("MAIL", "553 5.1.8 not from you", address="us@example.org")
    with pytest.raises(smtplib.SMTPSenderRefused):
        client.sendmail("us@example.org", "a@example.org", MESSAGE)
    assert len(smtp_server.received) == 1


def test_the_mail_server_hangs_up(smtp_server: SmtpServer) -> None:
    client = smtplib.SMTP(smtp_server.hostname, smtp_server.port)
    smtp_server.hang_up()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.sendmail("us@example.org", "a@example.org", MESSAGE)


PAGE = "data:text/html,<title>still</title><script>document.title='moved'</script>"
LOOKS = "return [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]"


def test_the_browser_is_as_narrow_and_dark_as_told(browser: Browser) -> None:
    browser.set_width(320)
    browser.set_dark()
    browser.get(PAGE)
    assert browser.execute_script(LOOKS) == [320, True]
    assert browser.title == "moved"


def test_the_browser_does_without_scripts(browser: Browser) -> None:
    browser.set_scripts(allowed=False)
    browser.get(PAGE)
    assert browser.title == "still"


def test_the_browser_is_as_new_for_each_test(browser: Browser) -> None:
    browser.get(PAGE)
    assert browser.execute_script(LOOKS) == [1000, False]
    assert browser.title == "moved"


START = """
from tests.parts.postgres import postgres_server
with postgres_server() as url:
    print(url.query["host"], flush=True)
    input()
"""


def test_a_database_server_ends_with_its_tests_even_if_they_are_killed(
    postgres_server: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_POSTGRES_URL", raising=False)
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", START], cwd=root, stdin=PIPE, stdout=PIPE, text=True
    ) as tests:
        assert tests.stdout
        lock = Path(tests.stdout.readline().strip()) / "cluster" / "postmaster.pid"
        assert lock.exists()
        tests.kill()
    deadline = time.monotonic() + 10
    while lock.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not lock.exists()
    shutil.rmtree(lock.parents[2])
