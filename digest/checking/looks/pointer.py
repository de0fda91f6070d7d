"""Owns what is told of this machine's name in DNS, which receivers look up where it sends mail itself.
It must never connect anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.scope import Scope


def look(scope: Scope) -> Iterator[Finding]:
    """PTR, and whether the name leads back to the address. Only where a mail server on this machine sends."""
    if not scope.sends_itself:
        return
    address = scope.own_address()
    if address is None or not ip_address(address).is_global:
        yield note(
            N_(
                "PTR: this machine goes out by another address than its own, which cannot be seen from here. "
                "Make sure that the address has a name, and that the name leads back to it."
            )
        )
        return
    pointed = scope.names.pointers(address)
    if not pointed:
        yield wrong(
            N_("PTR: %(address)s has no name. Ask who gave you the address to set one."), address=address
        )
        return
    back = [name for name in pointed if address in scope.names.addresses(name)]
    if not back:
        yield wrong(
            N_(
                "PTR: %(address)s is called %(name)s, but that name does not lead back to it. Correct its address."
            ),
            address=address,
            name=pointed[0],
        )
        return
    yield ok(N_("PTR: %(address)s is %(name)s, both ways"), address=address, name=back[0])
