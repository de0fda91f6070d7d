"""Owns what is told of the way in: where mail to the reply domain goes, and which doors are open.
It must never connect anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.looks import providers
from digest.checking.scope import Scope
from digest.inbound.webhook import PROVIDERS
from digest.settings import Listen


def look(scope: Scope) -> Iterator[Finding]:
    """The MX records (RFC 5321, section 5.1)."""
    domain = scope.inbound_domain
    if not domain:
        return
    exchangers = scope.names.exchangers(domain)
    if exchangers == ("",):
        yield wrong(
            N_("MX: %(domain)s says that it takes no mail at all. Change its MX record."), domain=domain
        )
    elif not exchangers and not scope.names.addresses(domain):
        yield wrong(
            N_(
                "MX: mail to %(domain)s reaches nobody. Add an MX record that names the server which takes it."
            ),
            domain=domain,
        )
    elif not exchangers:
        yield note(
            N_("MX: %(domain)s has no MX record, so mail goes to the host of that name itself."),
            domain=domain,
        )
    else:
        yield _leads_to(scope, domain, exchangers)


def _leads_to(scope: Scope, domain: str, exchangers: tuple[str, ...]) -> Finding:
    lost = [host for host in exchangers if not scope.names.addresses(host)]
    if lost:
        return wrong(
            N_(
                "MX: mail to %(domain)s is led to %(host)s, which has no address. Correct the one or the other."
            ),
            domain=domain,
            host=lost[0],
        )
    return ok(N_("MX: mail to %(domain)s goes to %(hosts)s"), domain=domain, hosts=", ".join(exchangers))


def doors(scope: Scope) -> Iterator[Finding]:
    """Which doors are switched on."""
    settings = scope.settings
    yield from providers.look(scope)
    if settings.lmtp_listen is not None:
        yield ok(
            N_("DIGEST_LMTP_LISTEN: digest serve and digest lmtp take mail at %(place)s"),
            place=_place(settings.lmtp_listen),
        )
    by_http = any(provider.is_configured(settings) for provider in PROVIDERS.values())
    if not by_http and settings.lmtp_listen is None and not settings.imap.url:
        yield note(
            N_(
                "No door is open, so replies come in only where a mail server starts digest receive. "
                "docs/providers has a page for each way in."
            )
        )


def _place(listen: Listen) -> str:
    return str(listen) if isinstance(listen, Path) else f"{listen[0]}:{listen[1]}"
