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
    for selector in selectors:
        name = f"{selector}._domainkey.{domain}"
        yield _key(name, scope.names.texts(name))
    try:
        signers(scope.settings)
    except Misuse as error:
        yield wrong(N_("DKIM: %(said)s"), said=str(error))


def _key(name: str, texts: tuple[str, ...]) -> Finding:
    if not texts:
        return wrong(
            N_("DKIM: there is no key at %(name)s, so our signature proves nothing. Add its TXT record."),
            name=name,
        )
    pairs = (part.partition("=") for part in texts[0].split(";"))
    tags = {tag.strip(): "".join(value.split()) for tag, _, value in pairs}
    if not tags.get("p"):
        return wrong(
            N_("DKIM: the key at %(name)s is withdrawn (its p= is empty). Add the new one."), name=name
        )
    try:
        size = len(base64.b64decode(tags["p"], validate=True))
    except binascii.Error:
        size = 0
    if len(texts) > 1 or not size or (tags.get("k", "rsa") == "rsa" and size < SHORTEST_RSA):
        return wrong(
            N_("DKIM: the record at %(name)s cannot be used. Put in one, with the whole key of 2048 bits."),
            name=name,
        )
    if tags.get("t", "").lower() == "y":
        return note(N_("DKIM: the key at %(name)s is marked as a test (t=y). Take that out."), name=name)
    if tags.get("k", "rsa") == "rsa" and size < USUAL_RSA:
        return note(N_("DKIM: the key at %(name)s is short. 2048 bits are usual."), name=name)
    return ok(N_("DKIM: the key stands at %(name)s"), name=name)
