"""What `digest check` tells of the providers' doors."""

from __future__ import annotations

import pytest

from digest.checking.looks import providers
from digest.checking.scope import Scope
from digest.settings import Settings
from tests.checking.given import FakeNames
from tests.inbound.payloads.sendgrid import key, public_key

TOPIC = "arn:aws:sns:eu-central-1:123456789012:digest-in"


def told(**settings: object) -> list[str]:
    scope = Scope(Settings(base_url="https://digest.example.com", **settings), FakeNames())  # type: ignore[arg-type]
    return [finding.line for finding in providers.look(scope)]


def test_nothing_is_told_of_doors_that_are_closed() -> None:
    assert told(inbound_secret=("a secret of the raw door",)) == []


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({"mailgun_signing_key": ("sesame-sesame-sesame",)}, "digest.example.com/inbound/mailgun/mime"),
        ({"postmark_secret": ("digest:sesame-sesame",)}, "USER:PASSWORD@digest.example.com/inbound/postmark"),
        ({"sendgrid_secret": ("digest:sesame-sesame",)}, "USER:PASSWORD@digest.example.com/inbound/sendgrid"),
        ({"sendgrid_public_key": (public_key(key("ours")),)}, "digest.example.com/inbound/sendgrid"),
        ({"ses_topics": (TOPIC,)}, "digest.example.com/inbound/ses"),
    ],
)
def test_the_address_for_the_provider_is_told(settings: dict[str, object], address: str) -> None:
    (line,) = told(**settings)
    assert line.startswith("ok ")
    assert line.endswith(f" https://{address}")
    assert "sesame" not in line


@pytest.mark.parametrize(
    "topic", ["digest-in", f"{TOPIC}:extra", TOPIC.replace("sns", "sqs"), "arn:aws:sns:::x"]
)
def test_what_is_no_topic_is_found(topic: str) -> None:
    (line,) = told(ses_topics=(TOPIC, topic))
    assert line.startswith("wrong")
    assert topic in line


@pytest.mark.parametrize("wrong", ["no key at all", "TUlJQg==", "-----BEGIN PUBLIC KEY-----"])
def test_what_is_no_verification_key_is_found(wrong: str) -> None:
    (line,) = told(sendgrid_public_key=(public_key(key("ours")), wrong))
    assert line.startswith("wrong  DIGEST_SENDGRID_PUBLIC_KEY")
