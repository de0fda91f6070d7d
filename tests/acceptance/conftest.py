"""Owns the world that the acceptance tests play in. It must never be used by a test of one part."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digest.database import Database
from tests.acceptance.world import World, world as running_world
from tests.smtp_server import SmtpServer


@pytest.fixture
def world(database: Database, database_url: str, smtp_server: SmtpServer) -> Iterator[World]:
    """A service with a real database, a real SMTP server and a real HTTP door."""
    with running_world(database, database_url, smtp_server) as made:
        yield made


@pytest.fixture
def packaging(world: World) -> World:
    """The packaging group of five, joined before its first Tuesday; Jonas is its facilitator."""
    world.at("2026-03-30T10:00+02:00")
    world.done(
        *["group", "add", "Packaging group", "--timezone", "Europe/Berlin", "--locale", "en"],
        *["--task", "the new packaging rules", "--until", "2027-07-01"],
    )
    for name in ("Jonas", "Mira", "Ben", "Carla", "Emil"):
        extra = ["--facilitator"] if name == "Jonas" else []
        locale = ["--locale", "de"] if name == "Mira" else []
        world.done(
            "member", "add", "Packaging group", f"{name.lower()}@example.com", "--name", name, *extra, *locale
        )
    world.tick()
    for name in ("jonas", "mira", "ben", "carla", "emil"):
        assert world.reply(world.last(f"{name}@example.com"), "ja" if name == "mira" else "yes") == 200
    world.tick()
    return world
