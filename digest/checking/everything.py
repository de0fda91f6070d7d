"""Owns the order in which everything is looked at, and that no part of it keeps the others waiting.
It must never change anything, nor send a mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from digest import start
from digest.checking.finding import N_, Finding, note, wrong
from digest.checking.looks import (
    database,
    dkim,
    dmarc,
    imap,
    pointer,
    secrets,
    settings,
    spf,
    way_in,
    way_out,
    web,
)
from digest.checking.names import DnsNames, MakeNames, Unanswered
from digest.checking.scope import Look, Scope
from digest.complaint import FAILURE
from digest.errors import Misuse

#: Each topic in the order in which one would mend it; whoever has something new to look at adds a line.
BY_DNS: tuple[Look, ...] = (
    way_in.look,
    spf.look,
    dkim.look,
    dmarc.look,
    pointer.look,
)


def by_dns(scope: Scope) -> Iterator[Finding]:
    """What DNS says; nothing is asked where mail stays here, and one line is enough where nobody answers."""
    if not scope.mail_leaves:
        return
    for look in BY_DNS:
        try:
            yield from look(scope)
        except Unanswered as unanswered:
            if unanswered.nobody:
                yield note(
                    N_(
                        "DNS: no name server answers here, so SPF, DKIM, DMARC, MX and PTR were not looked at. "
                        "Try again from a machine that has one."
                    )
                )
                return
            yield note(N_("DNS: %(name)s cannot be looked up just now."), name=unanswered.name)


LOOKS: tuple[Look, ...] = (
    database.look,
    secrets.look,
    way_out.look,
    way_out.operators,
    settings.look,
    way_in.doors,
    imap.look,
    web.look,
    dkim.settings,
    by_dns,
    settings.rest,
)


def findings(names: MakeNames | None = None) -> Iterator[Finding]:
    """All findings for the settings in the environment, in order, each as soon as it and those before it are known."""
    try:
        in_force = start.settings()
    except Misuse as misuse:
        yield wrong("%(reason)s", reason=misuse)
        return
    yield from look_at(Scope(in_force, (names or DnsNames)()))


def look_at(scope: Scope) -> Iterator[Finding]:
    """What all looks find: they run at the same time, and are told in their order."""
    with ThreadPoolExecutor(len(LOOKS)) as pool:
        looking = [pool.submit(_looked, look, scope) for look in LOOKS]
        for one in looking:
            yield from one.result()


def _looked(look: Look, scope: Scope) -> list[Finding]:
    return list(look(scope))


def exit_code(found: list[Finding]) -> int:
    return FAILURE if any(finding.state == "wrong" for finding in found) else 0
