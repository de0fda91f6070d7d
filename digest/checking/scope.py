"""Owns what every check looks at: the settings in force, a way to ask DNS, the domains that mail leaves under.
It must never look itself.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from digest.checking.finding import Finding
from digest.checking.names import DnsNames, Names
from digest.database import Database
from digest.outbound.ways_out import SECURITY
from digest.settings import LOOPBACK, Settings, read_url

NOWHERE = ("192.0.2.1", 9)  # RFC 5737: nothing is sent there, the machine only chooses a way


def way_to_the_net() -> str | None:
    """The address with which this machine goes out; None where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
        except OSError:
            return None
        return str(probe.getsockname()[0])


@dataclass(frozen=True)
class Scope:
    settings: Settings
    names: Names = field(default_factory=DnsNames)
    own_address: Callable[[], str | None] = way_to_the_net
    database: Database | None = None  # the one that is open already

    @property
    def from_domain(self) -> str:
        """Of the address that readers see; "" where it is not set."""
        return _domain(self.settings.mail_from)

    @property
    def envelope_domain(self) -> str:
        """Of the envelope sender, which SPF is about."""
        settings = self.settings
        if settings.envelope_from == "verp" and settings.reply_domain:
            return settings.reply_domain
        return _domain((settings.envelope_from or "").partition("fixed:")[2]) or self.from_domain

    @property
    def inbound_domain(self) -> str:
        """Whose mail has to come in here."""
        return self.settings.reply_domain or _domain(self.settings.reply_address)

    @property
    def mail_leaves(self) -> bool:
        return self._way.scheme in SECURITY

    @property
    def sends_itself(self) -> bool:
        """Whether a mail server on this machine hands mail over to the world."""
        return self.mail_leaves and self.way_host in LOOPBACK

    @property
    def way_host(self) -> str:
        return self._way.hostname or ""

    @property
    def _way(self):
        return read_url(self.settings.mail_url or "")


Look = Callable[[Scope], Iterator[Finding]]


def _domain(address: str | None) -> str:
    return (address or "").rpartition("@")[2].lower()
