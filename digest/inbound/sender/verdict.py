"""Owns the question whether a message was forged, from what is known about its sender: a provider's verdict, the
Authentication-Results of a server that is trusted, or our own check. What is not known is never a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from digest.errors import Misuse
from digest.inbound.sender.authentication_results import dmarc_found
from digest.settings import Settings

Unproved = Callable[[bytes, str], bool]  # (raw, the author's domain); may ask the name servers


@dataclass(frozen=True)
class SenderCheck:
    """Whom to believe about senders. Without any of it, nothing is known and nobody is doubted."""

    authserv_id: str | None = None
    begin: Callable[[], Unproved] | None = None  # our own check, for the messages of one turn
    unproved: Unproved | None = None

    def for_a_turn(self) -> SenderCheck:
        """The check for messages that are read together: what they wait for the name servers has one bound."""
        return replace(self, unproved=self.begin()) if self.begin else self

    def doubts(self, raw: bytes, author: str, verdicts: Mapping[str, str]) -> bool:
        """Whether DMARC failed (RFC 9989) for the author's address, and her domain asks to distrust such mail.

        It may take seconds where our own check is on, so no transaction may be open.
        """
        domain = author.rpartition("@")[2].lower()
        if "dmarc" in verdicts:
            return _failed(verdicts, domain)
        found = self.authserv_id and dmarc_found(raw, self.authserv_id)
        if found:
            return _failed(found, domain)
        return self.unproved is not None and self.unproved(raw, domain)


UNCHECKED = SenderCheck()


def sender_check(settings: Settings) -> SenderCheck:
    """As the settings have it. Raises Misuse where the library for our own check is not installed."""
    if not settings.verify_dkim:
        return SenderCheck(settings.authserv_id)
    try:
        from digest.inbound.sender.dkim_check import asking, is_unproved
    except ModuleNotFoundError:
        raise Misuse(
            "DIGEST_VERIFY_DKIM is on, and the library for it is missing. "
            "Install it: .venv/bin/pip install -r requirements-dkim.lock"
        ) from None

    def begin() -> Unproved:
        questions = asking()
        return lambda raw, domain: is_unproved(raw, domain, questions())

    return SenderCheck(settings.authserv_id, begin)


def _failed(found: Mapping[str, str], domain: str) -> bool:
    """Whether DMARC failed for this very address; a failure counts for nothing where the domain asks for nothing."""
    about, policy = found.get("header.from", domain), found.get("policy.dmarc", "").lower()
    named = about.rpartition("@")[2].lower()
    return found["dmarc"].lower() == "fail" and named == domain and policy != "none"
