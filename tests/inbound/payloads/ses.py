"""Owns posts as Amazon SNS makes them for SES, signed by a certificate made for the tests; and Amazon's pages, which
are the outermost edge: `Amazon.fetch` stands in the place of the network."""

from __future__ import annotations

import base64
import datetime
import functools
import json
import uuid
from dataclasses import dataclass, field, replace

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from digest.errors import Transient
from tests.inbound.letter import Letter
from tests.inbound.payloads import Post

TOPIC = "arn:aws:sns:eu-west-1:123456789012:digest-in"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


@dataclass
class Amazon:
    """Amazon's side: its key, its pages, and which of them were asked for."""

    key: rsa.RSAPrivateKey
    pages: dict[str, bytes]
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.pages:
            raise Transient("not there")
        return self.pages[url]

    def sign(self, body: dict[str, str]) -> dict[str, str]:
        names = NOTIFICATION if body["Type"] == "Notification" else CONFIRMATION
        text = "".join(f"{name}\n{body[name]}\n" for name in names if name in body).encode()
        algorithm = SHA1() if body["SignatureVersion"] == "1" else SHA256()
        signature = self.key.sign(text, padding.PKCS1v15(), algorithm)
        return body | {"Signature": base64.b64encode(signature).decode()}


@functools.cache
def _key_and_certificate(name: str) -> tuple[rsa.RSAPrivateKey, bytes]:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=30))
        .sign(key, SHA256())
    )
    return key, certificate.public_bytes(Encoding.PEM)


def amazon(name: str = "sns.amazonaws.com") -> Amazon:
    key, pem = _key_and_certificate(name)
    return Amazon(key, {CERTIFICATE: pem})


def received(
    letter: Letter, *, base64_content: bool = True, content: bool = True, dmarc: str = "PASS"
) -> str:
    """The inner message for a mail that came in."""
    said = {
        "notificationType": "Received",
        "mail": {
            "timestamp": "2026-03-31T07:12:00.000Z",
            "source": letter.mail_from,
            "messageId": "d6iitobk75ur44p8kdnnp7g2n800",
            "destination": ["somebody@example.net"],
            "headersTruncated": False,
            "headers": [
                {"name": "From", "value": "Mira <mira@example.com>"},
                {"name": "Subject", "value": "Re: Packaging group, week 14"},
                {"name": "Message-ID", "value": "<a@client.example>"},
            ],
            "commonHeaders": {"from": ["Mira <mira@example.com>"], "messageId": "<a@client.example>"},
        },
        "receipt": {
            "timestamp": "2026-03-31T07:12:00.000Z",
            "processingTimeMillis": 574,
            "recipients": [letter.rcpt_to],
            "spamVerdict": {"status": "PASS"},
            "virusVerdict": {"status": "PASS"},
            "spfVerdict": {"status": "PASS"},
            "dkimVerdict": {"status": "GRAY"},
            "dmarcVerdict": {"status": dmarc},
            "action": {"type": "SNS", "topicArn": TOPIC, "encoding": "BASE64" if base64_content else "UTF8"},
        },
    }
    raw = base64.b64encode(letter.raw).decode() if base64_content else letter.raw.decode("utf-8")
    return json.dumps(said | ({"content": raw} if content else {}))


def notification(
    message: str, amazon: Amazon, *, version: str = "2", age: int = 0, topic: str = TOPIC, **changes: str
) -> Post:
    """A signed notification; `changes` are other fields of the envelope, signed too."""
    at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age)
    body = {
        "Type": "Notification",
        "MessageId": str(uuid.uuid4()),
        "TopicArn": topic,
        "Message": message,
        "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
    } | changes
    return as_post(amazon.sign(body))


def confirmation(
    url: str, amazon: Amazon, *, topic: str = TOPIC, kind: str = "SubscriptionConfirmation"
) -> Post:
    return notification(
        "You have chosen to subscribe.", amazon, topic=topic, Type=kind, SubscribeURL=url, Token="2336"
    )


def as_post(body: dict[str, str]) -> Post:
    headers = {
        "Content-Type": "text/plain; charset=UTF-8",
        "User-Agent": "Amazon Simple Notification Service Agent",
        "x-amz-sns-message-type": body["Type"],
        "x-amz-sns-message-id": body["MessageId"],
        "x-amz-sns-topic-arn": body["TopicArn"],
    }
    return Post("/inbound/ses", headers, json.dumps(body).encode())


def changed(post: Post, **changes: str) -> Post:
    """The same, with other fields and the signature as it was."""
    return replace(post, body=json.dumps(json.loads(post.body) | changes).encode())
