"""How bounces and complaints are read, in the forms in which servers write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.inbound.delivery_report import DeliveryReport
from digest.inbound.reports import Arrived, read_reports
from digest.reading.mime.message import parse
from digest.reading.screening import screen
from tests.inbound.reports import letters
from tests.inbound.reports.letters import MESSAGE_ID, RECIPIENT, Bounced

VERP = "b-aaaaaaaaaaaaaaaaaaaaaaaaaa@in.digest.example"
FORMS = [
    letters.postfix,
    letters.exchange,
    letters.exim,
    letters.exim_in_words,
    letters.qmail,
    letters.internationalized,
]


def read(
    raw: bytes, *, mail_from: str | None = "", rcpt_to: str = "digest@digest.example"
) -> list[DeliveryReport]:
    message = parse(raw)
    by_a_machine = screen(message, mail_from) is not None
    return list(read_reports(Arrived(raw, message, mail_from, rcpt_to), by_a_machine=by_a_machine))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_bounce_names_the_mail_its_recipient_and_the_reason(form: Callable[[Bounced], bytes]) -> None:
    (report,) = read(form(Bounced()))
    assert (report.source, report.event) == ("dsn", "failed")
    assert (report.recipient, report.message_id) == (RECIPIENT, MESSAGE_ID)
    assert "5.1.1" in f"{report.enhanced_status} {report.remark}"


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_line_ends_make_no_difference(ending: bytes) -> None:
    (report,) = read(letters.postfix(Bounced(), headers_only=False).replace(b"\n", ending))
    assert (report.recipient, report.message_id, report.enhanced_status) == (RECIPIENT, MESSAGE_ID, "5.1.1")


@pytest.mark.parametrize(
    ("action", "event"),
    [("delayed", "deferred"), ("relayed", "deferred"), ("expanded", "deferred"), ("delivered", "delivered")],
)
def test_only_a_failure_is_one(action: str, event: str) -> None:
    (report,) = read(letters.postfix(Bounced(action=action, status="4.4.1")))
    assert report.event == event


def test_the_address_that_we_wrote_to_counts_not_the_one_that_it_was_passed_on_to() -> None:
    raw = letters.postfix(Bounced()).replace(
        b"Final-Recipient: rfc822; mira@example.com", b"Final-Recipient: rfc822; m@b.example"
    )
    assert [report.recipient for report in read(raw)] == [RECIPIENT]


def test_an_address_in_other_letters_is_read() -> None:
    (report,) = read(letters.internationalized(Bounced(recipient="m\\x{FC}ller@B\u00fccher.example")))
    assert report.recipient == "m\u00fcller@xn--bcher-kva.example"


def test_our_own_envelope_sender_names_the_mail_whichever_side_it_stands_on() -> None:
    bounce = letters.postfix(Bounced(return_path="x@y.example", message_id="<someone-elses@mail.example>"))
    assert [report.return_path for report in read(bounce, rcpt_to=VERP)] == [VERP]
    # iCloud sends its bounces with our address as the sender
    assert [report.return_path for report in read(bounce, mail_from=VERP, rcpt_to="x@digest.example")] == [
        VERP
    ]


def test_words_alone_are_understood_where_only_mail_servers_write_to() -> None:
    raw = (
        b"From: postmaster@mx.example.com\nSubject: Nicht zugestellt\nMessage-ID: <1@mx.example.com>\n\n"
        b"mira@example.com: Requested action not taken: mailbox unavailable\n"
    )
    (report,) = read(raw, rcpt_to=VERP)
    assert (report.recipient, report.return_path) == (RECIPIENT, VERP)
    assert read(raw) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: Automatic reply: Packaging group\nAuto-Submitted: auto-replied\nFrom: mira@example.com\n\n"
        b"I am out of the office until Monday. For 5.1.1 ask ben@example.com.\n",
        b"Subject: Abwesenheit\nFrom: mira@example.com\nAuto-Submitted: auto-generated\n\n"
        b"Ich bin im Urlaub und lese meine Mails nicht. Vertretung: ben@example.com\n",
    ],
)
def test_an_out_of_office_note_is_no_bounce_even_at_the_envelope_sender(raw: bytes) -> None:
    assert read(raw, mail_from="", rcpt_to=VERP) == []


def test_a_qmail_warning_is_no_failure() -> None:
    raw = letters.qmail(Bounced()).replace(
        b"This is a permanent error; I've given up.", b"This is a warning only."
    )
    assert read(raw) == []


@pytest.mark.parametrize("form", [letters.yahoo, letters.hotmail])
def test_a_complaint_names_the_mail_and_who_complained(form: Callable[[Bounced], bytes]) -> None:
    (report,) = read(form(Bounced()), mail_from="feedback@arf.example")
    assert (report.source, report.event) == ("arf", "complained")
    assert (report.recipient, report.message_id, report.redacted) == (RECIPIENT, MESSAGE_ID, False)


def test_a_redacted_complaint_leaves_the_message_id() -> None:
    (report,) = read(letters.complaint(Bounced()))
    assert (report.event, report.recipient, report.message_id) == ("complained", None, MESSAGE_ID)


def test_a_hidden_local_part_is_told_from_a_name() -> None:
    raw = letters.complaint(Bounced(), "Original-Rcpt-To: 4f2a9c1b7e8d0a3c5f6b@example.com\n")
    assert [(report.recipient, report.redacted) for report in read(raw)] == [
        ("4f2a9c1b7e8d0a3c5f6b@example.com", True)
    ]


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus"])
def test_not_every_feedback_is_a_complaint(kind: str) -> None:
    assert read(letters.complaint(Bounced(), kind=kind)) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n",
        b"From: a@b.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n"
        b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n\xff\xfe!!\n--x--\n",
        letters.postfix(Bounced()).replace(b"rfc822; mira@example.com", b"rfc822; \xff\x00\\x{FFFFFF}@x"),
        letters.postfix(Bounced(), headers_only=False)[:700],
        letters.postfix(Bounced(message_id="<" + "x" * 5000 + ">")),
    ],
)
def test_damaged_reports_are_read_as_far_as_they_go_and_never_raise(raw: bytes) -> None:
    assert all(report.event == "failed" for report in read(raw))


def test_a_report_of_very_many_recipients_is_not_followed_through() -> None:
    block = b"\nFinal-Recipient: rfc822; x@example.com\nAction: failed\nStatus: 5.1.1\n"
    raw = letters.postfix(Bounced()).replace(b"Diagnostic-Code", block * 100 + b"Diagnostic-Code")
    assert len(read(raw)) <= 20


def test_a_persons_reply_is_never_a_report() -> None:
    raw = b"From: mira@example.com\nSubject: Re: week 14\n\nThe server said 550 5.1.1 user unknown to ben@example.com\n"
    assert read(raw, mail_from="mira@example.com") == []
