"""Owns DKIM signing (RFC 6376, RFC 8463), by the library of the extra `dkim`. It must never change what it signs: a
signature is put in front of the finished message.

Without a key, signing is left to the mail server.
"""

from __future__ import annotations

import importlib
import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

from digest.errors import Misuse
from digest.outbound.dkim_key import Key, read_keys
from digest.settings import Settings

#: The fields that are signed where they stand. From once more than it stands: nobody can put in a second.
FIELDS = (
    "from",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "auto-submitted",
    "x-auto-response-suppress",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "feedback-id",
    "content-language",
    "mime-version",
    "content-type",
)
_silent = logging.getLogger("digest.dkim")


@dataclass(frozen=True)
class Signer:
    domain: str
    selector: str
    key: Key


def signed(raw: bytes, settings: Settings) -> bytes:
    """The finished message with a signature for each key in front; as it is where there is none."""
    return b"".join(_signature(raw, signer) for signer in signers(settings)) + raw


def signers(settings: Settings) -> tuple[Signer, ...]:
    """Who signs, by DIGEST_DKIM_*. Raises Misuse where they do not fit together or the library is missing."""
    selectors, key = settings.dkim_selector, settings.dkim_key
    if not selectors and not key:
        return ()
    domain = settings.dkim_domain or (settings.mail_from or "").rpartition("@")[2]
    if not selectors or not key or not domain:
        raise Misuse("DIGEST_DKIM_SELECTOR and DIGEST_DKIM_KEY belong together. Set both, or none of them.")
    return _signers(domain, selectors, key)


@cache
def _signers(domain: str, selectors: tuple[str, ...], text: str) -> tuple[Signer, ...]:
    _library()
    keys = read_keys(text)
    if len(keys) != len(selectors):
        raise Misuse(
            f"DIGEST_DKIM_KEY holds {len(keys)} keys, and DIGEST_DKIM_SELECTOR {len(selectors)} names. "
            "Give one name for each key, in the same order."
        )
    return tuple(Signer(domain, selector, key) for selector, key in zip(selectors, keys, strict=True))


def _library() -> Any:
    try:
        dkim = importlib.import_module("dkim")
        importlib.import_module("nacl.signing")  # what signs by Ed25519; dkimpy misses it only then
    except ImportError:
        raise Misuse(
            "DIGEST_DKIM_KEY is set, and the library that signs is missing. "
            "Install it: .venv/bin/pip install -r requirements-dkim.lock"
        ) from None
    return dkim


def _signature(raw: bytes, signer: Signer) -> bytes:
    """The field with its CRLF, relaxed in header and body."""
    message = _library().DKIM(raw, logger=_silent, signature_algorithm=signer.key.algorithm.encode())
    there = {name.lower().decode("ascii") for name, _ in message.headers}
    field = message.sign(
        signer.selector.encode("ascii"),
        signer.domain.encode("ascii"),
        signer.key.secret,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=["from", *(name for name in FIELDS if name in there)],
    )
    return _folded(field)


def _folded(field: bytes) -> bytes:
    """Folded between tags alone. The library also breaks within values, which some readers do not mend."""
    name, _, value = b" ".join(field.split()).partition(b": ")
    tags = [tag.strip() for tag in value.split(b";")]
    lines = [b"; ".join(tags[:-3]), *tags[-3:-1], tags[-1].replace(b" ", b"")]
    return name + b": " + b";\r\n ".join(lines) + b"\r\n"
