"""Owns what the tests stand on: databases, a mail server, a browser, and how long a run may take. It must never put a
fake in place of one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import pytest
from sqlalchemy import URL

from digest.database import Database, connect
from tests.parts.browser import Browser, NoBrowser, running_browser
from tests.parts.command import BERLIN, Operator
from tests.parts.databases import (
    Databases,
    PostgresDatabases,
    SqliteDatabases,
    database_with_schema,
    empty_database,
)
from tests.parts.dovecot import Dovecot, NoDovecot, shared_dovecot
from tests.parts.log import Log, listening
from tests.parts.one_login import OneLogin, running_one_login
from tests.parts.postfix import NoPostfix, Postfix, running_postfix
from tests.parts.postgres import NoPostgres, postgres_server as running_postgres
from tests.parts.smtp_server import SmtpServer

NOT_TESTED = "NOT TESTED: "


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests at their full size")
    parser.addoption("--sqlite-only", action="store_true", help="leave PostgreSQL out, for a quick look")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", _database_kinds(metafunc), scope="session")


def _database_kinds(metafunc: pytest.Metafunc) -> list[str]:
    """Both; of the tests that live through whole days each on one of the two, but with --long, and where it matters
    which: there a module is marked `both_databases`.
    """
    if metafunc.config.option.sqlite_only:
        return ["sqlite"]
    lives = any(folder in metafunc.definition.path.parts for folder in ("acceptance", "web"))
    if not lives or metafunc.config.option.long or metafunc.definition.get_closest_marker("both_databases"):
        return ["sqlite", "postgres"]
    return [("sqlite", "postgres")[crc32(metafunc.definition.originalname.encode()) % 2]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.option.long:
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="only with --long"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What this machine could not try is said at the end, once each, from the reports that the workers sent."""
    reasons = {_reason(report) for report in terminalreporter.stats.get("skipped", [])}
    if config.option.sqlite_only:
        reasons.add(f"{NOT_TESTED}PostgreSQL: left out by --sqlite-only")
    for reason in sorted(reason for reason in reasons if reason.startswith(NOT_TESTED)):
        terminalreporter.write_line(reason, red=True, bold=True)


def _reason(report: pytest.TestReport) -> str:
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return said.removeprefix("Skipped: ")


def _skip_loudly(what: str, why: Exception) -> None:
    pytest.skip(f"{NOT_TESTED}{what}: {why}")


@pytest.fixture
def at_size(pytestconfig: pytest.Config) -> Callable[[int, int], int]:
    """`at_size(small, full)`: how much of it; the full size only with --long."""
    return lambda small, full: full if pytestconfig.option.long else small


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server on which databases may be made."""
    try:
        with running_postgres() as url:
            yield url
    except NoPostgres as reason:
        _skip_loudly("PostgreSQL", reason)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: URL) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(postgres_server)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, database_kind: str) -> Databases:
    return request.getfixturevalue(f"{database_kind}_databases")


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """The URL of a new database without any table; every test of it runs on SQLite and on PostgreSQL."""
    with empty_database(databases) as url:
        yield url


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The URL of a new database with the newest schema; every test of it runs on SQLite and on PostgreSQL."""
    with database_with_schema(databases) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = connect(database_url)
    yield database
    database.close()


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Whoever runs the service, in an empty folder, with settings that are enough."""
    return Operator(tmp_path)


@pytest.fixture
def with_group(operator: Operator) -> Operator:
    assert operator.digest("group", "add", "Packaging group", *BERLIN).exit_code == 0
    return operator


@pytest.fixture
def log() -> Iterator[Log]:
    with listening() as heard:
        yield heard


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A real SMTP server on loopback; see tests/parts/smtp_server.py for what it keeps and how it is told to refuse."""
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def dovecot() -> Dovecot:
    """A real IMAP server; each user name has a mailbox there."""
    try:
        return shared_dovecot()
    except NoDovecot as reason:
        pytest.skip(f"{NOT_TESTED}Dovecot: {reason}")


@pytest.fixture(scope="session")
def postfix() -> Iterator[Postfix]:
    """A real Postfix on loopback, started once; see tests/parts/postfix.py for what it hands to whom."""
    try:
        with running_postfix() as running:
            yield running
    except NoPostfix as reason:
        _skip_loudly("Postfix", reason)


@pytest.fixture(scope="session")
def started_one_login(postfix: Postfix) -> Iterator[OneLogin]:
    try:
        with running_one_login(postfix) as running:
            yield running
    except NoDovecot as reason:
        _skip_loudly("Dovecot", reason)


@pytest.fixture
def one_login(started_one_login: OneLogin, monkeypatch: pytest.MonkeyPatch) -> OneLogin:
    """A mailbox that is read and sent by with access tokens alone, on real servers, which are trusted."""
    started_one_login.tokens.as_new()
    monkeypatch.setenv("SSL_CERT_FILE", str(started_one_login.certificate))
    return started_one_login


@pytest.fixture(scope="session")
def one_browser() -> Iterator[Browser]:
    try:
        with running_browser() as browser:
            yield browser
    except NoBrowser as reason:
        _skip_loudly("the browser", reason)


@pytest.fixture
def browser(one_browser: Browser) -> Iterator[Browser]:
    """Chromium without a screen, as new for each test."""
    yield one_browser
    one_browser.as_new()
