"""A prepared insert stores what the model would: instants in UTC, JSON as JSON, and what already stands only once."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Insert, bindparam, select

from digest.database import Database
from digest.domain.base import insert_unless_it_stands
from digest.domain.mails.record import InboundMessage
from digest.prepared import PreparedInsert

AT = datetime.fromisoformat("2026-03-31T09:00+02:00")
ROW = {"raw_digest": "one", "raw": b"\0\xff", "verdicts": {"dmarc": "pass"}, "received_at": AT}


def _insert(dialect: str) -> Insert:
    columns = InboundMessage.__table__.c
    given = {name: bindparam(name, type_=columns[name].type) for name in ROW}
    return insert_unless_it_stands(InboundMessage, dialect).values(
        **given,
        rcpt_to="to@example.com",
        size=2,
        via="raw",
        state="accepted",
        left_out=["signature"],
        thread_sought=False,
        admitted=True,
        anonymous=False,
        attempts=0,
    )


def test_each_value_is_kept_as_its_column_says(database: Database) -> None:
    insert = PreparedInsert(_insert)
    with database.transaction() as session:
        connection = session.connection()
        assert [insert.run(connection, ROW | {"raw_digest": one}) for one in ("a", "b", "a")] == [1, 1, 0]
    with database.reading() as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.id)).all()
        assert [(row.raw_digest, row.raw) for row in rows] == [("a", b"\0\xff"), ("b", b"\0\xff")]
        assert (rows[0].verdicts, rows[0].left_out) == ({"dmarc": "pass"}, ["signature"])
        assert (rows[0].received_at, rows[0].admitted, rows[0].anonymous) == (AT, True, False)


def test_a_value_that_is_missing_or_unknown_is_an_error(database: Database) -> None:
    insert = PreparedInsert(_insert)
    for wrong in ({"raw_digest": "one"}, ROW | {"another": 1}):
        with pytest.raises(Exception, match=r"raw|another"), database.transaction() as session:
            insert.run(session.connection(), wrong)
    with database.reading() as session:
        assert session.scalars(select(InboundMessage)).all() == []
