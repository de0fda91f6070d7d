"""The raw door: what it lets in, what it refuses, and with which answer."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from digest.app import create_app
from digest.database import Database, connect
from digest.domain.mails.record import InboundMessage
from digest.inbound.providers.raw import signature
from digest.settings import Settings

OLD, NEW = "the old secret of this door", "the new secret of this door"
RAW = b"From: mira@example.com\r\nSubject: hello\r\n\r\nTried: a thing\r\n"
TO = "r-aaaaaaaaaaaaaaaaaaaaaaaaaa@in.example.org"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(
        database_url=database_url, secret=("the secret that signs links",), inbound_secret=(NEW, OLD)
    )


@pytest.fixture
def door(settings: Settings, database: Database) -> Iterator[FlaskClient]:
    with create_app(settings, database).test_client() as client:
        yield client


def post(
    door: FlaskClient,
    raw: bytes = RAW,
    *,
    secret: str = NEW,
    age: int = 0,
    signed: bytes | None = None,
    **changes: str,
) -> TestResponse:
    at = str(int(time.time()) - age)
    headers = {
        "Content-Type": "message/rfc822",
        "X-Digest-Mail-From": "mira@example.com",
        "X-Digest-Rcpt-To": TO,
        "X-Digest-Timestamp": at,
        "X-Digest-Signature": signature(secret, at, "mira@example.com", TO, [signed or raw]),
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    return door.post(
        "/inbound/raw", data=raw, headers={name: value for name, value in headers.items() if value}
    )


def stored(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(InboundMessage.id))) or 0


def test_a_signed_message_is_stored_before_the_answer(door: FlaskClient, database: Database) -> None:
    assert post(door).status_code == 200
    with database.reading() as session:
        row = session.scalars(select(InboundMessage)).one()
    assert (row.rcpt_to, row.mail_from, row.state, row.size) == (TO, "mira@example.com", "accepted", len(RAW))


def test_during_rotation_both_secrets_open_the_door(door: FlaskClient, database: Database) -> None:
    assert post(door, secret=OLD).status_code == 200
    assert post(door, RAW + b"more", secret=NEW).status_code == 200
    assert stored(database) == 2


@pytest.mark.parametrize(
    ("why", "request_changes"),
    [
        ("unsigned", {"X_Digest_Signature": ""}),
        ("without a timestamp", {"X_Digest_Timestamp": ""}),
        ("with a timestamp that is no number", {"X_Digest_Timestamp": "today"}),
        ("forged", {"secret": "another secret altogether"}),
        ("with an altered body", {"signed": b"something else"}),
        ("for another recipient", {"X_Digest_Rcpt_To": "r-bbbbbbbbbbbbbbbbbbbbbbbbbb@in.example.org"}),
        ("by another sender", {"X_Digest_Mail_From": "eve@example.net"}),
        ("stale", {"age": 3600}),
        ("from the future", {"age": -3600}),
    ],
)
def test_what_is_not_authentic_is_refused(
    door: FlaskClient, database: Database, why: str, request_changes: dict[str, object]
) -> None:
    assert post(door, **request_changes).status_code == 401, why  # type: ignore[arg-type]
    assert stored(database) == 0


def test_the_same_again_is_answered_as_stored_at_any_age(door: FlaskClient, database: Database) -> None:
    assert post(door).status_code == 200
    assert post(door).status_code == 200
    assert post(door, age=100_000).status_code == 200
    assert stored(database) == 1


def test_the_null_reverse_path_is_kept_as_such(door: FlaskClient, database: Database) -> None:
    at = str(int(time.time()))
    headers = {
        "Content-Type": "message/rfc822",
        "X-Digest-Rcpt-To": TO,
        "X-Digest-Timestamp": at,
        "X-Digest-Signature": signature(NEW, at, "", TO, [RAW]),
    }
    assert door.post("/inbound/raw", data=RAW, headers=headers).status_code == 200
    with database.reading() as session:
        assert session.scalars(select(InboundMessage.mail_from)).one() == ""


def test_an_address_beyond_ascii_is_read_as_it_was_signed(door: FlaskClient, database: Database) -> None:
    at, sender = str(int(time.time())), "jörg@bücher.example"
    headers = {
        "Content-Type": "message/rfc822",
        "X-Digest-Mail-From": sender.encode().decode("latin-1"),
        "X-Digest-Rcpt-To": TO,
        "X-Digest-Timestamp": at,
        "X-Digest-Signature": signature(NEW, at, sender, TO, [RAW]),
    }
    assert door.post("/inbound/raw", data=RAW, headers=headers).status_code == 200
    with database.reading() as session:
        assert session.scalars(select(InboundMessage.mail_from)).one() == sender


def test_another_content_type_is_refused(door: FlaskClient) -> None:
    assert post(door, Content_Type="text/plain").status_code == 415


def test_a_door_that_is_not_switched_on_is_not_there(settings: Settings, database: Database) -> None:
    closed = Settings(database_url=settings.database_url, secret=settings.secret)
    with create_app(closed, database).test_client() as client:
        assert post(client).status_code == 404
        assert client.post("/inbound/nobody").status_code == 404


@pytest.mark.parametrize(
    ("name", "answer"),
    [("raw", 404), ("mailgun", 404), ("postmark", 404), ("sendgrid", 503), ("ses", 503)],
)
def test_a_door_that_is_closed_by_mistake_loses_nothing(
    settings: Settings, database: Database, name: str, answer: int
) -> None:
    """Two of the providers take a 404 for final."""
    closed = Settings(database_url=settings.database_url, secret=settings.secret)
    with create_app(closed, database).test_client() as client:
        assert client.post(f"/inbound/{name}", data=b"anything").status_code == answer


def test_while_the_database_is_away_the_sender_is_asked_to_try_again(settings: Settings) -> None:
    away = connect("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    with create_app(settings, away).test_client() as client:
        answer = post(client)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


class Unread(io.BytesIO):
    """A body that nobody may look at."""

    def readinto(self, _: object) -> int:
        raise AssertionError("the body was read")

    def read(self, _: object = None) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize(("name", "answer"), [("raw", 401), ("postmark", 401), ("sendgrid", 503)])
def test_what_its_header_fields_do_not_prove_is_refused_before_its_body_is_read(
    settings: Settings, database: Database, name: str, answer: int
) -> None:
    asks = replace(
        settings, postmark_secret=("user:a long password",), sendgrid_secret=("user:a long password",)
    )
    wrong = {"Authorization": "Basic " + base64.b64encode(b"user:wrong").decode()}
    with create_app(asks, database).test_client() as client:
        refused = client.post(f"/inbound/{name}", input_stream=Unread(b"a large body"), headers=wrong)
    assert refused.status_code == answer
