"""Owns DMARC records (RFC 9989): the tree walk that finds them, whose they are, and what they ask for. It must never
look at a message, nor ask the name servers itself.

`pct`, `rf` and `ri` are no tags any more and are passed over, as every unknown tag; without a usable `p` the policy is
none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Policy = Literal["none", "quarantine", "reject"]
POLICIES: tuple[Policy, ...] = ("none", "quarantine", "reject")
MOST_LABELS = 8  # section 4.10: of a longer name the walk goes on with seven
Texts = Callable[[str], tuple[str, ...]]  # the TXT records of a name, () where there are none


@dataclass(frozen=True)
class Record:
    """The record at one name, by its tags in lower case."""

    name: str
    tags: dict[str, str]

    def policy(self, *tags: str) -> Policy:
        """The first of those tags that holds a policy, else none (section 4.7)."""
        for tag in tags:
            for policy in POLICIES:
                if self.tags.get(tag, "").lower() == policy:
                    return policy
        return "none"

    @property
    def testing(self) -> bool:
        """t=y: receivers are asked to go easier (section 4.7)."""
        return self.tags.get("t", "n").lower() == "y"

    def is_strict(self, tag: Literal["aspf", "adkim"]) -> bool:
        return self.tags.get(tag, "r").lower() == "s"


@dataclass(frozen=True)
class Applied:
    """What holds for mail from a domain: the record, its policy there, and the organisational domain."""

    record: Record
    policy: Policy
    organisation: str

    @property
    def is_enforced(self) -> bool:
        return self.policy in ("quarantine", "reject") and not self.record.testing


def applied(texts: Texts, domain: str, exists: Callable[[str], bool] = lambda _: True) -> Applied | None:
    """What holds for mail from that domain; None where no record is found. Raises what `texts` and `exists` raise.

    `exists` tells whether a subdomain without a record of its own is there at all; other tags count where it is not.
    """
    found = walk(texts, domain)
    if not found:
        return None
    owner = organisation_in(found, domain)
    by_name = {record.name: record for record in found}
    own = by_name.get(domain)
    record = own or by_name.get(owner) or found[-1]
    tags = ("p",) if own else ("sp", "p") if exists(domain) else ("np", "sp", "p")
    return Applied(record, record.policy(*tags), owner)


def organisation(texts: Texts, domain: str) -> str:
    """The organisational domain of a name."""
    return organisation_in(walk(texts, domain), domain)


def walk(texts: Texts, domain: str) -> list[Record]:
    """The records at a name and above it, the longest name first; psd=n or psd=y ends the walk."""
    found: list[Record] = []
    for name in steps(domain):
        record = _record_at(texts, name)
        if record is not None:
            found.append(record)
            if record.tags.get("psd", "u").lower() in ("y", "n"):
                break
    return found


def steps(domain: str) -> list[str]:
    """The names of the walk: the domain, then what is left of at most seven labels, one fewer each time."""
    labels = domain.split(".")
    above = labels[1:] if len(labels) <= MOST_LABELS else labels[-(MOST_LABELS - 1) :]
    return [domain, *(".".join(above[start:]) for start in range(len(above)))]


def organisation_in(found: list[Record], domain: str) -> str:
    """The organisational domain (section 4.10.2); the domain itself where no record is found."""
    for record in found:
        if record.tags.get("psd", "").lower() == "n":
            return record.name
        if record.tags.get("psd", "").lower() == "y" and record.name != domain:
            count = record.name.count(".") + 2
            return ".".join(domain.split(".")[-count:])
    return found[-1].name if found else domain


def _record_at(texts: Texts, name: str) -> Record | None:
    """Several records count as none (section 4.7)."""
    found = [tags for tags in map(_tags, texts(f"_dmarc.{name}")) if tags]
    return Record(name, found[0]) if len(found) == 1 else None


def _tags(text: str) -> dict[str, str]:
    """The tags of a record; none where it does not begin with v=DMARC1."""
    pairs = [part.partition("=") for part in text.split(";")]
    tags = {name.strip().lower(): value.strip() for name, _, value in pairs if value}
    first = pairs[0]
    return tags if (first[0].strip().lower(), first[2].strip()) == ("v", "DMARC1") else {}
