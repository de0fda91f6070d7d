"""Owns the keys that mails are signed with: how one is made and read, and the record that publishes it (RFC 6376,
section 3.6.1; RFC 8463). It must never sign, nor show a private key.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from digest.errors import Misuse

RSA_BITS = 2048
SHORTEST_RSA = 1024  # RFC 8301, section 3.2
PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.+?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
LONGEST_TEXT = 255  # octets of one string in a TXT record (RFC 1035, section 3.3)


@dataclass(frozen=True)
class Key:
    """A private key as the signing library takes it: PKCS #1 in PEM, or the seed in base64."""

    algorithm: Literal["rsa-sha256", "ed25519-sha256"]
    secret: bytes = field(repr=False)
    record: str  # what stands in DNS


def read_keys(text: str) -> list[Key]:
    """The keys of a PEM text, one or more, in order. Raises Misuse."""
    keys = [_key(block) for block in PEM.findall(text)]
    if not keys:
        raise Misuse("DIGEST_DKIM_KEY holds no private key (PEM). Make one: digest dkim-key FILE")
    return keys


def _key(block: str) -> Key:
    try:
        private = load_pem_private_key(block.encode(), password=None)
    except (ValueError, TypeError):
        raise Misuse("DIGEST_DKIM_KEY cannot be read: it must be PEM without a passphrase.") from None
    if isinstance(private, Ed25519PrivateKey):
        seed = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Key("ed25519-sha256", base64.b64encode(seed), _record("ed25519", public))
    if isinstance(private, RSAPrivateKey) and private.key_size >= SHORTEST_RSA:
        secret = private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return Key("rsa-sha256", secret, _record("rsa", public))
    raise Misuse("DIGEST_DKIM_KEY must be an RSA key of 2048 bits, or an Ed25519 key.")


def _record(kind: str, public: bytes) -> str:
    return f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"


def make_key(file: Path, kind: Literal["rsa", "ed25519"]) -> Key:
    """A new key in a new file that its owner alone can read. Raises Misuse where the file is there."""
    private = Ed25519PrivateKey.generate() if kind == "ed25519" else generate_private_key(65537, RSA_BITS)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(pem)
    except FileExistsError:
        raise Misuse(f"{file} is there already, and is left as it is. Name another file.") from None
    return read_keys(pem.decode())[0]


def zone_line(key: Key, selector: str, domain: str) -> str:
    """The record as a zone file has it, in strings of at most 255 octets."""
    texts = [key.record[at : at + LONGEST_TEXT] for at in range(0, len(key.record), LONGEST_TEXT)]
    quoted = " ".join(f'"{text}"' for text in texts)
    return f"{selector}._domainkey.{domain}. IN TXT ( {quoted} )"
