"""Mailgun's door: routes with raw MIME, and event webhooks."""

from __future__ import annotations

import time

import pytest

from digest.inbound.delivery_report import DeliveryReport
from tests.inbound.letter import letter
from tests.inbound.payloads import Post
from tests.inbound.payloads.mailgun import as_multipart, mailgun_event, mailgun_fields, mailgun_post
from tests.inbound.providers.conftest import KEY, Doors

TOKEN = "f" * 50


def now(*, minutes: int = 0) -> int:
    return int(time.time()) + minutes * 60


@pytest.mark.parametrize(
    ("minutes", "answer"), [(-16, 200), (-8 * 60, 200), (-10 * 60, 401), (10, 200), (16, 401)]
)
def test_a_signature_counts_for_as_long_as_mailgun_tries_again(
    doors: Doors, minutes: int, answer: int
) -> None:
    assert doors.post(mailgun_post(letter(), KEY, now(minutes=minutes))) == answer
    assert len(doors.stored) == (answer == 200)


def test_another_try_with_the_same_token_is_thanked_for(doors: Doors) -> None:
    at = now(minutes=-30)
    assert [doors.post(mailgun_post(letter(), KEY, at, TOKEN)) for _ in range(3)] == [200] * 3
    assert len(doors.stored) == 1


def test_a_token_that_was_spent_lets_no_other_recipient_in(doors: Doors) -> None:
    at = now()
    assert doors.post(mailgun_post(letter(), KEY, at, TOKEN)) == 200
    assert doors.post(mailgun_post(letter(rcpt_to="r-b@in.example.org"), KEY, at, TOKEN)) == 406
    assert len(doors.stored) == 1


def test_what_is_stored_is_thanked_for_under_another_messages_token(doors: Doors) -> None:
    doors.post(mailgun_post(letter("one"), KEY, now(), TOKEN))
    doors.post(mailgun_post(letter("two"), KEY, now()))
    assert doors.post(mailgun_post(letter("two"), KEY, now(), TOKEN)) == 200
    assert len(doors.stored) == 2


def test_of_a_field_that_comes_twice_the_last_one_counts(doors: Doors) -> None:
    forged = [("timestamp", b"1"), ("token", b"x"), ("signature", b"y"), ("recipient", b"eve@example.net")]
    assert doors.post(as_multipart([*forged, *mailgun_fields(letter(), KEY, now())])) == 200
    assert doors.post(as_multipart([*mailgun_fields(letter("two"), KEY, now()), *forged])) == 401
    assert [row.rcpt_to for row in doors.stored] == [letter().rcpt_to]


def test_a_message_for_several_recipients_is_stored_for_each(doors: Doors) -> None:
    both = letter(rcpt_to="r-a@in.example.org, r-b@in.example.org")
    assert [doors.post(mailgun_post(both, KEY, now(), TOKEN)) for _ in range(2)] == [200] * 2
    assert [row.rcpt_to for row in doors.stored] == ["r-a@in.example.org", "r-b@in.example.org"]


def test_words_of_mailgun_in_the_message_are_no_verdict(doors: Doors) -> None:
    doors.post(mailgun_post(letter("X-Mailgun-Spf: Pass"), KEY, now()))
    assert [row.verdicts for row in doors.stored] == [None]


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({"event": "delivered"}, ("delivered", None, None)),
        (
            {
                "event": "failed",
                "severity": "permanent",
                "reason": "bounce",
                "delivery-status": {"code": 550, "message": "5.1.1 no such user here", "description": ""},
            },
            ("failed", "5.1.1", True),
        ),
        (
            {
                "event": "failed",
                "severity": "temporary",
                "reason": "generic",
                "delivery-status": {
                    "code": 452,
                    "enhanced-code": "4.2.2",
                    "message": "over quota 10.1.2.3.4",
                },
            },
            ("deferred", "4.2.2", None),
        ),
        (
            {
                "event": "failed",
                "severity": "permanent",
                "reason": "old",
                "delivery-status": {"code": 602, "message": "Too old", "description": ""},
            },
            ("failed", None, None),
        ),
        ({"event": "failed", "severity": "permanent", "reason": "suppress-bounce"}, ("failed", None, True)),
        (
            {"event": "failed", "severity": "permanent", "reason": "suppress-complaint"},
            ("complained", None, None),
        ),
        ({"event": "rejected", "reject": {"reason": "Sandbox"}}, ("failed", "5.7.1", None)),
        ({"event": "complained"}, ("complained", None, None)),
    ],
)
def test_what_became_of_a_mail_is_reported(
    doors: Doors,
    reports: list[DeliveryReport],
    said: dict[str, object],
    known: tuple[str, str | None, bool | None],
) -> None:
    assert doors.post(mailgun_event(KEY, now(), TOKEN, **said)) == 200
    (report,) = reports
    assert (report.event, report.enhanced_status, report.permanent) == known
    assert (report.source, report.event_id) == ("mailgun", TOKEN)
    assert (report.recipient, report.message_id) == ("ben@example.com", "<week14.ben@digest.example.org>")
    assert report.return_path == "digest@example.org"
    assert report.refused_by == ("Mailgun" if said["event"] == "rejected" else None)


@pytest.mark.parametrize(
    "event", ["opened", "clicked", "accepted", "unsubscribed", "stored", "something new"]
)
def test_what_is_of_no_concern_is_thanked_for(
    doors: Doors, reports: list[DeliveryReport], event: str
) -> None:
    assert doors.post(mailgun_event(KEY, now(), event=event)) == 200
    assert reports == []


def test_a_forged_event_is_refused(doors: Doors, reports: list[DeliveryReport]) -> None:
    assert doors.post(mailgun_event("another key", now(), event="complained")) == 401
    assert doors.post(mailgun_event(KEY, now(), TOKEN, event="delivered")) == 200
    assert doors.post(mailgun_event(KEY, now(), TOKEN, event="complained")) == 406
    assert [report.event for report in reports] == ["delivered"]


HOSTILE = [
    b"",
    b"{",
    b"[" * 200_000,
    b'{"signature": []}',
    b'{"signature": {"timestamp": "1", "token": 1, "signature": null}}',
    b'"\xff"',
    b"null",
]


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: str(body[:20]))
@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "",
    ],
)
def test_whatever_comes_is_answered(doors: Doors, body: bytes, kind: str) -> None:
    answer = doors.post(Post("/inbound/mailgun", {"Content-Type": kind}, body))
    assert answer in (401, 422)


@pytest.mark.parametrize(
    "body",
    [
        b"&" * 1_000_000,
        b"a=1&" * 250_000,
        b"%41" * 300_000,
        b"=" * 1_000_000,
        b"body-mime=" + b"%" * 1_000_000,
        b"body-mime=" + b"%4" * 500_000,
    ],
    ids=lambda body: str(body[:12]),
)
def test_a_hostile_form_takes_no_time(doors: Doors, body: bytes) -> None:
    begun = time.process_time()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert doors.post(Post("/inbound/mailgun", kind, body)) in (401, 422)
    assert time.process_time() - begun < 4


def test_a_form_of_very_many_parts_is_given_up(doors: Doors) -> None:
    many = as_multipart([(f"field-{number}", b"x") for number in range(10_000)])
    assert doors.post(many) == 422
