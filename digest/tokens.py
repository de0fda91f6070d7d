"""Owns secrets in addresses and links: random tokens kept as hashes, and signed ones with a purpose. It must
never touch the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from itsdangerous import BadSignature, HMACAlgorithm, Signer

RANDOM_BYTES = 16  # 128 bits: 26 characters of base32
RANDOM_LENGTH = 26
KEY_BYTES = 8  # of a token that begins with a key by which it is found


def random_token() -> str:
    """26 characters of lower-case base32 (RFC 4648, section 6), without padding."""
    return _base32(secrets.token_bytes(RANDOM_BYTES))


def keyed_token(key: str, proof: bytes) -> str:
    """A token of the same form that is found by `key`, 16 hexadecimal digits, and proved by 8 random bytes."""
    return _base32(bytes.fromhex(key) + proof)


def key_of(token: str) -> str:
    """The key with which a token begins; of a wholly random one that of nothing."""
    return base64.b32decode(token.upper() + "=" * (-len(token) % 8))[:KEY_BYTES].hex()


def derived_token(purpose: str, of: str, keys: Sequence[str]) -> str:
    """A token of the same form that only the holder of the first key can make, and always makes again."""
    digest = hmac.new(keys[0].encode(), f"{purpose}:{of}".encode(), hashlib.sha256).digest()
    return _base32(digest[:RANDOM_BYTES])


def token_hash(token: str) -> str:
    """What is stored of a random token: it cannot be turned back into it."""
    return hashlib.sha256(token.lower().encode()).hexdigest()


def mint(purpose: str, payload: str, keys: Sequence[str]) -> str:
    """`payload` signed for one purpose with the first key; a token of one purpose never passes for another."""
    return _signer(purpose, keys[0]).sign(payload).decode()


def read(purpose: str, token: str, keys: Sequence[str]) -> str | None:
    """The payload of a token that one of the keys signed for this purpose; None for any other text."""
    for key in keys:
        try:
            return _signer(purpose, key).unsign(token).decode()
        except (BadSignature, UnicodeError):
            continue
    return None


def _base32(octets: bytes) -> str:
    return base64.b32encode(octets).decode().rstrip("=").lower()


class _Shortened(HMACAlgorithm):
    """HMAC-SHA256 cut to 128 bits (RFC 2104, section 5), so that links stay short."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:RANDOM_BYTES]


def _signer(purpose: str, key: str) -> Signer:
    algorithm = _Shortened(hashlib.sha256)
    return Signer(
        key,
        f"digest.{purpose}",
        ".",
        key_derivation="hmac",
        digest_method=hashlib.sha256,
        algorithm=algorithm,
    )
