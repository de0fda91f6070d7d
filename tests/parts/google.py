"""Owns a service account and its key file, as Google's console gives one, and what Google's documentation asks of the
statement by which it wants a token. It must never use what it checks."""

from __future__ import annotations

import functools
import json
import time
from base64 import urlsafe_b64decode
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ADDRESS, KEY_ID = "digest@a-project.iam.gserviceaccount.com", "0123456789abcdef"
SCOPE = "https://mail.google.com/"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@functools.cache
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def key_file(token_url: str, **changes: object) -> str:
    pem = key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "a-project",
            "private_key_id": KEY_ID,
            "private_key": pem,
            "client_email": ADDRESS,
            "client_id": "100000000000000000000",
            "token_uri": token_url,
            **changes,
        }
    )


def refusal(form: dict[str, list[str]], token_url: str, user: str) -> str | None:
    """Why that form gets no token for the mailbox of `user`; None where it gets one."""
    if set(form) != {"grant_type", "assertion"}:
        return "invalid_request"
    signed, _, signature = form["assertion"][0].rpartition(".")
    header, claims = map(_json, signed.split("."))
    if header != {"alg": "RS256", "typ": "JWT", "kid": KEY_ID} or not _is_signed(signed, signature):
        return "invalid_grant"
    if claims["iss"] != ADDRESS or claims["aud"] != token_url or not _is_short_lived(claims):
        return "invalid_grant"
    if claims["sub"] != user or claims["scope"] != SCOPE:
        return "unauthorized_client"
    return None


def _is_signed(signed: str, signature: str) -> bool:
    try:
        key().public_key().verify(_octets(signature), signed.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _is_short_lived(claims: dict[str, Any]) -> bool:
    since, until = claims["iat"], claims["exp"]
    integers = isinstance(since, int) and isinstance(until, int)
    return integers and since <= time.time() < until <= since + 3600


def _json(text: str) -> dict[str, Any]:
    found = json.loads(_octets(text))
    assert isinstance(found, dict)
    return found


def _octets(text: str) -> bytes:
    assert "=" not in text  # RFC 7515, section 2
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
