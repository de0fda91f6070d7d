"""Behaviour of the test of the whole way: out by a real mail server, back in by the real HTTP door, never filed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select

from digest.checking import round_trip
from digest.checking.trip_message import head_of, hops, results
from digest.database import Database
from digest.domain.groups.notice import Notice
from digest.domain.mails.record import InboundMessage
from tests.acceptance.world import World, world
from tests.parts.smtp_server import SmtpServer

STAMPS = (
    b"Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=digest@example.org;\r\n"
    b" dkim=fail header.d=example.org; dmarc=pass\r\n"
    b"Received: from relay.example.org (relay.example.org [192.0.2.1]) by mx.example.org\r\n"
    b" with ESMTPS id 2; Fri, 01 Jan 2027 10:00:05 +0000\r\n"
    b"Received: from digest.example.org by relay.example.org with ESMTP id 1;\r\n"
    b" Fri, 01 Jan 2027 10:00:02 +0000\r\n"
)


@pytest.fixture
def one(database: Database, database_url: str, smtp_server: SmtpServer) -> Iterator[World]:
    with world(database, database_url, smtp_server) as made:
        yield made


@contextmanager
def relaying(one: World, *, to: str | None = None, stamps: bytes = STAMPS) -> Iterator[None]:
    """Whatever the mail server takes is handed to the door, as the company's server does it."""
    stop = threading.Event()

    def relay() -> None:
        handed = 0
        while not stop.is_set():
            for mail in list(one.smtp_server.received[handed:]):
                handed += 1
                assert one.post(stamps + mail.content, to or mail.rcpt_tos[0], mail.mail_from) == 200
            time.sleep(0.02)

    thread = threading.Thread(target=relay)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def told(one: World, address: str | None = None, patience: float = 10) -> list[str]:
    return [finding.line for finding in round_trip.findings(one.database, one.settings, address, patience)]


def test_a_message_goes_out_and_comes_back_with_each_hop(one: World) -> None:
    with relaying(one):
        lines = told(one)
    assert lines[0].startswith("ok     The mail server took the message to t-")
    assert lines[1].startswith("ok     It came in after ")
    assert lines[1].endswith("seconds, by raw.")
    assert [line[:50] for line in lines[2:4]] == [
        "ok     1. digest.example.org to relay.example.org:",
        "ok     2. relay.example.org to mx.example.org: enc",
    ]
    assert "not encrypted" in lines[2]
    assert lines[3].endswith("encrypted, 3 s")
    assert lines[4].startswith("note   It carries no DKIM signature of example.org.")
    assert lines[5].startswith("wrong  mx.example.org found: dkim fail, dmarc pass, spf pass.")


def test_it_is_kept_and_neither_filed_nor_answered(one: World) -> None:
    with relaying(one):
        told(one)
    one.tick()
    with one.database.reading() as session:
        (row,) = session.scalars(select(InboundMessage))
        assert (row.state, row.reason, row.intent) == ("dropped", "round-trip", "automatic")
        assert session.scalars(select(Notice)).all() == []
    assert len(one.smtp_server.received) == 1


def test_a_mailbox_that_forwards_is_a_way_too(one: World) -> None:
    with relaying(one, to="circle@in.example.org"):
        lines = told(one, "forwarded@example.net")
    assert "to forwarded@example.net; it is waited for." in lines[0]
    assert lines[1].startswith("ok     It came in after ")


def test_one_that_does_not_come_is_told_with_where_to_look(one: World) -> None:
    took, lost = told(one, patience=0.1)
    assert took.startswith("ok     The mail server took the message to t-")
    assert lost.startswith("wrong  It did not come in within 0 seconds. Look for <trip.")


def test_one_that_comes_back_undelivered_is_told(one: World) -> None:
    report = b"Content-Type: multipart/report; boundary=x; report-type=delivery-status\r\n"
    with relaying(one, stamps=report):
        lines = told(one)
    assert lines[1].startswith("wrong  It came back as undeliverable")


def test_a_server_that_does_not_take_it_is_told(one: World) -> None:
    one.smtp_server.refuse("RCPT", "550 5.7.1 relaying denied")
    (line,) = told(one)
    assert line.startswith("wrong  The mail server did not take it: 550 5.7.1 relaying denied")


def test_a_server_that_is_away_is_told(one: World) -> None:
    away = replace(one.settings, mail_url="smtp://127.0.0.1:1")
    (line,) = (found.line for found in round_trip.findings(one.database, away, None, 0.1))
    assert line.startswith("wrong  The mail server did not take it: ConnectionRefusedError: ")


def test_the_command_says_it_and_ends_with_1_where_it_is_lost(one: World) -> None:
    with relaying(one, stamps=b""):
        assert one.run("check", "--round-trip", "--wait", "10")[0] == 0
    exit_code, said = one.run("check", "--round-trip", "--wait", "0")
    assert exit_code == 1
    assert "It did not come in" in said
    assert one.run("check", "--round-trip", "nobody")[0] == 2


def test_fields_that_are_odd_break_nothing() -> None:
    from datetime import UTC, datetime

    head = head_of(b"Received: nonsense\r\nReceived:\r\nAuthentication-Results: \r\nSubject: x\r\n\r\n")
    assert [hop.seconds for hop in hops(head, datetime(2027, 1, 1, tzinfo=UTC))] == [None, None]
    assert [list(said) for _, said in results(head)] == [[]]
