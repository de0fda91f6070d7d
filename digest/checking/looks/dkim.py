"""Owns what is told of DKIM: whether the key by which readers check our signature stands in DNS (RFC 6376, 3.6).
It must never sign anything.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.scope import Scope
from digest.errors import Misuse
from digest.outbound.sign import signers

SHORTEST_RSA = 160  # bytes of a public key of 1024 bits in DER
USUAL_RSA = 290  # of 2048 bits


def look(scope: Scope) -> Iterator[Finding]:
    selectors, domain = scope.settings.dkim_selector, scope.settings.dkim_domain or scope.from_domain
    if not domain:
        return
    if not selectors:
        yield note(
            N_(
                "DKIM: DIGEST_DKIM_SELECTOR is not set, so your mail server has to sign for %(domain)s. "
                "Whether it does shows a message that comes back: digest check --round-trip"
            ),
            domain=domain,
        )
        return
    ours = _records(scope)
    for selector in selectors:
        name = f"{selector}._domainkey.{domain}"
        yield _key(name, scope.names.texts(name), ours.get(selector))


def settings(scope: Scope) -> Iterator[Finding]:
    """What is wrong with DIGEST_DKIM_*, whatever DNS says."""
    try:
        signers(scope.settings)
    except Misuse as error:
        yield wrong(N_("DKIM: %(said)s"), said=str(error))


def _records(scope: Scope) -> dict[str, str]:
    """What has to stand in DNS, by selector."""
    try:
        return {signer.selector: signer.key.record for signer in signers(scope.settings)}
    except Misuse:
        return {}


def _key(name: str, texts: tuple[str, ...], ours: str | None) -> Finding:
    if not texts:
        return _missing(name, ours)
    pairs = (part.partition("=") for part in texts[0].split(";"))
    tags = {tag.strip(): "".join(value.split()) for tag, _, value in pairs}
    if not tags.get("p"):
        return wrong(
            N_("DKIM: the key at %(name)s is withdrawn (its p= is empty). Add the new one."), name=name
        )
    if ours and tags["p"] != ours.partition(" p=")[2]:
        return wrong(
            N_(
                "DKIM: the key at %(name)s does not belong to DIGEST_DKIM_KEY, so our signature proves nothing. "
                "Its TXT record has to be: %(record)s"
            ),
            name=name,
            record=ours,
        )
    return _usable(name, tags, several=len(texts) > 1)


def _missing(name: str, ours: str | None) -> Finding:
    if ours:
        return wrong(
            N_(
                "DKIM: there is no key at %(name)s, so our signature proves nothing. Add its TXT record: %(record)s"
            ),
            name=name,
            record=ours,
        )
    return wrong(
        N_("DKIM: there is no key at %(name)s, so our signature proves nothing. Add its TXT record."),
        name=name,
    )


def _usable(name: str, tags: dict[str, str], *, several: bool) -> Finding:
    try:
        size = len(base64.b64decode(tags["p"], validate=True))
    except binascii.Error:
        size = 0
    if several or not size or (tags.get("k", "rsa") == "rsa" and size < SHORTEST_RSA):
        return wrong(
            N_("DKIM: the record at %(name)s cannot be used. Put in one, with the whole key of 2048 bits."),
            name=name,
        )
    if tags.get("t", "").lower() == "y":
        return note(N_("DKIM: the key at %(name)s is marked as a test (t=y). Take that out."), name=name)
    if tags.get("k", "rsa") == "rsa" and size < USUAL_RSA:
        return note(N_("DKIM: the key at %(name)s is short. 2048 bits are usual."), name=name)
    return ok(N_("DKIM: the key stands at %(name)s"), name=name)
