"""What is deleted when its time is over, and what stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from digest import clock, retention
from digest.database import Database
from digest.domain.mails.record import InboundMessage, OutboundMessage
from digest.inbound.accept import accept
from digest.inbound.envelope import envelope
from digest.inbound.process import process_all
from tests.outbound.test_deliver import post

NOW = datetime.fromisoformat("2026-03-31T09:00+02:00")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    clock.start_at(NOW)
    yield
    clock.start_at(None)


def kept(database: Database) -> tuple[int, int]:
    """(mails with bytes that went out, messages with bytes that came in)"""
    with database.reading() as session:
        return tuple(  # type: ignore[return-value]
            session.scalar(select(func.count(table.id)).where(table.raw.is_not(None)))
            for table in (OutboundMessage, InboundMessage)
        )


def test_bytes_go_when_the_reply_address_closes_and_the_records_stay(database: Database) -> None:
    post(database, "ada", "bob")
    accept(database, envelope("", "r-unknown@in.example.org", b"Subject: nobody\r\n\r\nhello\r\n", "test"))
    process_all(database, "w")
    clock.start_at(NOW + timedelta(days=6))
    assert retention.forget_bytes(database) == 0
    assert kept(database) == (2, 1)
    clock.start_at(NOW + timedelta(days=34))
    assert retention.forget_bytes(database) == 1, "what is nobody's"
    assert kept(database) == (2, 0)
    clock.start_at(NOW + timedelta(days=36))
    assert retention.forget_bytes(database) == 2
    assert kept(database) == (0, 0)
    with database.reading() as session:
        assert session.scalar(select(func.count(OutboundMessage.id))) == 2
        assert session.scalars(select(InboundMessage.state)).one() == "dropped"


def test_what_waits_to_be_read_is_kept_however_old_it_is(database: Database) -> None:
    accept(database, envelope("", "r-unknown@in.example.org", b"Subject: nobody\r\n\r\nhello\r\n", "test"))
    clock.start_at(NOW + timedelta(days=400))
    assert retention.forget_bytes(database) == 0
    assert kept(database) == (0, 1)
