"""What a week costs grows with what is due: no statement of it looks through all that ever was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from digest.database import Database
from tests.acceptance.world import World

pytestmark = pytest.mark.both_databases  # so that its name does not decide whether it meets SQLite

GROWING = (
    "answers",
    "delivery_events",
    "entries",
    "inbound_messages",
    "link_openings",
    "notices",
    "outbound_messages",
    "question_mails",
    "questions",
    "rounds",
    "same_heres",
    "sections",
    "spent_tokens",
)
WITHOUT_INDEX = re.compile(rf"SCAN ({'|'.join(GROWING)})(_\d+)?$")


@contextmanager
def plans_of(database: Database) -> Iterator[dict[str, list[str]]]:
    """How SQLite goes about each statement that comes meanwhile."""
    plans: dict[str, list[str]] = {}

    def explain(connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")) and statement not in plans:
            cursor = connection.connection.driver_connection.cursor()
            rows = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given[0] if many else given)
            plans[statement] = [row[3] for row in rows]

    for engine in (database.engine, database.reader):
        event.listen(engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        for engine in (database.engine, database.reader):
            event.remove(engine, "before_cursor_execute", explain)


def test_no_statement_of_a_week_reads_all_that_ever_was(packaging: World) -> None:
    if not packaging.database.is_sqlite:
        pytest.skip("SQLite alone says how it goes about a statement before there is much to read")
    with plans_of(packaging.database) as plans:
        packaging.at("2026-03-31T09:00+02:00")
        prompt = packaging.prompt("mira")
        packaging.reply(prompt, "Tried: other crates.\nQuestion: who has lids?")
        packaging.reply(packaging.prompt("jonas"), "Tried: the old crates.\nQuestion: who has labels?")
        packaging.tick()
        packaging.at("2026-03-31T10:30+02:00")
        asked = packaging.last("ben@example.com")
        packaging.press(asked.link("help"), via="button")
        packaging.reply(asked, "1: In hall 3.")
        packaging.reply(packaging.last("carla@example.com"), "same 1")
        packaging.at("2026-03-31T11:30+02:00")
        packaging.reply(packaging.last("jonas@example.com"), "undo")
        packaging.reply(prompt, "Question: who has other lids?")
        packaging.tick()
        for day in ("2026-04-01", "2026-04-06", "2026-04-07", "2026-04-13", "2026-04-20"):
            packaging.at(f"{day}T09:00+02:00")
    assert len(plans) > 100
    searching = {statement: plan for statement, plan in plans.items() if any(map(WITHOUT_INDEX.match, plan))}
    assert not searching, "\n".join(f"{plan} {statement}" for statement, plan in searching.items())
