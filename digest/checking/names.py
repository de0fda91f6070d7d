"""Owns DNS for the checks; a check is handed `Names`, so that a test can answer in place of a name server.
It must never wait longer than a few seconds, nor ask again where nobody answered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import dns.exception
import dns.resolver
import dns.reversename

from digest.errors import Transient

PATIENCE = 4.0  # seconds for one question


class Unanswered(Transient):
    """The name servers gave no answer; `nobody` where they are not there at all."""

    def __init__(self, name: str, *, nobody: bool) -> None:
        super().__init__(f"{name} cannot be looked up.")
        self.name, self.nobody = name, nobody


class Names(Protocol):
    """What is asked of DNS. Each gives () where there is no such name or record, and raises Unanswered."""

    def texts(self, name: str) -> tuple[str, ...]:
        """The TXT records, each put together from its strings (RFC 7208, section 3.3)."""
        ...

    def exchangers(self, domain: str) -> tuple[str, ...]:
        """The hosts of the MX records, the preferred first; "" is the null MX (RFC 7505)."""
        ...

    def addresses(self, host: str) -> tuple[str, ...]:
        """The IPv4 and IPv6 addresses of a host."""
        ...

    def pointers(self, address: str) -> tuple[str, ...]:
        """The names of an IP address (PTR)."""
        ...


class DnsNames:
    """The name servers of this machine, or the one at `server`, an address and a port."""

    def __init__(self, server: tuple[str, int] | None = None, patience: float = PATIENCE) -> None:
        self._server, self._patience = server, patience
        self._resolver: dns.resolver.Resolver | None = None
        self._nobody = False

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(b"".join(one.strings).decode("utf-8", "replace") for one in self._ask(name, "TXT"))

    def exchangers(self, domain: str) -> tuple[str, ...]:
        found = sorted(self._ask(domain, "MX"), key=lambda one: one.preference)
        return tuple(_plain(one.exchange) for one in found)

    def addresses(self, host: str) -> tuple[str, ...]:
        return tuple(one.address for kind in ("A", "AAAA") for one in self._ask(host, kind))

    def pointers(self, address: str) -> tuple[str, ...]:
        return tuple(_plain(one.target) for one in self._ask(dns.reversename.from_address(address), "PTR"))

    def _ask(self, name: Any, kind: str) -> list[Any]:
        if self._nobody:
            raise Unanswered(str(name), nobody=True)
        try:
            return list(self._ready().resolve(name, kind, lifetime=self._patience, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.resolver.LifetimeTimeout, dns.resolver.NoResolverConfiguration, OSError):
            self._nobody = True
            raise Unanswered(str(name), nobody=True) from None
        except dns.exception.DNSException:
            raise Unanswered(str(name), nobody=False) from None

    def _ready(self) -> dns.resolver.Resolver:
        if self._resolver is None:
            self._resolver = dns.resolver.Resolver(configure=self._server is None)
            if self._server is not None:
                self._resolver.nameservers, self._resolver.port = [self._server[0]], self._server[1]
        return self._resolver


def _plain(name: Any) -> str:
    return name.to_text(omit_final_dot=True).lower().rstrip(".")


MakeNames = Callable[[], Names]
