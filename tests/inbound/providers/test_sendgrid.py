"""SendGrid's door: Inbound Parse with the raw message, and the Event Webhook."""

from __future__ import annotations

import time

import pytest

from digest.inbound.delivery_report import DeliveryReport
from tests.inbound.letter import letter
from tests.inbound.payloads import Post
from tests.inbound.payloads.postmark import authorization
from tests.inbound.payloads.sendgrid import key, sendgrid_events, sendgrid_post, signed
from tests.inbound.providers.conftest import KEY, PAIR, Doors


def by_key(post: Post) -> Post:
    return signed(post, key(KEY), int(time.time()))


def test_one_changed_byte_breaks_the_signature(doors: Doors) -> None:
    post = by_key(sendgrid_post(letter("Tried: a thing")))
    changed = Post(post.path, post.headers, post.body.replace(b"a thing", b"b thing"))
    assert doors.post(changed) == 503
    assert doors.post(post) == 200


def test_user_and_password_open_the_door_too(doors: Doors) -> None:
    assert doors.post(sendgrid_post(letter()).with_headers(**authorization(PAIR))) == 200
    assert (
        doors.post(sendgrid_post(letter("two")).with_headers(**authorization("digest:wrong password"))) == 503
    )
    assert len(doors.stored) == 1


@pytest.mark.parametrize(
    ("spf", "dkim", "verdicts"),
    [
        ("pass", "{@example.com : pass}", {"spf": "pass", "dkim": "pass"}),
        ("SoftFail", "{@example.com : fail}", {"spf": "softfail", "dkim": "fail"}),
        ("none", "{@example.com : pass, @list.example : fail}", {"spf": "none", "dkim": "fail"}),
        ("", "none", {"dkim": "none"}),
        ("something", "{}", None),
    ],
)
def test_what_sendgrid_says_of_the_sender_is_handed_over(
    doors: Doors, spf: str, dkim: str, verdicts: dict[str, str] | None
) -> None:
    assert doors.post(by_key(sendgrid_post(letter(), spf=spf, dkim=dkim))) == 200
    assert [row.verdicts for row in doors.stored] == [verdicts]


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({"event": "delivered", "response": "250 OK"}, ("delivered", None, None)),
        ({"event": "deferred", "response": "451 4.7.1 greylisted"}, ("deferred", "4.7.1", None)),
        (
            {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 no such user"},
            ("failed", "5.1.1", True),
        ),
        ({"event": "bounce", "type": "blocked", "reason": "554 go away"}, ("failed", "5.7.1", False)),
        ({"event": "bounce", "type": "expired", "status": "4.4.1"}, ("failed", "4.4.1", False)),
        ({"event": "dropped", "reason": "Bounced Address"}, ("failed", None, True)),
        ({"event": "dropped", "reason": "Invalid SMTPAPI header"}, ("failed", None, True)),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, ("complained", None, None)),
        ({"event": "spamreport"}, ("complained", None, None)),
    ],
)
def test_what_became_of_a_mail_is_reported(
    doors: Doors,
    reports: list[DeliveryReport],
    said: dict[str, object],
    known: tuple[str, str | None, bool | None],
) -> None:
    assert doors.post(by_key(sendgrid_events(said))) == 200
    (report,) = reports
    assert (report.event, report.enhanced_status) == known[:2]
    assert (report.recipient, report.message_id) == ("ben@example.com", "<week14.ben@digest.example.org>")
    assert report.event_id == "event-0"


def test_many_events_come_at_once(doors: Doors, reports: list[DeliveryReport]) -> None:
    events = [
        {"event": name} for name in ("open", "delivered", "click", "processed", "spamreport", "unsubscribe")
    ]
    assert doors.post(by_key(sendgrid_events(*events))) == 200
    assert [(report.event_id, report.event) for report in reports] == [
        ("event-1", "delivered"),
        ("event-4", "complained"),
    ]


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b'[1, null, {"event": "delivered"}, []]'])
def test_strange_events_are_no_reason_to_fail(doors: Doors, body: bytes) -> None:
    post = Post("/inbound/sendgrid", {"Content-Type": "application/json"}, body)
    assert doors.post(by_key(post)) in (200, 503)
    assert doors.post(post) == 503, "not proven"
