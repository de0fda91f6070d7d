"""Owns the groups that the measures run on, made by the domain's own verbs.
It must never make a row that these would not.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from digest import clock, schema
from digest.database import Database, connect
from digest.domain.groups import group as groups, practice as practices
from digest.domain.rounds import round as rounds
from digest.settings import Settings

SECRET = "a secret for measuring only"
MONDAY, TUESDAY = "2026-03-30T10:00+02:00", "2026-03-31T09:00+02:00"
ROOT = Path(__file__).parents[1]


def settings(database_url: str, mail_url: str = "console:") -> Settings:
    return Settings(
        database_url=database_url,
        mail_url=mail_url,
        mail_from="digest@example.org",
        reply_domain="in.example.org",
        base_url="https://digest.example.org",
        secret=(SECRET,),
        inbound_secret=(SECRET,),
    )


@contextmanager
def fresh_database() -> Iterator[tuple[str, Database]]:
    """A new SQLite database with its schema, on the disk where the project lies."""
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        with closing(connect(url)) as database:
            schema.upgrade(database)
            yield url, database


def add_groups(database: Database, count: int, members: int) -> None:
    """Groups with active members, before their first Tuesday."""
    now = datetime.fromisoformat(MONDAY)
    clock.start_at(now)
    for number in range(count):
        with database.transaction() as session:
            group = groups.add_group(
                session,
                f"Group {number}",
                timezone="Europe/Berlin",
                locale="de" if number % 2 else "en",
                task="the new packaging rules",
                until=None,
                now=now,
            )
            practice = practices.add_practice(session, group, "learning-log", now=now)
            rounds.plan_rounds(session, practice, now)
            for one in range(members):
                address, name = f"m{one}.g{number}@example.com", f"Member {one}"
                groups.add_member(
                    session, group, address, name, facilitator=one == 0, consent_source="measured", now=now
                )
