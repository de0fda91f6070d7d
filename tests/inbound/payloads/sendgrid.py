"""Owns posts as SendGrid makes them: Inbound Parse with the raw message, signed or not, and its Event Webhook."""

from __future__ import annotations

import base64
import functools
import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.inbound.letter import Letter
from tests.inbound.payloads import Post
from tests.inbound.payloads.multipart import multipart

Key = ec.EllipticCurvePrivateKey


@functools.cache
def key(name: str) -> Key:
    """One key for each name."""
    del name
    return ec.generate_private_key(ec.SECP256R1())


def public_key(private: Key) -> str:
    """As SendGrid shows it: DER in base64."""
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def signed(post: Post, private: Key, at: int) -> Post:
    signature = private.sign(str(at).encode() + post.body, ec.ECDSA(SHA256()))
    return post.with_headers(
        **{
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": str(at),
        }
    )


def sendgrid_post(
    letter: Letter, *, raw: bool = True, spf: str = "pass", dkim: str = "{@example.com : pass}"
) -> Post:
    envelope = json.dumps({"to": [letter.rcpt_to], "from": letter.mail_from})
    fields = {
        "dkim": dkim,
        "to": "somebody@example.net",
        "from": "Mira <mira@example.com>",
        "sender_ip": "192.0.2.10",
        "spam_report": "Spam detection software has not found anything.",
        "envelope": envelope,
        "subject": "Re: Packaging group, week 14",
        "spam_score": "-0.1",
        "charsets": '{"to":"UTF-8","subject":"UTF-8","from":"UTF-8"}',
        "SPF": spf,
    }
    written = [(name, value.encode()) for name, value in fields.items()]
    if raw:
        written.insert(1, ("email", letter.raw))
    kind, body = multipart(written)
    return Post("/inbound/sendgrid", {"Content-Type": kind, "User-Agent": "SendGrid"}, body)


def sendgrid_events(*events: dict[str, object]) -> Post:
    usual = {
        "email": "ben@example.com",
        "timestamp": 1774940000,
        "smtp-id": "<week14.ben@digest.example.org>",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
    }
    body = json.dumps(
        [usual | {"sg_event_id": f"event-{number}"} | event for number, event in enumerate(events)]
    )
    return Post("/inbound/sendgrid", {"Content-Type": "application/json"}, body.encode())
