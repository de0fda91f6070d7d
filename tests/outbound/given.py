"""Owns the values that the tests of outbound start from. It must never hold an expectation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache

from digest.outbound.composed_message import ComposedMessage
from digest.outbound.examples import EXAMPLES, preview
from digest.outbound.examples.example import BASE, MONDAY, frame
from digest.outbound.facts import DigestFacts, Frame, OpenQuestion

EVERY_MAIL = [(name, locale) for name in EXAMPLES for locale in ("en", "de")]


@cache
def example_mail(name: str, locale: str) -> ComposedMessage:
    return preview(name, locale)


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def monday_frame(locale: str = "en", **other: object) -> Frame:
    return replace(frame(locale, to="Ben", week=15, at=MONDAY), **other)


def open_question(number: int, **other: object) -> OpenQuestion:
    plain = OpenQuestion(
        number=number,
        asker_name="Mira",
        text="which glue holds below five degrees?",
        asked_on=date(2027, 4, 6) - timedelta(days=number),
        help_url=f"{BASE}/help/{number}",
        whole_url=f"{BASE}/whole/{number}",
    )
    return replace(plain, **other)


def crowded_digest(text: str, count: int = 40) -> DigestFacts:
    """`count` open questions, each of whose three texts is `text`."""
    questions = (open_question(n, text=text, tried=text, failed=text) for n in range(1, count + 1))
    return DigestFacts(questions=tuple(questions))
