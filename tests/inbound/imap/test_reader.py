"""Behaviour of the IMAP door, with a real Dovecot: stored and then moved, or left as it is."""

from __future__ import annotations

import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from digest.database import Database, connect
from digest.domain.mails.record import InboundMessage
from digest.domain.running.mailbox_mark import MailboxMark
from digest.errors import Transient
from digest.inbound.envelope import LARGEST_MESSAGE, STUB
from digest.inbound.imap import watch as imap_watch
from digest.inbound.imap.account import account
from digest.inbound.imap.mailbox import LoginRefused, Mailbox, open_mailbox
from digest.inbound.imap.reader import Reader
from digest.inbound.imap.watch import Watch, look_once, watching
from digest.settings import ImapSettings, Settings
from tests.inbound.given import mail_to_answer
from tests.inbound.reports import letters
from tests.inbound.reports.letters import Bounced
from tests.parts.databases import SqliteDatabases, database_with_schema
from tests.parts.dovecot import Dovecot, Inbox

TOKEN = "abcdefghijklmnopqrstuvwxyz"
OURS = f"digest+r-{TOKEN}@example.org"
READ = "Digest read"
FOREIGN = b"From: boss@example.com\r\nTo: digest@example.org\r\nSubject: lunch\r\n\r\nAt noon?\r\n"


def reply(number: int = 1, extra: str = "") -> bytes:
    head = f"Return-Path: <mira@example.com>\r\nFrom: mira@example.com\r\nTo: {OURS}\r\n{extra}"
    return f"{head}Message-ID: <{number}@example.com>\r\n\r\nI tried sample {number}.\r\n".encode()


@pytest.fixture
def database(sqlite_databases: SqliteDatabases) -> Iterator[Database]:
    """SQLite alone: `test_imap_faults.py` tries both, with two readers."""
    with database_with_schema(sqlite_databases) as url, closing(connect(url)) as database:
        yield database


@pytest.fixture
def inbox(dovecot: Dovecot) -> Inbox:
    return dovecot.mailbox()


def settings(inbox: Inbox, url: str | None = None, **more: str) -> Settings:
    return Settings(reply_address="digest@example.org", imap=ImapSettings(url=url or inbox.url, **more))


@contextmanager
def reading(database: Database, inbox: Inbox) -> Iterator[Reader]:
    found = account(settings(inbox).imap)
    assert found is not None
    with closing(open_mailbox(found)) as mailbox:
        yield Reader(database, mailbox, found.key, "digest@example.org")


def look(database: Database, inbox: Inbox) -> int:
    with reading(database, inbox) as reader:
        taken = reader.look()
        if reader.unmoved:
            reader.look()
        return taken


def stored(database: Database) -> list[InboundMessage]:
    with database.reading() as session:
        rows = select(InboundMessage).order_by(InboundMessage.id).options(undefer(InboundMessage.raw))
        return list(session.scalars(rows))


def until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_a_reply_is_stored_as_it_came_and_moved_to_a_folder_that_is_made(
    database: Database, inbox: Inbox
) -> None:
    inbox.deliver(reply())
    assert look(database, inbox) == 1
    (row,) = stored(database)
    assert zlib.decompress(row.raw or b"") == reply()
    assert (row.rcpt_to, row.mail_from, row.via) == (OURS, "mira@example.com", "imap")
    assert (inbox.count(), inbox.count(READ)) == (0, 1)


def test_what_is_not_for_us_stays_unread_and_is_not_looked_at_again(
    database: Database, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.deliver(*[FOREIGN] * 200, reply(), FOREIGN)
    looked: list[int] = []
    heads = Mailbox.heads

    def counted(self: Mailbox, uids: list[int]) -> Iterator[object]:
        looked.extend(uids)
        return heads(self, uids)

    monkeypatch.setattr(Mailbox, "heads", counted)
    assert look(database, inbox) == 1
    assert len(looked) == 202
    assert look(database, inbox) == 0
    assert len(looked) == 202
    assert [row.rcpt_to for row in stored(database)] == [OURS]
    assert inbox.count() == 201
    assert not any(b"Seen" in flags or b"$" in flags for flags in inbox.flags())


@pytest.mark.parametrize(
    ("header", "rcpt_to"),
    [
        (f"Delivered-To: digest@example.org\r\nTo: Ben <ben@example.com>, Group <{OURS}>", OURS),
        (f"X-Gm-Original-To: {OURS}\r\nTo: digest@example.org", OURS),
        (f"Envelope-To: {OURS.upper()}", OURS),
        (f"Cc: {OURS}", OURS),
        (f"To: digest@example.org\r\nSubject: undo [#r-{TOKEN}]", "digest@example.org"),
        (f"To: digest+b-{TOKEN}@example.org", f"digest+b-{TOKEN}@example.org"),
    ],
)
def test_the_recipient_is_read_from_the_header(
    database: Database, inbox: Inbox, header: str, rcpt_to: str
) -> None:
    inbox.deliver(f"From: mira@example.com\r\n{header}\r\n\r\nhello\r\n".encode())
    assert look(database, inbox) == 1
    assert [(row.rcpt_to, row.mail_from) for row in stored(database)] == [(rcpt_to, None)]


def test_the_null_reverse_path_is_not_an_unknown_one(database: Database, inbox: Inbox) -> None:
    inbox.deliver(f"Return-Path: <>\r\nTo: {OURS}\r\n\r\nhello\r\n".encode())
    look(database, inbox)
    assert [row.mail_from for row in stored(database)] == [""]


@pytest.mark.parametrize("letter", [letters.qmail, letters.exim_in_words])
def test_a_bounce_in_words_to_the_bare_address_is_for_us(
    database: Database, inbox: Inbox, letter: Callable[[Bounced], bytes]
) -> None:
    mail_to_answer(database, TOKEN)
    about = Bounced(message_id=f"<{TOKEN}@example.com>")
    inbox.deliver(*[b"Return-Path: <>\r\n" + letter(mail) for mail in (Bounced(), about)])
    assert look(database, inbox) == 1
    assert inbox.count() == 1


def test_a_header_that_no_parser_understands_keeps_nobody_waiting(database: Database, inbox: Inbox) -> None:
    hostile = [
        b"Subject: =?\xff?q?x?=",
        b"Subject: =?utf-8*\xe9?b?/w==?=",
        b"Content-Type: =?\xff?q?x?=",
        b"From: " + b"(" * 5000,
    ]
    inbox.deliver(*[FOREIGN.replace(b"Subject: lunch", field) for field in hostile], reply())
    assert look(database, inbox) == 1
    assert (inbox.count(), inbox.count(READ)) == (4, 1)


def test_a_message_over_the_cap_is_kept_as_a_stub(
    database: Database, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digest.inbound.imap.reader.LARGEST_MESSAGE", 2_000_000)
    inbox.deliver(reply() + b"x" * 3_000_000 + b"\r\n")
    look(database, inbox)
    (row,) = stored(database)
    assert row.size > 3_000_000
    assert len(zlib.decompress(row.raw or b"")) == STUB < LARGEST_MESSAGE


def test_a_worker_that_died_between_storing_and_moving_leaves_nothing_twice(
    database: Database, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.deliver(reply(1), FOREIGN, reply(2))

    def died(_: Mailbox, uid: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Mailbox, "move", died)
        with pytest.raises(KeyboardInterrupt):
            look(database, inbox)
    assert (len(stored(database)), inbox.count()) == (1, 3)
    look(database, inbox)
    assert (len(stored(database)), inbox.count(), inbox.count(READ)) == (2, 1, 2)


def test_what_cannot_be_moved_is_stored_and_moved_later(
    database: Database, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.deliver(reply(1), reply(2))

    def full(_: Mailbox, uid: int) -> None:
        raise Transient("the server does not move messages.")

    with reading(database, inbox) as reader:
        with monkeypatch.context() as patched:
            patched.setattr(Mailbox, "move", full)
            for _ in range(2):
                with pytest.raises(Transient):
                    reader.look()
        assert (len(stored(database)), inbox.count(READ)) == (2, -1)
        assert reader.look() == 0
    assert (len(stored(database)), inbox.count(), inbox.count(READ)) == (2, 0, 2)


def test_a_server_without_move_copies_and_removes_what_was_copied_alone(
    database: Database, inbox: Inbox
) -> None:
    inbox.deliver(FOREIGN, reply(1), FOREIGN)
    inbox.do("STORE", "1", "+FLAGS", r"(\Deleted)")
    with reading(database, inbox) as reader:
        reader.mailbox.capabilities -= {"MOVE"}
        reader.look()
    assert (len(stored(database)), inbox.count(), inbox.count(READ)) == (1, 2, 1)


def test_a_server_without_move_and_uidplus_marks_it_as_deleted(database: Database, inbox: Inbox) -> None:
    inbox.deliver(reply(1), FOREIGN)
    with reading(database, inbox) as reader:
        reader.mailbox.capabilities -= {"MOVE", "UIDPLUS"}
        reader.look()
    assert (inbox.count(), inbox.count(READ)) == (2, 1)
    assert [b"Deleted" in flags for flags in inbox.flags()] == [True, False]
    look(database, inbox)
    assert (len(stored(database)), inbox.count(READ)) == (1, 1)


def test_a_folder_that_somebody_removed_is_made_again(database: Database, inbox: Inbox) -> None:
    inbox.deliver(reply(1))
    with reading(database, inbox) as reader:
        reader.look()
        with inbox.opened() as client:
            client.delete(f'"{READ}"')
        inbox.deliver(reply(2))
        assert reader.look() == 1
    assert inbox.count(READ) == 1


def test_what_somebody_else_moves_at_the_same_time_troubles_nobody(database: Database, inbox: Inbox) -> None:
    inbox.deliver(*[reply(number) for number in range(12)])
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(look, database, inbox) for _ in range(2)]:
            done.result()
    assert (len(stored(database)), inbox.count()) == (12, 0)
    assert inbox.count(READ) >= 12  # what two move at the same instant, Dovecot may keep twice


def test_a_message_that_a_person_puts_back_is_not_taken_twice(database: Database, inbox: Inbox) -> None:
    inbox.deliver(reply(1))
    look(database, inbox)
    inbox.do("MOVE", "1", "INBOX", folder=f'"{READ}"')
    assert look(database, inbox) == 1
    assert (len(stored(database)), inbox.count(), inbox.count(READ)) == (1, 0, 1)


def test_new_uids_let_the_whole_mailbox_be_looked_at_anew(database: Database, inbox: Inbox) -> None:
    inbox.deliver(FOREIGN, reply(1))
    look(database, inbox)
    with database.transaction() as session:
        session.execute(update(MailboxMark).values(uid_validity=MailboxMark.uid_validity - 1, uid=9_000))
    inbox.deliver(reply(2))
    assert look(database, inbox) == 1
    with database.reading() as session:
        assert session.scalars(select(MailboxMark.uid)).all() == [3]
    assert len(stored(database)) == 2


def test_a_database_that_is_away_leaves_the_message_where_it_is(
    database: Database, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.deliver(reply(1))

    def away(*_: object) -> bool:
        raise Transient("The database is away.")

    with monkeypatch.context() as patched:
        patched.setattr("digest.inbound.imap.reader.accept", away)
        with pytest.raises(Transient):
            look(database, inbox)
    assert inbox.count() == 1
    assert look(database, inbox) == 1


def test_a_reader_that_waits_is_told_at_once(database: Database, inbox: Inbox, dovecot: Dovecot) -> None:
    with watching(database, settings(inbox)):
        until(lambda: f"user=<{inbox.user}>" in dovecot.log())
        inbox.deliver(reply(1))
        begun = time.monotonic()
        until(lambda: len(stored(database)) == 1)
        assert time.monotonic() - begun < imap_watch.LOOK_EVERY / 4
    assert inbox.count(READ) == 1


def test_a_reader_survives_a_server_that_restarts(
    database: Database, inbox: Inbox, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_watch, "PAUSES", (0.1,))
    inbox.deliver(*[reply(number) for number in range(30)])
    with watching(database, settings(inbox)):
        until(lambda: len(stored(database)) > 3)
        dovecot.restart()  # somewhere between storing and moving
        until(lambda: len(stored(database)) == 30)
        inbox.deliver(reply(99))
        until(lambda: inbox.count() == 0)
    assert (len(stored(database)), inbox.count(READ)) == (31, 31)


def test_a_wrong_password_is_told_once_and_not_tried_in_a_hurry(
    database: Database, inbox: Inbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_watch, "PAUSES_OF_LOGIN", (0.05,))
    found = account(ImapSettings(url=inbox.url_by("imap", inbox.server.port, "wrong")))
    assert found is not None
    with caplog.at_level(logging.INFO), Watch(database, found, "digest@example.org") as watch:
        until(lambda: watch.failures > 2)
    (said,) = [record.getMessage() for record in caplog.records]
    assert "refuses the login" in said
    assert inbox.user not in said
    assert look_once(database, settings(inbox, inbox.url_by("imap", inbox.server.port, "wrong"))) is not None


def test_a_stop_does_not_wait_for_the_next_look(database: Database, inbox: Inbox) -> None:
    found = account(settings(inbox).imap)
    assert found is not None
    with Watch(database, found, "digest@example.org") as watch:
        time.sleep(0.3)
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
    assert not watch.thread.is_alive()
    assert threading.active_count() < 50


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls"])
def test_the_way_to_the_server_is_encrypted_and_its_certificate_looked_at(
    database: Database, inbox: Inbox, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    url = inbox.url_by(scheme, dovecot.tls_port if scheme == "imaps" else dovecot.port)
    assert "certificate" in str(look_once(database, settings(inbox, url)))
    certificate = dovecot.folder / "certificate.pem"
    inbox.deliver(reply(1))
    assert look_once(database, settings(inbox, f"{url}?ca={certificate}")) is None
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    inbox.deliver(reply(2))
    assert look_once(database, settings(inbox, url)) is None
    assert len(stored(database)) == 2


def test_a_login_that_is_refused_is_no_lost_connection(inbox: Inbox) -> None:
    found = account(settings(inbox, password="wrong").imap)
    assert found is not None
    with pytest.raises(LoginRefused):
        open_mailbox(found)
