"""Owns the proof of Amazon SNS: that a notification was signed by it, and which of its pages may be read.
It must never read a page of another host, nor take a signature for proof that a topic is ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from digest.errors import Transient
from digest.inbound.requests.json_body import text
from digest.inbound.requests.provider import Refused
from digest.inbound.requests.public_key import is_certificate, signed_by_certificate

Fetch = Callable[[str], bytes]

HOST = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
SIGNED = {
    "Notification": NOTIFICATION,
    "SubscriptionConfirmation": CONFIRMATION,
    "UnsubscribeConfirmation": CONFIRMATION,
}
MOST_CERTIFICATES = 20
_certificates: dict[str, bytes] = {}


def verify(body: Any, fetch: Fetch) -> None:
    """Raises Refused where the signature is missing or does not fit, Transient where its certificate cannot be had."""
    version, url = text(body, "SignatureVersion"), text(body, "SigningCertURL")
    if version not in ("1", "2") or text(body, "Type") not in SIGNED:
        raise Refused("unauthentic", "This is no signed notification of Amazon SNS.")
    if not is_of_amazon(url) or not urlsplit(url).path.endswith(".pem"):
        raise Refused("unauthentic", "The certificate does not lie at Amazon SNS.")
    signature = text(body, "Signature")
    if not signed_by_certificate(_certificate(url, fetch), signature, signed_text(body), sha1=version == "1"):
        raise Refused("unauthentic", "The signature does not fit.")


def signed_text(body: Any) -> bytes:
    """What is signed: each field that is there, its name and its value on a line of its own."""
    there = [name for name in SIGNED[text(body, "Type")] if isinstance(body.get(name), str)]
    return "".join(f"{name}\n{body[name]}\n" for name in there).encode("utf-8", "surrogateescape")


def is_of_amazon(url: str) -> bool:
    """Whether a page may be read: https, and the host that of SNS in some region and nothing else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and port in (None, 443) and bool(HOST.fullmatch(parts.netloc))


def _certificate(url: str, fetch: Fetch) -> bytes:
    if url not in _certificates:
        pem = fetch(url)
        if not is_certificate(pem):  # what is kept counts until the process ends
            raise Transient("The certificate of Amazon SNS came damaged.")
        if len(_certificates) >= MOST_CERTIFICATES:
            _certificates.clear()
        _certificates[url] = pem
    return _certificates[url]
