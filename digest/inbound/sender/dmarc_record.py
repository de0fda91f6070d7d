"""Owns DMARC records (RFC 9989): where one is found, whose it is, what it asks for. It must never look at a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Txt = Callable[[str], tuple[str, ...]]  # the TXT records of a name; none is (); raises DnsAway
MOST_LABELS = 8  # RFC 9989, section 4.10: a longer name is cut to seven after the first look
_TAG = re.compile(r"\s*([a-z]+)\s*=\s*([^;]*?)\s*(?:;|$)", re.IGNORECASE)


class DnsAway(Exception):
    """The name servers gave no answer; nothing is known."""


@dataclass(frozen=True)
class Policy:
    """What the owner of a domain asks for, where a message of that domain cannot be proved to be hers."""

    organisation: str  # the organisational domain
    wish: str  # none, quarantine, reject
    strict: bool  # whether a signature has to be by the very domain

    @property
    def is_enforced(self) -> bool:
        return self.wish in ("quarantine", "reject")


def policy_of(domain: str, txt: Txt) -> Policy | None:
    """The policy for mail of that domain; None where there is none. Raises DnsAway."""
    found = _walk(domain, txt)
    if not found:
        return None
    organisation = _organisation(domain, found)
    name, tags = found[0] if found[0][0] == domain else _named(organisation, found)
    wish = tags.get("p", "none") if name == domain else tags.get("sp") or tags.get("p", "none")
    in_test = tags.get("t") == "y"  # RFC 9989, 4.7: nothing is to be done about a failure yet
    return Policy(organisation, "none" if in_test else wish.lower(), tags.get("adkim") == "s")


def organisation_of(domain: str, txt: Txt) -> str:
    """The organisational domain (RFC 9989, section 4.10.2); the domain itself where no record is found."""
    return _organisation(domain, _walk(domain, txt))


def _walk(domain: str, txt: Txt) -> list[tuple[str, Mapping[str, str]]]:
    """The records from the domain upwards, nearest first (RFC 9989, section 4.10)."""
    labels, found = domain.split("."), list[tuple[str, Mapping[str, str]]]()
    names = [labels, *(labels[cut:] for cut in range(max(1, len(labels) - MOST_LABELS + 1), len(labels)))]
    for name in map(".".join, names):
        records = [tags for record in txt(f"_dmarc.{name}") if (tags := _tags(record))]
        if len(records) == 1:
            found.append((name, records[0]))
            if records[0].get("psd") in ("y", "n"):
                break
    return found


def _organisation(domain: str, found: list[tuple[str, Mapping[str, str]]]) -> str:
    for name, tags in found:
        if tags.get("psd") == "n":
            return name
        if tags.get("psd") == "y" and name != domain:
            below = len(name.split(".")) + 1
            return ".".join(domain.split(".")[-below:])
    return found[-1][0] if found else domain


def _named(organisation: str, found: list[tuple[str, Mapping[str, str]]]) -> tuple[str, Mapping[str, str]]:
    """The record of the organisational domain, else the one of the public suffix above it."""
    return next((one for one in found if one[0] == organisation), found[-1])


def _tags(record: str) -> Mapping[str, str]:
    """The tags of a DMARC record; none of another one. Unknown tags are left alone."""
    if not re.match(r"v\s*=\s*DMARC1\s*(?:;|$)", record):
        return {}
    return {name.lower(): value.lower() for name, value in _TAG.findall(record)}
