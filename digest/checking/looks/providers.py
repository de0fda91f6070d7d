"""Owns what is told of the providers' doors: the address that a provider is given, and settings that cannot work.
It must never show a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.checking.finding import N_, Finding, ok, wrong
from digest.checking.scope import Scope
from digest.inbound.requests.public_key import is_ecdsa_key
from digest.inbound.webhook import PROVIDERS
from digest.settings import Settings

TOPIC = re.compile(r"arn:aws(-[a-z-]+)?:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?")
ENDS = {"mailgun": "/mime"}  # for routes; webhooks go without


def look(scope: Scope) -> Iterator[Finding]:
    """One line for each door that is switched on; the raw door's secret has a line of its own."""
    for name, provider in PROVIDERS.items():
        if name != "raw" and provider.is_configured(scope.settings):
            yield _mistake(name, scope.settings) or ok(
                N_("POST /inbound/%(name)s is open; the provider is given %(address)s"),
                name=name,
                address=_address(name, scope.settings),
            )


def _address(name: str, settings: Settings) -> str:
    """As it is typed in there; where a password proves the provider, with a place for it."""
    address = f"{settings.base_url or 'https://YOUR-HOST'}/inbound/{name}{ENDS.get(name, '')}"
    by_password = name == "postmark" or (name == "sendgrid" and not settings.sendgrid_public_key)
    return address.replace("://", "://USER:PASSWORD@", 1) if by_password else address


def _mistake(name: str, settings: Settings) -> Finding | None:
    if name == "sendgrid" and not all(map(is_ecdsa_key, settings.sendgrid_public_key)):
        return wrong(
            N_(
                "DIGEST_SENDGRID_PUBLIC_KEY holds something that is no verification key. Copy it from SendGrid again."
            )
        )
    for topic in settings.ses_topics if name == "ses" else ():
        if not TOPIC.fullmatch(topic):
            return wrong(
                N_(
                    "DIGEST_SES_TOPICS: %(topic)s is not the ARN of a topic. "
                    "Write it like arn:aws:sns:eu-west-1:123456789012:digest-in."
                ),
                topic=topic,
            )
    return None
