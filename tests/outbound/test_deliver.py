"""Handing over: how each answer of the next hop is recorded, and what is tried again when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from digest import clock
from digest.database import Database
from digest.domain.delivery.domain_pause import PAUSE, pause_domain
from digest.domain.groups import group as groups
from digest.domain.groups.group import Member
from digest.domain.mails.record import OutboundMessage
from digest.errors import Transient
from digest.outbound import deliver as deliver_module, lease, outbox
from digest.outbound.compose import compose
from digest.outbound.deliver import deliver_all
from digest.outbound.facts import WelcomeFacts
from digest.outbound.lease import Outcome
from digest.outbound.outbox import Posted
from digest.outbound.stamp import Stamp, frame
from digest.outbound.ways_out import transport_for
from digest.settings import Settings
from tests.parts.smtp_server import SmtpServer

NOW = datetime.fromisoformat("2026-03-31T09:00+02:00")
SETTINGS = Settings(
    mail_from="digest@example.org", reply_domain="in.example.org", secret=("a secret for tests",)
)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    clock.start_at(NOW)
    yield
    clock.start_at(None)


def post(database: Database, *names: str, expires_after: timedelta = timedelta(days=3)) -> None:
    with database.transaction() as session:
        group = groups.find_group(session, "Crew") or groups.add_group(
            session, "Crew", timezone="Europe/Berlin", locale="en", task=None, until=None, now=NOW
        )
        for name in names:
            address = name if "@" in name else f"{name}@example.com"
            member = groups.add_member(session, group, address, name, now=NOW)
            outbox.put(session, [_welcome(member, expires_after)], NOW)


def _welcome(member: Member, expires_after: timedelta) -> Posted:
    stamp = Stamp(SETTINGS, "welcome", member)
    composed = compose(frame(stamp, NOW), WelcomeFacts(next_prompt_at=NOW + timedelta(days=7)))
    return Posted(stamp, composed, "join:1", NOW + expires_after)


def deliver(database: Database, url: str) -> int:
    with closing(transport_for(url, "digest@example.org")) as transport:
        return deliver_all(database, transport, "this worker")


def rows(database: Database) -> list[OutboundMessage]:
    with database.reading() as session:
        return list(session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))


def test_several_mails_leave_over_one_connection(database: Database, smtp_server: SmtpServer) -> None:
    post(database, "ada", "bob", "cy")
    assert deliver(database, smtp_server.url) == 3
    assert [row.state for row in rows(database)] == ["sent"] * 3
    assert [received.rcpt_tos[0] for received in smtp_server.received] == [
        row.rcpt_to for row in rows(database)
    ]
    assert smtp_server.connections == 1


def test_a_mail_is_handed_over_as_it_was_composed(database: Database, smtp_server: SmtpServer) -> None:
    post(database, "ada")
    deliver(database, smtp_server.url)
    with database.reading() as session:
        claimed = session.scalars(select(OutboundMessage.message_id)).one()
    assert claimed.encode() in smtp_server.received[0].content


def test_a_connection_that_was_cut_is_opened_anew(database: Database, smtp_server: SmtpServer) -> None:
    post(database, "ada")
    with closing(transport_for(smtp_server.url)) as transport:
        deliver_all(database, transport, "w")
        smtp_server.hang_up()
        post(database, "bob")
        deliver_all(database, transport, "w")
    assert [row.state for row in rows(database)] == ["sent", "sent"]


def test_a_deferral_is_tried_again_later_and_later(database: Database, smtp_server: SmtpServer) -> None:
    post(database, "ada")
    smtp_server.refuse("RCPT", "451 4.2.2 mailbox busy")
    waits = []
    for _ in range(3):
        before = clock.now()
        deliver(database, smtp_server.url)
        (row,) = rows(database)
        assert (row.state, row.enhanced_status) == ("queued", "4.2.2")
        waits.append(row.due_at - before)
        assert deliver(database, smtp_server.url) == 0, "not before its time"
        clock.start_at(row.due_at + timedelta(seconds=1))
    assert waits[0] < waits[1] < waits[2]
    smtp_server.refuse_nothing()
    deliver(database, smtp_server.url)
    assert rows(database)[0].state == "sent"


def test_a_refusal_is_final_and_its_reason_is_kept(database: Database, smtp_server: SmtpServer) -> None:
    post(database, "ada", "bob")
    smtp_server.refuse("RCPT", "550 5.1.1 no such mailbox", address="ada@example.com")
    deliver(database, smtp_server.url)
    ada, bob = rows(database)
    assert (ada.state, ada.enhanced_status, bob.state) == ("rejected", "5.1.1", "sent")
    assert "no such mailbox" in (ada.remark or "")


def test_deferred_until_its_time_is_over_it_is_given_up(database: Database, smtp_server: SmtpServer) -> None:
    post(database, "ada", expires_after=timedelta(minutes=2))
    smtp_server.refuse("DATA", "421 4.3.2 closing")
    deliver(database, smtp_server.url)
    assert rows(database)[0].state == "failed"


def test_a_mail_whose_time_is_over_is_not_sent_any_more(database: Database, smtp_server: SmtpServer) -> None:
    post(database, "ada", expires_after=timedelta(minutes=2))
    clock.start_at(NOW + timedelta(minutes=3))
    assert deliver(database, smtp_server.url) == 0
    assert rows(database)[0].state == "expired"


def test_where_nobody_answers_the_others_are_not_tried_in_vain(database: Database) -> None:
    post(database, "ada", "bob", "cy")
    assert deliver(database, "smtp://127.0.0.1:1") == 0
    assert {row.state for row in rows(database)} == {"queued"}
    assert [row.attempts for row in rows(database)] == [0, 0, 0], "it counts against nobody"


def test_a_null_sender_that_is_refused_gives_way_to_the_fixed_one(
    database: Database, smtp_server: SmtpServer
) -> None:
    post(database, "ada", "bob")
    with database.transaction() as session:
        for row in session.scalars(select(OutboundMessage)):
            row.mail_from = ""
    smtp_server.refuse("MAIL", "550 5.7.1 empty sender", address="<>")
    smtp_server.refuse("MAIL", "550 5.7.1 empty sender", address="")
    deliver(database, smtp_server.url)
    assert [received.mail_from for received in smtp_server.received] == ["digest@example.org"] * 2


def test_the_lease_of_a_dead_worker_runs_out_and_another_takes_over(
    database: Database, smtp_server: SmtpServer
) -> None:
    post(database, "ada")
    for dead in ("first", "second"):
        with database.transaction() as session:
            lease.release_lost(session)
            assert len(lease.claim(session, dead, 5, clock.now())) == 1
        assert deliver(database, smtp_server.url) == 0, "its lease still runs"
        _end_leases(database)
    deliver(database, smtp_server.url)
    assert rows(database)[0].state == "sent"


def test_the_third_worker_lost_over_a_mail_was_the_last(database: Database, smtp_server: SmtpServer) -> None:
    post(database, "ada")
    for dead in ("first", "second", "third"):
        with database.transaction() as session:
            lease.release_lost(session)
            lease.claim(session, dead, 5, clock.now())
        _end_leases(database)
    deliver(database, smtp_server.url)
    assert rows(database)[0].state == "failed"
    assert not smtp_server.received


def test_a_worker_whose_lease_was_lost_records_nothing(database: Database) -> None:
    post(database, "ada")
    with database.transaction() as session:
        (claimed,) = lease.claim(session, "slow", 5, clock.now())
    _end_leases(database)
    with database.transaction() as session:
        lease.release_lost(session)
        lease.record(session, "slow", [Outcome(claimed.id, "sent", 1, claimed.due_at, NOW, "2.0.0", "gone")])
    assert rows(database)[0].state == "queued"


def _end_leases(database: Database) -> None:
    with database.transaction() as session:
        for row in session.scalars(select(OutboundMessage)):
            if row.lease_until is not None:
                row.lease_until = clock.real_now() - timedelta(seconds=1)


def test_a_wave_goes_over_all_connections_and_each_mail_once(
    database: Database, smtp_server: SmtpServer
) -> None:
    names = [f"m{number}" for number in range(10)]
    post(database, *names)
    assert deliver(database, f"{smtp_server.url}?connections=4") == 10
    assert sorted(one.rcpt_tos[0] for one in smtp_server.received) == [
        f"{name}@example.com" for name in names
    ]
    assert smtp_server.connections == 4
    assert {row.state for row in rows(database)} == {"sent"}


def test_a_domain_that_asks_for_less_slows_its_own_mails_alone(
    database: Database, smtp_server: SmtpServer
) -> None:
    post(database, "ada", "bob", "cy@example.net")
    smtp_server.refuse("RCPT", "421 4.7.0 slow down", address="ada@example.com")
    deliver(database, smtp_server.url)
    ada, bob, cy = rows(database)
    assert (ada.state, bob.state, bob.attempts, cy.state) == ("queued", "queued", 0, "sent")
    assert NOW < bob.due_at < NOW + timedelta(minutes=3) < ada.due_at
    clock.start_at(bob.due_at + timedelta(seconds=1))
    deliver(database, smtp_server.url)
    assert rows(database)[1].state == "sent"


def test_one_domain_gets_no_more_than_its_share_of_a_wave(database: Database) -> None:
    post(database, "ada", "bob", "cy", "dan@example.net")
    with database.transaction() as session:
        wave = lease.claim(session, "w", 4, clock.now(), per_domain=2)
    assert [mail.rcpt_to for mail in wave] == ["ada@example.com", "bob@example.com", "dan@example.net"]


def test_a_domain_that_is_paused_gets_nothing_until_then(database: Database, smtp_server: SmtpServer) -> None:
    post(database, "ada", "bob@example.net")
    with database.transaction() as session:
        pause_domain(session, "example.com", "5.7.1", clock.now())
    deliver(database, smtp_server.url)
    assert [row.state for row in rows(database)] == ["queued", "sent"]
    clock.start_at(NOW + PAUSE + timedelta(minutes=1))
    deliver(database, smtp_server.url)
    assert rows(database)[0].state == "sent"


def test_while_the_way_rests_mails_wait_and_expire_unblamed(
    database: Database, smtp_server: SmtpServer
) -> None:
    post(database, "ada")
    smtp_server.refuse("MAIL", "451 4.3.0 later")
    with closing(transport_for(smtp_server.url, "digest@example.org")) as transport:
        assert deliver_all(database, transport, "w") == 0
        smtp_server.refuse_nothing()
        assert deliver_all(database, transport, "w") == 0, "it rests"
        clock.start_at(NOW + timedelta(minutes=1))
        assert deliver_all(database, transport, "w") == 1
    assert [(row.state, row.attempts) for row in rows(database)] == [("sent", 1)]


def test_a_late_prompt_sleeps_by_night_and_a_receipt_does_not(
    database: Database, smtp_server: SmtpServer
) -> None:
    post(database, "ada", "bob", "cy")
    _be_of_kind(database, ada="prompt", bob="receipt", cy="digest")
    _expire(
        database, "cy", datetime.fromisoformat("2026-04-01T07:00+02:00")
    )  # it would be over by the morning
    clock.start_at(datetime.fromisoformat("2026-03-31T23:00+02:00"))
    deliver(database, smtp_server.url)
    assert [row.state for row in rows(database)] == ["queued", "sent", "sent"]
    assert rows(database)[0].due_at == datetime.fromisoformat("2026-04-01T08:00+02:00")
    clock.start_at(datetime.fromisoformat("2026-04-01T08:00:01+02:00"))
    deliver(database, smtp_server.url)
    assert rows(database)[0].state == "sent"


def test_a_prompt_that_was_meant_for_the_evening_goes_then(
    database: Database, smtp_server: SmtpServer
) -> None:
    post(database, "ada")
    _be_of_kind(database, ada="prompt")
    evening = datetime.fromisoformat("2026-03-31T21:00+02:00")
    with database.transaction() as session:
        session.execute(update(OutboundMessage).values(created_at=evening, due_at=evening))
    clock.start_at(evening + timedelta(hours=1))
    deliver(database, smtp_server.url)
    assert rows(database)[0].state == "sent"


def test_a_result_is_recorded_as_soon_as_the_database_is_back(
    database: Database, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(database, "ada")
    record, away = lease.record, iter([True, True])

    def once_it_is_back(session: Session, worker: str, outcomes: Sequence[Outcome]) -> int:
        if outcomes and next(away, False):
            raise Transient("the database is away")
        return record(session, worker, outcomes)

    monkeypatch.setattr(lease, "record", once_it_is_back)
    monkeypatch.setattr(deliver_module, "PATIENCE", 0.0)
    assert deliver(database, smtp_server.url) == 1
    assert rows(database)[0].state == "sent"
    assert len(smtp_server.received) == 1


def _be_of_kind(database: Database, **kinds: str) -> None:
    with database.transaction() as session:
        for name, kind in kinds.items():
            mine = update(OutboundMessage).where(OutboundMessage.rcpt_to == f"{name}@example.com")
            session.execute(mine.values(kind=kind))


def _expire(database: Database, name: str, at: datetime) -> None:
    with database.transaction() as session:
        mine = update(OutboundMessage).where(OutboundMessage.rcpt_to == f"{name}@example.com")
        session.execute(mine.values(expires_at=at))
