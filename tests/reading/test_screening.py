"""A machine is never taken for a person, nor a person for a machine."""

from __future__ import annotations

import pytest

from digest.reading.mime.message import parse
from digest.reading.screening import screen

PERSON = "From: Mira Novak <mira@example.com>\nTo: r@reply.example\nSubject: Re: Packaging group, week 14\n"
AWAY = """Thank you for your message. I am out of the office until 14 September with no access to my email.
In urgent cases please contact my colleague Ben Miller. I will reply to your message on my return.
"""


def screened(
    head: str, body: str = "Tried: new foil\n", mail_from: str | None = "mira@example.com"
) -> str | None:
    return screen(parse(f"{head}\n{body}".encode()), mail_from)


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("Auto-Submitted: auto-replied", "auto-submitted"),
        ("Auto-Submitted: auto-replied; owner-email=mira@example.com", "auto-submitted"),
        ("Auto-Submitted: auto-generated", "auto-submitted"),
        ("X-Autoreply: yes", "out-of-office"),
        ("X-Autorespond: away", "out-of-office"),
        ("X-POST-MessageClass: 9; Autoresponder", "out-of-office"),
        ("Precedence: auto_reply", "out-of-office"),
        ("X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: mira@example.com", "out-of-office"),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", "dsn"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "read-receipt"),
        ("Content-Type: multipart/report; report-type=feedback-report; boundary=b", "complaint"),
        ("Content-Type: text/calendar; method=REPLY", "calendar"),
        ("List-Id: <all.example.com>\nList-Unsubscribe: <mailto:off@example.com>", "list"),
        ("List-Id: <all.example.com>\nPrecedence: list", "list"),
        ("X-Loop: yes", "loop"),
        ("Return-Path: <>", "null-reverse-path"),
    ],
)
def test_header_fields_of_machines_are_known(field: str, reason: str) -> None:
    assert screened(f"{PERSON}{field}\n") == reason


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: No (a person)",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "Precedence: bulk",
        "List-Unsubscribe: <mailto:off@example.com>",
        "X-Autoreply: no",
        "Feedback-ID: 1:2:3",
        "X-MS-Exchange-Organization-AutoForwarded: false",
    ],
)
def test_one_weak_sign_makes_nobody_a_machine(field: str) -> None:
    assert screened(f"{PERSON}{field}\n") is None


def test_the_null_reverse_path_is_a_machines() -> None:
    assert screened(PERSON, mail_from="") == "null-reverse-path"
    assert screened(PERSON, mail_from=None) is None


@pytest.mark.parametrize("local_part", ["MAILER-DAEMON", "postmaster", "no-reply", "noreply"])
def test_an_author_whom_nobody_can_answer_is_a_machine(local_part: str) -> None:
    head = f"From: Mail System <{local_part}@example.com>\nSubject: Re: Packaging group, week 14\n"
    assert screened(head) == "machine-sender"


def test_our_own_reply_address_as_author_is_a_loop() -> None:
    head = f"From: <r-{'a2' * 13}@reply.example>\nSubject: Re: Packaging group, week 14\n"
    assert screened(head) == "loop"


def test_an_absence_note_without_any_field_is_known_by_its_words() -> None:
    head = "From: mira@example.com\nSubject: Automatic reply: Packaging group, week 14\n"
    assert screened(head, AWAY) == "out-of-office"
    assert screened("From: mira@example.com\nSubject: Packaging group, week 14\n", AWAY) == "out-of-office"


def test_a_persons_own_holiday_note_is_hers() -> None:
    assert (
        screened(PERSON, "I am on holiday until 14 September, nothing to report this week.\n\nMira\n") is None
    )


def test_an_absence_note_whose_program_answers_like_a_person_is_known_by_its_words() -> None:
    assert screened(PERSON, AWAY) == "out-of-office"
    assert screened(
        PERSON, "Ich bin im Urlaub und ab 30.11. wieder erreichbar. Ihre Mail wird nicht weitergeleitet."
    ) == ("out-of-office")


@pytest.mark.parametrize(
    "text",
    [
        "I'm out of office next week, so no question from me. Tried: new foil.",
        "Bin bis 30. im Urlaub, diesmal nichts von mir. In dringenden Fällen Ben fragen.",
        "Ich war drei Tage außer Haus, und keine Freigabe ist weitergelaufen. Wie regelt ihr Freigaben?",
        "I am away from my desk a lot, so I tried a shared inbox. My colleague never reads it. Who answers yours?",
        "Thank you for your message. I tried the tape, it works.",
    ],
)
def test_a_person_who_tells_of_absence_is_a_person(text: str) -> None:
    assert screened(PERSON, text) is None


def test_a_person_who_answers_an_automatic_subject_is_a_person() -> None:
    head = "From: mira@example.com\nSubject: Re: Automatic reply: Packaging group, week 14\n"
    assert screened(head, "I tried the new foil. It tore twice.\n") is None


def test_words_of_absence_in_a_quotation_are_not_the_writers() -> None:
    quoted = "".join(f"> {line}\n" for line in AWAY.splitlines())
    assert screened(PERSON, f"I tried the new foil.\n\n{quoted}") is None
