"""One mailbox is enough: the thread is found where the tag of our address got lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from digest.checking import round_trip
from digest.database import Database
from digest.domain.mails.record import InboundMessage
from digest.inbound.imap.watch import look_once
from digest.settings import ImapSettings, Settings
from tests.acceptance.one_mailbox import MAILBOX, OneMailbox, begun_by, one_mailbox
from tests.acceptance.world import Mail, World, reply_bytes
from tests.parts.dovecot import Dovecot
from tests.parts.smtp_server import SmtpServer

TUESDAY = "2026-03-31T09:00+02:00"
NAMES = ("jonas", "mira", "ben", "carla", "emil")


@pytest.fixture
def company(
    database: Database, database_url: str, smtp_server: SmtpServer, dovecot: Dovecot
) -> Iterator[OneMailbox]:
    with one_mailbox(database, database_url, smtp_server, dovecot.mailbox()) as made:
        yield made


def join(company: OneMailbox) -> None:
    company.at("2026-03-30T10:00+02:00")
    company.done("group", "add", "Packaging", "--timezone", "Europe/Berlin", "--locale", "en")
    for name in NAMES:
        locale = ["--locale", "de"] if name == "mira" else []
        company.done("member", "add", "Packaging", f"{name}@example.com", "--name", name.title(), *locale)
    company.tick()
    for name in NAMES:
        invitation = company.last(f"{name}@example.com")
        company.tap(invitation, "Packaging")
        assert company.last(f"{name}@example.com").message["Message-ID"] != invitation.message["Message-ID"]


def number_of(question: str, mail: Mail) -> int:
    """How the mail counts it: those of one hour come in no order."""
    return int(re.findall(rf"(\d+)\. [^\n]*{question}", mail.text)[0])


def newest(company: OneMailbox, kind: str, name: str) -> Mail:
    """The newest mail of that kind that she got."""
    mails = company.inbox(f"{name}@example.com")
    return next(
        mail for mail in reversed(mails) if str(mail.message["Message-ID"]).strip().startswith(f"<{kind}.")
    )


def test_a_group_lives_through_a_week_with_one_mailbox_and_no_web_address(company: OneMailbox) -> None:
    foreign = b"From: boss@example.com\r\nTo: digest@example.org\r\nSubject: lunch\r\n\r\nAt noon?\r\n"
    company.mailbox.deliver(foreign)
    join(company)
    company.at(TUESDAY)

    company.answer(company.prompt("mira"), "Versucht: den Drucker kalibriert.\nFrage: Welcher Kleber hält?")
    receipt = company.last("mira@example.com")
    assert "Welcher Kleber hält?" in receipt.text
    company.tap(receipt, "Namen weglassen")
    assert "ohne deinen Namen" in company.last("mira@example.com").text
    company.tap(company.last("mira@example.com"), "Zurücknehmen")
    company.tap(
        receipt,
        "Berichtigen" if "Berichtigen" in receipt.html else "Richtig",
        "Frage: Welcher Kleber hält bei Frost?",
    )
    assert "Welcher Kleber hält bei Frost?" in company.last("mira@example.com").text
    ask = next(url for url, said in begun_by(company.last("ben@example.com")) if MAILBOX[:6] in said)
    company.begin("ben@example.com", ask, "Who decides on carton sizes?")
    assert "Who decides on carton sizes?" in company.last("ben@example.com").text

    company.at("2026-03-31T10:30+02:00")
    questions = newest(company, "questions", "carla")
    assert "Welcher Kleber hält bei Frost?" in questions.text
    kleber, sizes = number_of("Welcher Kleber", questions), number_of("Who decides", questions)
    assert f"reply “help {kleber}”" in questions.text
    company.tap(questions, f"I can help with {kleber}")
    offer = newest(company, "offer", "carla")
    assert "you offered" in offer.text.lower()
    company.tap(offer, "Take it back")
    company.tap(questions, f"I can help with {kleber}")
    company.at("2026-03-31T10:45+02:00")
    # passed on, without her name
    company.answer(newest(company, "introduction", "mira"), "Danke, welchen nehmt ihr?")
    company.at("2026-03-31T11:00+02:00")
    assert "Danke, welchen nehmt ihr?" in newest(company, "answer", "carla").text

    company.at("2026-04-03T12:00+02:00")
    company.tap(newest(company, "did-it-help", "mira"), "Ja")
    company.at("2026-04-06T09:00+02:00")
    digest = newest(company, "digest", "jonas")
    assert "Welcher Kleber hält bei Frost?" in digest.text.partition("Solved")[2]
    company.tap(digest, f"I can help with {sizes}")
    company.at("2026-04-06T09:30+02:00")
    assert "Jonas" in newest(company, "introduction", "ben").text

    company.tap(newest(company, "digest", "emil"), "Leave the group")
    company.stop_by_header(newest(company, "digest", "carla"))
    group = company.done("group", "show", "Packaging")
    assert len(re.findall(r"left +(?:Emil|Carla)", group)) == 2

    received = [mail for name in NAMES for mail in company.inbox(f"{name}@example.com")]
    assert not [mail.subject for mail in received if "http" in mail.text or "http" in mail.html]
    assert not [mail.subject for mail in received if mail.message["List-Unsubscribe-Post"]]
    assert not [mail.subject for mail in received if "mailto:" in mail.text]
    assert (company.mailbox.count(), company.mailbox.flags()[0].count(b"Seen")) == (1, 0)


def outcomes(world: World) -> list[tuple[str, str | None]]:
    with world.database.reading() as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.id)).all()
        return [(row.state, row.reason) for row in rows[5:]]  # five joined


def without_tag(raw: bytes) -> bytes:
    lines = raw.split(b"\r\n")
    return b"\r\n".join(b"To: " + MAILBOX.encode() if line.startswith(b"To: ") else line for line in lines)


def test_a_reply_whose_address_lost_its_tag_is_filed_by_the_mail_that_it_answers(packaging: World) -> None:
    packaging.at(TUESDAY)
    raw = without_tag(reply_bytes(packaging.prompt("mira"), "Versucht: einen dünneren Karton."))
    assert packaging.post(raw, MAILBOX, "mira@example.com") == 200
    packaging.tick()
    assert outcomes(packaging) == [("filed", None)]
    assert "einen dünneren Karton." in packaging.last("mira@example.com").text


def test_by_the_mail_that_is_answered_nobody_else_writes_in_a_members_name(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("mira")
    raw = without_tag(reply_bytes(prompt, "Versucht: einen dünneren Karton.", sender="ben@example.com"))
    assert packaging.post(raw, MAILBOX, "ben@example.com") == 200
    packaging.tick()
    assert outcomes(packaging) == [("held", "sender-unknown")]
    assert "einen dünneren Karton." not in "".join(mail.text for mail in packaging.inbox("ben@example.com"))


def test_a_mail_to_the_mailbox_that_answers_nothing_of_ours_is_set_aside(packaging: World) -> None:
    packaging.at(TUESDAY)
    raw = b"From: ben@example.com\r\nTo: digest@example.org\r\nIn-Reply-To: <a@b>\r\n\r\nTried: foil.\r\n"
    assert packaging.post(raw, MAILBOX, "ben@example.com") == 200
    packaging.tick()
    assert outcomes(packaging)[0][0] == "dropped"


def test_replies_of_one_member_stay_in_order_whichever_of_them_lost_its_tag(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("ben")
    words = ["Tried: the thin foil.", "Tried: the thick foil.", "Tried: no foil at all.", "Tried: paper."]
    for place, text in enumerate(words):
        raw = reply_bytes(prompt, text)
        if place % 2:
            assert packaging.post(without_tag(raw), MAILBOX, "ben@example.com") == 200
        else:
            assert packaging.post(raw, prompt.reply_to, "ben@example.com") == 200
    packaging.tick_at_once(3)
    packaging.tick()
    with packaging.database.reading() as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.settled_at)).all()
    assert [row.state for row in rows[-len(words) :]] == ["filed"] * len(words)
    assert [row.id for row in rows] == sorted(row.id for row in rows)


def test_a_bounce_in_the_mailbox_is_taken_for_one_of_a_mail_of_ours_alone(
    packaging: World, dovecot: Dovecot
) -> None:
    packaging.at(TUESDAY)
    mailbox = dovecot.mailbox()
    ours = str(packaging.prompt("mira").message["Message-ID"]).strip()
    mailbox.deliver(bounce("<somebody@else.example>"), bounce(ours))
    settings = Settings(reply_address=MAILBOX, imap=ImapSettings(url=mailbox.url))
    assert look_once(packaging.database, settings) is None
    assert (mailbox.count(), mailbox.count("Digest read")) == (1, 1)
    packaging.tick()
    assert outcomes(packaging) == [("filed", "dsn")]


def test_a_member_who_writes_to_the_bare_address_is_told_and_her_mail_stays_there(
    company: OneMailbox,
) -> None:
    join(company)
    head = f"To: Group <{MAILBOX}>\r\nSubject: glue\r\nMessage-ID: <direct@client.example>\r\n"
    letters = [f"From: {name}@example.com\r\n{head}\r\nWhich glue?\r\n".encode() for name in ("ben", "boss")]
    company.mailbox.deliver(*letters)
    for _ in range(2):
        company.tick()
    assert "leads nowhere" in company.last("ben@example.com").subject
    assert company.inbox("boss@example.com") == []
    assert company.mailbox.count() == 2
    assert not any(b"Seen" in flags for flags in company.mailbox.flags())


@pytest.mark.parametrize("comes_back", [False, True])
def test_the_test_of_the_way_goes_through_a_mailbox_that_takes_no_tag(
    company: OneMailbox, comes_back: bool
) -> None:
    settings = replace(company.settings, reply_tag=False)
    told = round_trip.findings(company.database, settings, None, 10)
    assert f"took the message to {MAILBOX};" in next(told).sentence
    (mail,) = company.smtp_server.received
    found = re.search(rb"^Message-ID: *(<[^>]+>)", mail.content, re.MULTILINE)
    assert found
    company.mailbox.deliver(bounce(found[1].decode()) if comes_back else mail.content)
    assert look_once(company.database, settings) is None
    said = next(told)
    assert ("It came back as undeliverable" if comes_back else "It came in after") in said.sentence
    company.tick()
    with company.database.reading() as session:
        assert [row.state for row in session.scalars(select(InboundMessage))] == ["dropped"]
    assert len(company.smtp_server.received) == 1


def bounce(message_id: str) -> bytes:
    """As Postfix writes it (RFC 3464)."""
    return "\r\n".join(
        [
            "Return-Path: <>",
            "From: MAILER-DAEMON@example.org",
            f"To: {MAILBOX}",
            "Subject: Undelivered Mail Returned to Sender",
            "Auto-Submitted: auto-replied",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b",
            "",
            "I'm sorry to have to inform you that your message could not be delivered.",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mail.example.org",
            "",
            "Final-Recipient: rfc822; mira@example.com",
            "Action: failed",
            "Status: 5.1.1",
            "",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            "From: digest@example.org",
            "To: mira@example.com",
            f"Message-ID: {message_id}",
            "",
            "--b--",
            "",
        ]
    ).encode()
