"""Owns the check of DKIM signatures (RFC 6376) where nobody else checks senders. It must never hold a message up for
long, nor take for forged what cannot be known.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import dkim  # pyright: ignore[reportMissingImports, reportMissingTypeStubs]
from dns import exception, resolver

from digest.dmarc import Applied, Texts, applied, organisation

PATIENCE = 8.0  # seconds of waiting for the answers about one message
TOGETHER = 30.0  # about all messages of one turn, whose lease runs meanwhile
MOST_SIGNATURES = 5  # that are looked at
_silent = logging.getLogger("digest.dkim")
_silent.setLevel(logging.CRITICAL)  # what the library says holds parts of the message


class DnsAway(Exception):
    """The name servers gave no answer; nothing is known."""


def is_unproved(raw: bytes, domain: str, txt: Texts) -> bool:
    """Whether the domain asks to distrust messages that do not bear its signature, and this one does not.

    False where the domain asks for nothing, and where the name servers do not answer.
    """
    try:
        policy = applied(txt, domain)
        return policy is not None and policy.is_enforced and not _is_signed(raw, domain, policy, txt)
    except DnsAway:
        return False


def asking(patience: float = PATIENCE, together: float = TOGETHER) -> Callable[[], Texts]:
    """For the messages of one turn: each call begins one of them. A name is asked for once, also where no answer came.
    No message waits longer than `patience` seconds, nor all of them longer than `together`.
    """
    known: dict[str, tuple[str, ...] | None] = {}
    left_together = together

    def begin() -> Texts:
        left = patience

        def txt(name: str) -> tuple[str, ...]:
            nonlocal left, left_together
            name = name.rstrip(".").lower()
            if name not in known:
                if min(left, left_together) <= 0:
                    raise DnsAway
                begun = time.monotonic()
                known[name] = _ask(name, min(left, left_together))
                waited = time.monotonic() - begun
                left, left_together = left - waited, left_together - waited
            found = known[name]
            if found is None:
                raise DnsAway
            return found

        return txt

    return begin


def _ask(name: str, seconds: float) -> tuple[str, ...] | None:
    """The TXT records of that name; None where no answer came."""
    try:
        answer: Any = resolver.resolve(name, "TXT", lifetime=seconds)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return ()
    except exception.DNSException:
        return None
    return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)


def _is_signed(raw: bytes, domain: str, policy: Applied, txt: Texts) -> bool:
    """Whether one of the signatures is good and by the author's domain, or one of the same organisation.

    One over a part of the body alone (l=) proves nothing of the rest.
    """
    try:
        message: Any = dkim.DKIM(raw, logger=_silent)  # pyright: ignore[reportUnknownMemberType]
    except dkim.DKIMException:  # pyright: ignore[reportUnknownMemberType]
        return False
    count = sum(name.lower() == b"dkim-signature" for name, _ in message.headers)
    return any(
        _is_good(message, number, domain, policy, txt) for number in range(min(count, MOST_SIGNATURES))
    )


def _is_good(message: Any, number: int, domain: str, policy: Applied, txt: Texts) -> bool:
    try:
        tags, *_ = message.verify_headerprep(number)
        signer = tags[b"d"].decode("ascii").lower()
        if (
            b"l" in tags
            or b"from" not in message.include_headers
            or not _aligned(signer, domain, policy, txt)
        ):
            return False
        return bool(message.verify(number, dnsfunc=lambda name, timeout=5: _key(name, txt)))  # pyright: ignore
    except DnsAway:
        raise
    except Exception:
        # The library raises whatever hostile fields make it raise; none of it is a good signature.
        return False


def _key(name: bytes, txt: Texts) -> bytes | None:
    found = txt(name.decode("ascii"))
    return found[0].encode() if found else None


def _aligned(signer: str, domain: str, policy: Applied, txt: Texts) -> bool:
    """RFC 9989, section 4.4.1. Only names below the author's own organisation are asked for: name servers of a forger,
    which give no answer, must not make his message one of which nothing is known.
    """
    if signer == domain:
        return True
    if policy.record.is_strict("adkim") or not f".{signer}".endswith(f".{policy.organisation}"):
        return False
    return organisation(txt, signer) == policy.organisation
