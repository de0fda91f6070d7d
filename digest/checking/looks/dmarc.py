"""Owns what is told of DMARC: the policy of the domain that readers see, and whether SPF can speak for it.
It must never judge mail that comes in.
"""

from __future__ import annotations

from collections.abc import Iterator

from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.names import Names
from digest.checking.scope import Scope
from digest.dmarc import Applied, applied, organisation

RECORD = "v=DMARC1; p=none; rua=mailto:postmaster@%s"


def look(scope: Scope) -> Iterator[Finding]:
    domain = scope.from_domain
    if not domain:
        return
    found = applied(scope.names.texts, domain, lambda name: _exists(scope.names, name))
    if found is None:
        yield wrong(
            N_(
                "DMARC: %(domain)s has no record, and large providers then trust its mail less. "
                "Add a TXT record at _dmarc.%(domain)s: %(record)s"
            ),
            domain=domain,
            record=RECORD % domain,
        )
        return
    yield _policy(found, domain)
    yield from _alignment(scope, found)


def _exists(names: Names, domain: str) -> bool:
    return bool(names.exchangers(domain) or names.addresses(domain) or names.texts(domain))


def _policy(found: Applied, domain: str) -> Finding:
    if found.record.testing:
        words = N_("DMARC: the policy for %(domain)s is %(policy)s, in test mode (record at %(name)s)")
    else:
        words = N_("DMARC: the policy for %(domain)s is %(policy)s (record at %(name)s)")
    return ok(words, domain=domain, policy=found.policy, name=found.record.name)


def _alignment(scope: Scope, found: Applied) -> Iterator[Finding]:
    """SPF counts only where the envelope's domain fits the one that readers see (section 5.1)."""
    envelope, seen = scope.envelope_domain, scope.from_domain
    if envelope == seen:
        return
    strict = found.record.is_strict("aspf")
    fits = not strict and organisation(scope.names.texts, envelope) == found.organisation
    if not fits:
        yield note(
            N_(
                "DMARC: the envelope sender is at %(envelope)s, which does not speak for %(domain)s. "
                "Mail then passes by its DKIM signature alone: make sure that it has one."
            ),
            envelope=envelope,
            domain=seen,
        )
