"""Owns SPF (RFC 7208) as far as a check needs it: what a domain's policy says of one address.
It must never be used to judge mail that comes in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Literal

from digest.checking.names import Names

Verdict = Literal["pass", "fail", "softfail", "neutral", "none", "permerror", "unclear"]
MOST_LOOKUPS = 10  # section 4.6.4
VERDICTS: dict[str, Verdict] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class Broken(Exception):
    """A policy that receivers cannot use; the text says why."""


@dataclass
class Evaluation:
    """One run over a policy: `lookups` are counted over all that it includes."""

    names: Names
    address: str
    lookups: int = 0
    unclear: bool = False  # a macro, which only a message fills
    open_to_all: bool = False
    seen: list[str] = field(default_factory=list[str])

    def verdict(self, domain: str) -> Verdict:
        """What the policy says of the address. Raises Broken, Unanswered."""
        record = policy(self.names, domain)
        if record is None:
            return "none"
        self.seen.append(domain)
        terms = record.split()[1:]
        for term in terms:
            found = self._term(term, domain)
            if found is not None:
                return found
        onward = next((term[9:] for term in terms if term.lower().startswith("redirect=")), None)
        return self._redirected(onward) if onward else "neutral"

    def _redirected(self, domain: str) -> Verdict:
        self._count()
        found = self.verdict(domain)
        if found == "none":
            raise Broken(f"redirect={domain} leads to no policy")
        return found

    def _term(self, term: str, domain: str) -> Verdict | None:
        sign, bare = (term[0], term[1:]) if term[0] in VERDICTS else ("+", term)
        name, _, value = bare.partition(":")
        name, slash, length = name.partition("/") if not value else (name, "", "")
        if "=" in name:
            return None  # a modifier
        if "%" in value:
            self.unclear = True
            return None
        matches = self._mechanism(name.lower())
        if matches is None:
            raise Broken(f"“{term}” is no mechanism of SPF")
        if name.lower() == "all" and sign == "+":
            self.open_to_all = True
        return VERDICTS[sign] if matches(value or domain + slash + length) else None

    def _mechanism(self, name: str) -> Callable[[str], bool] | None:
        """Section 5."""
        return {
            "all": self._everybody,
            "ip4": self._network,
            "ip6": self._network,
            "a": self._hosts,
            "mx": self._exchangers,
            "include": self._included,
            "exists": self._counted,
            "ptr": self._counted,
        }.get(name)

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise Broken(f"it takes more than {MOST_LOOKUPS} look-ups")

    def _everybody(self, _: str) -> bool:
        return True

    def _network(self, value: str) -> bool:
        try:
            return ip_address(self.address) in ip_network(value, strict=False)
        except ValueError:
            raise Broken(f"“{value}” is no network") from None

    def _hosts(self, value: str) -> bool:
        self._count()
        host, lengths = _parted(value)
        return self._is_of(host, lengths)

    def _exchangers(self, value: str) -> bool:
        self._count()
        host, lengths = _parted(value)
        return any(self._is_of(exchanger, lengths) for exchanger in self.names.exchangers(host) if exchanger)

    def _is_of(self, host: str, lengths: str) -> bool:
        mine = ip_address(self.address)
        short, _, long = lengths.partition("//")
        length = (short or "32") if mine.version == 4 else (long or "128")
        return any(
            mine in ip_network(f"{found}/{length}", strict=False)
            for found in self.names.addresses(host)
            if ip_address(found).version == mine.version
        )

    def _included(self, domain: str) -> bool:
        self._count()
        found = self.verdict(domain)
        if found == "none":
            raise Broken(f"include:{domain} leads to no policy")
        return found == "pass"

    def _counted(self, _: str) -> bool:
        self._count()
        self.unclear = True
        return False


def policy(names: Names, domain: str) -> str | None:
    """The domain's policy. Raises Broken where there are several."""
    found = [text for text in names.texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if len(found) > 1:
        raise Broken("there are several, and receivers then use none")
    return found[0] if found else None


def _parted(value: str) -> tuple[str, str]:
    host, _, lengths = value.partition("/")
    return host, lengths
