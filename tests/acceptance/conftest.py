"""Owns the world that the acceptance tests play in. It must never be used by a test of one part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import pytest

from digest import clock
from digest.database import Database, connect
from tests.acceptance.world import World, world as running_world
from tests.parts.databases import Databases, database_as_on
from tests.parts.smtp_server import Received, SmtpServer


@pytest.fixture
def world(database: Database, database_url: str, smtp_server: SmtpServer) -> Iterator[World]:
    """A service with a real database, a real SMTP server and a real HTTP door."""
    with running_world(database, database_url, smtp_server) as made:
        yield made


@pytest.fixture
def packaging(databases: Databases, smtp_server: SmtpServer) -> Iterator[World]:
    """The packaging group of five, joined before its first Tuesday; Jonas is its facilitator."""
    with packaging_world(databases, smtp_server) as made:
        yield made


@contextmanager
def packaging_world(databases: Databases, smtp_server: SmtpServer) -> Iterator[World]:
    """The same, for a test that needs several.

    It is set up by the public doors once, and copied for each test with the mails that it had got.
    """

    def set_up(url: str) -> None:
        with closing(connect(url)) as database, running_world(database, url, smtp_server) as made:
            _join(made)
        _mails[databases] = list(smtp_server.received)

    with database_as_on(databases, "packaging", set_up) as url, closing(connect(url)) as database:
        smtp_server.received[:] = _mails[databases]
        with running_world(database, url, smtp_server) as made:
            clock.start_at(datetime.fromisoformat(MONDAY))
            yield made


MONDAY = "2026-03-30T10:00+02:00"
_mails: dict[Databases, list[Received]] = {}


def _join(world: World) -> None:
    world.at(MONDAY)
    world.done(
        *["group", "add", "Packaging group", "--timezone", "Europe/Berlin", "--locale", "en"],
        *["--task", "the new packaging rules", "--until", "2027-07-01"],
    )
    for name in ("Jonas", "Mira", "Ben", "Carla", "Emil"):
        extra = ["--facilitator"] if name == "Jonas" else []
        locale = ["--locale", "de"] if name == "Mira" else []
        address = f"{name.lower()}@example.com"
        world.done("member", "add", "Packaging group", address, "--name", name, *extra, *locale)
    world.tick()
    for name in ("jonas", "mira", "ben", "carla", "emil"):
        assert world.reply(world.last(f"{name}@example.com"), "ja" if name == "mira" else "yes") == 200
    world.tick()
