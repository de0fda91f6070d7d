"""Owns what the owner of a domain asks for, where a message of that domain cannot be proved to be hers (RFC 9989).
It must never look at a message.
"""

from __future__ import annotations

from dataclasses import dataclass

from digest import dmarc
from digest.dmarc import Texts


class DnsAway(Exception):
    """The name servers gave no answer; nothing is known."""


@dataclass(frozen=True)
class Policy:
    """What is asked for, by whom."""

    organisation: str  # the organisational domain
    wish: dmarc.Policy
    strict: bool  # whether a signature has to be by the very domain

    @property
    def is_enforced(self) -> bool:
        return self.wish in ("quarantine", "reject")


def policy_of(domain: str, texts: Texts) -> Policy | None:
    """The policy for mail of that domain; None where there is none. Raises what `texts` raises."""
    found = dmarc.walk(texts, domain)
    if not found:
        return None
    organisation = dmarc.organisation_in(found, domain)
    of_organisation = next((record for record in found if record.name == organisation), found[-1])
    record = found[0] if found[0].name == domain else of_organisation
    wish = record.policy("p") if record.name == domain else record.policy("sp", "p")
    return Policy(organisation, "none" if record.testing else wish, record.is_strict("adkim"))
