"""What the tests of the pages stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digest import clock
from digest.database import Database
from tests.web.scene import Scene, make_scene


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    """A small group one minute after its first digest; on SQLite and on PostgreSQL."""
    yield make_scene(database)
    clock.start_at(None)
