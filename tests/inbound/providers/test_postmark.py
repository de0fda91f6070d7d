"""Postmark's door: the inbound webhook with the raw message, and message webhooks."""

from __future__ import annotations

import json

import pytest

from digest.inbound.delivery_report import DeliveryReport
from digest.inbound.providers import postmark
from tests.inbound.letter import letter
from tests.inbound.payloads.postmark import as_json, postmark_body, postmark_event, postmark_post
from tests.inbound.providers.conftest import PAIR, Doors

GONE = {"ID": 42, "Email": "ben@example.com", "BouncedAt": "2026-03-31T07:12:00Z"}


def test_no_situation_is_answered_403(doors: Doors) -> None:
    assert 403 not in postmark.ANSWERS.values()
    assert doors.post(postmark_post(letter(), "digest:wrong password")) == 401
    assert doors.post(postmark_post(letter(), PAIR).with_headers(Authorization="Basic !")) == 401
    assert doors.post(postmark_post(letter(), PAIR).with_headers(Authorization="Bearer x")) == 401


def test_a_refusal_asks_for_user_and_password(doors: Doors) -> None:
    with doors.app.test_client() as client:
        assert client.post("/inbound/postmark").headers["WWW-Authenticate"].startswith("Basic")


def test_a_return_path_counts_as_the_first_field_only(doors: Doors) -> None:
    body = postmark_body(letter())
    fields = body["Headers"]
    assert isinstance(fields, list)
    body["Headers"] = [*fields[1:], {"Name": "Return-Path", "Value": "<eve@example.net>"}]
    assert doors.post(as_json(body, PAIR)) == 200
    assert [row.mail_from for row in doors.stored] == [None]


def test_characters_that_json_escapes_come_out_as_utf_8(doors: Doors) -> None:
    post = as_json({}, PAIR)
    escaped = json.dumps(postmark_body(letter("grün 😀")), ensure_ascii=True).encode()
    assert doors.post(type(post)(post.path, post.headers, escaped)) == 200
    assert doors.raw == [letter("grün 😀").raw]


def test_half_a_character_is_no_reason_to_fail(doors: Doors) -> None:
    post = as_json({}, PAIR)
    body = json.dumps(postmark_body(letter())).replace("Tried: a thing\\r\\n", "\\ud83d half")
    assert doors.post(type(post)(post.path, post.headers, body.encode())) == 200
    assert len(doors.stored) == 1


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (
            postmark_event("Delivery", Recipient="ben@example.com", DeliveredAt="2026-03-31T07:12:00Z"),
            ("delivered", None, None),
        ),
        (
            postmark_event("Bounce", Type="HardBounce", Details="smtp;550 5.1.1 unknown user", **GONE),
            ("failed", "5.1.1", True),
        ),
        (postmark_event("Bounce", Type="BadEmailAddress", **GONE), ("failed", None, True)),
        (
            postmark_event("Bounce", Type="SoftBounce", Details="smtp;552 5.2.2 full", **GONE),
            ("failed", "5.2.2", False),
        ),
        (postmark_event("Bounce", Type="Transient", **GONE), ("deferred", None, None)),
        (postmark_event("Bounce", Type="Blocked", **GONE), ("failed", "5.7.1", False)),
        (postmark_event("Bounce", Type="DMARCPolicy", **GONE), ("failed", "5.7.26", False)),
        (postmark_event("Bounce", Type="VirusNotification", **GONE), ("failed", "5.6.0", False)),
        (
            postmark_event(
                "Bounce", Type="SMTPApiError", Details="A recipient was marked as inactive.", **GONE
            ),
            ("failed", None, False),
        ),
        (postmark_event("Bounce", Type="SpamNotification", **GONE), ("complained", None, None)),
        (postmark_event("SpamComplaint", Type="SpamComplaint", **GONE), ("complained", None, None)),
        (
            postmark_event(
                "SubscriptionChange",
                Recipient="ben@example.com",
                SuppressSending=True,
                SuppressionReason="ManualSuppression",
                Origin="Recipient",
                ChangedAt="2026-03-31T07:12:00Z",
            ),
            ("complained", None, None),
        ),
    ],
)
def test_what_became_of_a_mail_is_reported(
    doors: Doors,
    reports: list[DeliveryReport],
    said: dict[str, object],
    known: tuple[str, str | None, bool | None],
) -> None:
    assert [doors.post(as_json(said, PAIR)) for _ in range(2)] == [200, 200]
    first, again = reports
    assert (first.event, first.enhanced_status, first.permanent) == known
    assert (first.recipient, first.message_id) == ("ben@example.com", "<week14.ben@digest.example.org>")
    assert first == again, "the same report, so that it counts once"


@pytest.mark.parametrize(
    "said",
    [
        postmark_event("Open"),
        postmark_event("Click"),
        postmark_event("Bounce", Type="AutoResponder", **GONE),
        postmark_event("SubscriptionChange", SuppressSending=True, SuppressionReason="HardBounce"),
        postmark_event("SubscriptionChange", SuppressSending=False),
        postmark_event("Something new"),
    ],
)
def test_what_is_of_no_concern_is_thanked_for(
    doors: Doors, reports: list[DeliveryReport], said: dict[str, object]
) -> None:
    assert doors.post(as_json(said, PAIR)) == 200
    assert reports == []


@pytest.mark.parametrize("body", [None, 1, "x", [], {}, {"RawEmail": 3}, {"RawEmail": "x"}, {"Headers": {}}])
def test_what_holds_no_message_can_still_be_mended(doors: Doors, body: object) -> None:
    assert doors.post(as_json(body, PAIR)) == 422
