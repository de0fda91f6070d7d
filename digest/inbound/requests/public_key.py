"""Owns the proof by a public key: whether a signature fits, by the cryptography library.
It must never fetch a key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

PEM = b"-----BEGIN CERTIFICATE-----"


def is_ecdsa_key(key: str) -> bool:
    """Whether that is an elliptic-curve public key, DER in base64."""
    return _ecdsa_key(key) is not None


def signed_by_ecdsa(key: str, signature: str, signed: Iterable[bytes]) -> bool:
    """Whether the signature (DER in base64) over SHA-256 of the pieces fits the key (DER in base64)."""
    public = _ecdsa_key(key)
    digest = hashlib.sha256()
    for piece in signed:
        digest.update(piece)
    try:
        given = base64.b64decode(signature, validate=True)
        if public is not None:
            public.verify(given, digest.digest(), ec.ECDSA(Prehashed(SHA256())))
            return True
    except (binascii.Error, InvalidSignature, ValueError):
        pass
    return False


def is_certificate(pem: bytes) -> bool:
    """Whether that is one certificate with an RSA key, and nothing besides."""
    return _rsa_key(pem) is not None


def signed_by_certificate(pem: bytes, signature: str, signed: bytes, *, sha1: bool) -> bool:
    """Whether the RSA signature (PKCS #1 v1.5, base64) fits the one certificate in the PEM."""
    public = _rsa_key(pem)
    try:
        given = base64.b64decode(signature, validate=True)
        if public is not None:
            public.verify(given, signed, padding.PKCS1v15(), SHA1() if sha1 else SHA256())
            return True
    except (binascii.Error, InvalidSignature, ValueError):
        pass
    return False


def _rsa_key(pem: bytes) -> rsa.RSAPublicKey | None:
    try:
        public = x509.load_pem_x509_certificate(pem).public_key() if pem.count(PEM) == 1 else None
    except ValueError:
        return None
    return public if isinstance(public, rsa.RSAPublicKey) else None


def _ecdsa_key(key: str) -> ec.EllipticCurvePublicKey | None:
    try:
        public = load_der_public_key(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        return None
    return public if isinstance(public, ec.EllipticCurvePublicKey) else None
