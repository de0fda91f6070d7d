"""A real Postfix writes the bounces: what it was given to send comes back by its LMTP, and is taken for what it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from digest import clock
from digest.database import Database, connect
from digest.domain.delivery.domain_pause import DomainPause
from digest.domain.groups.person import Address
from digest.domain.mails.record import InboundMessage, OutboundMessage
from digest.domain.running.alarm import standing_alarms
from digest.inbound import lmtp
from digest.inbound.process import process_all
from digest.listening import bound_file
from digest.outbound import outbox
from digest.outbound.compose import welcome
from digest.outbound.deliver import deliver_all
from digest.outbound.facts import WelcomeFacts
from digest.outbound.outbox import Posted
from digest.outbound.stamp import Stamp, frame
from digest.outbound.ways_out import transport_for
from digest.settings import Settings
from tests.domain.given import TUESDAY, a_group, a_member
from tests.parts.databases import SqliteDatabases, database_with_schema
from tests.parts.postfix import LMTP, Postfix

VERP = Settings(
    mail_from="digest@example.org", reply_domain=LMTP, envelope_from="verp", secret=("a secret for tests",)
)
FIXED = replace(VERP, envelope_from=f"fixed:bounces@{LMTP}")
REFUSED = {
    "mira": "550 5.1.1 no such user",
    "ben": "552 5.2.2 mailbox full",
    "carla": "550 5.7.26 not authenticated",
    "emil": "550 no such user here",
}


@pytest.fixture(autouse=True)
def _on_a_tuesday() -> Iterator[None]:
    clock.start_at(TUESDAY)
    yield
    clock.start_at(None)


@pytest.fixture
def database(sqlite_databases: SqliteDatabases) -> Iterator[Database]:
    with database_with_schema(sqlite_databases) as url, closing(connect(url)) as database:
        yield database


@pytest.fixture
def mail_server(postfix: Postfix) -> Iterator[Postfix]:
    """Behind it a server that knows nobody."""
    for name, answer in REFUSED.items():
        postfix.outside.refuse("RCPT", answer, address=f"{name}@example.com")
    yield postfix
    postfix.outside.refuse_nothing()


def send(database: Database, postfix: Postfix, settings: Settings) -> None:
    """One mail to each of them, through Postfix, until all that came back was stored."""
    with database.transaction() as session:
        group = a_group(session)
        for name in REFUSED:
            stamp = Stamp(settings, "welcome", a_member(session, group, name.title()))
            composed = welcome(frame(stamp, TUESDAY), WelcomeFacts(next_prompt_at=None))
            mail = Posted(stamp, composed, "join:1", TUESDAY + timedelta(days=3))
            outbox.put(session, [mail], TUESDAY)
    with bound_file(postfix.lmtp) as listening, lmtp.answering(settings, database, listening):
        with closing(transport_for(f"smtp://127.0.0.1:{postfix.port}")) as transport:
            deliver_all(database, transport, "a worker")
        postfix.wait_until(lambda: stored(database) == len(REFUSED))


def stored(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(InboundMessage.id))) or 0


@pytest.mark.parametrize("settings", [VERP, FIXED], ids=["verp", "fixed"])
def test_what_comes_back_says_of_each_address_what_it_should(
    mail_server: Postfix, database: Database, settings: Settings
) -> None:
    send(database, mail_server, settings)
    process_all(database, "a worker")
    with database.reading() as session:
        assert set(session.execute(select(InboundMessage.state, InboundMessage.reason))) == {("filed", "dsn")}
        mails = select(OutboundMessage.state).where(OutboundMessage.kind == "welcome")
        assert set(session.scalars(mails)) == {"bounced"}
        suppressed = select(Address.addr_spec, Address.suppressed_reason).order_by(Address.addr_spec)
        assert [tuple(row) for row in session.execute(suppressed)] == [
            ("ben@example.com", None),
            ("carla@example.com", None),
            ("emil@example.com", "gone"),
            ("mira@example.com", "gone"),
        ]
        failing = select(Address.addr_spec).where(Address.failing_since.is_not(None))
        assert session.scalars(failing).all() == ["ben@example.com"]
        assert "refused-by-policy" in {alarm.kind for alarm in standing_alarms(session)}
        assert session.scalars(select(DomainPause.domain)).all() == ["example.com"]
