"""Owns what is told of SPF: whether the domain of our envelope sender lets our mail server send for it.
It must never judge mail that comes in.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.scope import Scope
from digest.checking.sender_policy import Broken, Evaluation, policy

#: Providers that replace the envelope sender; docs/providers/smtp.md has more of each.
REPLACING = (".mailgun.org", ".postmarkapp.com", ".sendgrid.net", ".amazonaws.com")
NOBODY = "192.0.2.1"  # RFC 5737; where no address of ours is known the policy is read all the same


def look(scope: Scope) -> Iterator[Finding]:
    domain = scope.envelope_domain
    if not domain:
        return
    if not scope.settings.envelope_from and scope.way_host.endswith(REPLACING):
        yield ok(
            N_("SPF: %(host)s puts in an envelope sender of its own, and SPF is about that one"),
            host=scope.way_host,
        )
        return
    try:
        yield _told(scope, domain)
    except Broken as reason:
        yield wrong(
            N_("SPF of %(domain)s cannot be used: %(reason)s. Correct its TXT record."),
            domain=domain,
            reason=reason,
        )


def _told(scope: Scope, domain: str) -> Finding:
    if policy(scope.names, domain) is None:
        return wrong(
            N_(
                "SPF: %(domain)s has no policy, so others can send in its name, and mail of ours may be refused. "
                "Add a TXT record at %(domain)s: %(record)s, with what your mail server's operator names."
            ),
            domain=domain,
            record="v=spf1 mx include:... -all",
        )
    addresses = _ours(scope)
    runs = [Evaluation(scope.names, address) for address in addresses or (NOBODY,)]
    verdicts = [run.verdict(domain) for run in runs]
    if any(run.open_to_all for run in runs):
        return wrong(
            N_("SPF: the policy of %(domain)s lets anybody send. End it with -all or ~all."), domain=domain
        )
    if addresses and "pass" in verdicts:
        return ok(N_("SPF: %(domain)s lets %(address)s send"), domain=domain, address=addresses[0])
    if not addresses or any(run.unclear for run in runs):
        return ok(N_("SPF: %(domain)s has a policy"), domain=domain)
    return _not_named(scope, domain, addresses[0])


def _not_named(scope: Scope, domain: str, address: str) -> Finding:
    if scope.sends_itself:
        return wrong(
            N_("SPF: the policy of %(domain)s does not let %(address)s send. Add ip4:%(address)s to it."),
            domain=domain,
            address=address,
        )
    return note(
        N_(
            "SPF: the policy of %(domain)s does not name %(host)s (%(address)s). That is right if it hands mail over "
            "by other machines; ask its operator what to include."
        ),
        domain=domain,
        host=scope.way_host,
        address=address,
    )


def _ours(scope: Scope) -> tuple[str, ...]:
    """The addresses that our mail server sends from, as far as they can be known here."""
    if scope.sends_itself:
        own = scope.own_address()
        return (own,) if own and ip_address(own).is_global else ()
    if not scope.mail_leaves:
        return ()
    try:
        return (str(ip_address(scope.way_host)),)
    except ValueError:
        return scope.names.addresses(scope.way_host)
