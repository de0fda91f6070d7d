"""Owns what DMARC asks for mail from our own domain. It must never judge mail that comes in."""

from __future__ import annotations

from dataclasses import dataclass

from digest.checking.names import Names
from digest.dmarc import Policy, Record, organisation_in, walk


@dataclass(frozen=True)
class Applied:
    """What holds for mail from a domain: the record, its policy there, and the organisational domain."""

    record: Record
    policy: Policy
    organisation: str


def applied(names: Names, domain: str) -> Applied | None:
    """What holds for mail from that domain; None where no record is found. Raises Unanswered."""
    found = walk(names.texts, domain)
    if not found:
        return None
    organisation = organisation_in(found, domain)
    by_name = {record.name: record for record in found}
    own = by_name.get(domain)
    record = own or by_name.get(organisation) or found[-1]
    tags = ("p",) if own else ("sp", "p") if _exists(names, domain) else ("np", "sp", "p")
    return Applied(record, record.policy(*tags), organisation)


def _exists(names: Names, domain: str) -> bool:
    return bool(names.exchangers(domain) or names.addresses(domain) or names.texts(domain))
