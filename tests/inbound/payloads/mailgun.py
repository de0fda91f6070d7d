"""Owns posts as Mailgun makes them: a route that forwards raw MIME, and an event webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets

from tests.inbound.letter import Letter
from tests.inbound.payloads import Post
from tests.inbound.payloads.multipart import multipart

PATH = "/inbound/mailgun/mime"
PLAIN = re.compile(rb"[^A-Za-z0-9_.~-]")  # what is written as %41


def signature(key: str, at: int, token: str) -> str:
    return hmac.new(key.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()


def mailgun_fields(letter: Letter, key: str, at: int, token: str = "") -> list[tuple[str, bytes]]:
    token = token or secrets.token_hex(25)
    said = {
        "recipient": letter.rcpt_to,
        "sender": letter.mail_from,
        "from": "Mira <mira@example.com>",
        "subject": "Re: Packaging group, week 14",
        "timestamp": str(at),
        "token": token,
        "signature": signature(key, at, token),
    }
    return [*((name, value.encode()) for name, value in said.items()), ("body-mime", letter.raw)]


def mailgun_post(letter: Letter, key: str, at: int, token: str = "") -> Post:
    return as_multipart(mailgun_fields(letter, key, at, token))


def as_multipart(fields: list[tuple[str, bytes]]) -> Post:
    kind, body = multipart(fields)
    return Post(PATH, {"Content-Type": kind, "User-Agent": "Go-http-client/1.1"}, body)


def as_urlencoded(fields: list[tuple[str, bytes]]) -> Post:
    body = b"&".join(name.encode() + b"=" + PLAIN.sub(_escaped, value) for name, value in fields)
    return Post(PATH, {"Content-Type": "application/x-www-form-urlencoded"}, body)


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"+" if found[0] == b" " else b"%%%02X" % found[0][0]


def parsed_route_post(letter: Letter, key: str, at: int) -> Post:
    """What a route sends whose address does not end in /mime: the message taken apart, without its raw form."""
    fields = [(name, value) for name, value in mailgun_fields(letter, key, at) if name != "body-mime"]
    fields += [
        ("body-plain", b"Tried: a thing"),
        ("stripped-text", b"Tried: a thing"),
        ("message-headers", b"[]"),
    ]
    post = as_urlencoded(fields)
    return Post("/inbound/mailgun", post.headers, post.body)


def mailgun_event(key: str, at: int, token: str = "", **event: object) -> Post:
    token = token or secrets.token_hex(25)
    body = {
        "signature": {"timestamp": str(at), "token": token, "signature": signature(key, at, token)},
        "event-data": {
            "id": "W3X4JOhFT-OZidZGKKr9iA",
            "timestamp": at + 0.5,
            "log-level": "info",
            "recipient": "ben@example.com",
            "recipient-domain": "example.com",
            "message": {
                "headers": {
                    "message-id": "week14.ben@digest.example.org",
                    "to": "Ben <ben@example.com>",
                    "from": "Packaging group <digest@example.org>",
                    "subject": "Packaging group, week 14",
                },
                "attachments": [],
                "size": 3104,
            },
            "envelope": {"transport": "smtp", "sender": "digest@example.org", "targets": "ben@example.com"},
            "flags": {"is-routed": False, "is-authenticated": True, "is-test-mode": False},
            "tags": [],
            "user-variables": {},
            **event,
        },
    }
    return Post("/inbound/mailgun", {"Content-Type": "application/json"}, json.dumps(body).encode())
