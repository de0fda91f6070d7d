"""Owns one invented example of each mail, in English and German, for `digest preview` and the tests.

It must never hold a real person, address or group.
"""

from __future__ import annotations

from collections.abc import Callable

from digest.outbound.compose import beforehand, compose
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.examples.example import Example
from digest.outbound.examples.letters import (
    NOTICES,
    alarm,
    answer_mail,
    introduction,
    invitation,
    notice,
    offer,
    unreachable,
    welcome,
)
from digest.outbound.examples.week import (
    digest,
    prompt,
    questions,
    receipt,
    receipt_in_doubt,
    receipt_on_hold,
)
from digest.outbound.facts import InvitationFacts

EXAMPLES: dict[str, Callable[[str], Example]] = {
    "invitation": invitation,
    "invitation_repeated": lambda locale: invitation(locale, repeated=True),
    "welcome": welcome,
    "prompt": prompt,
    "prompt_first": lambda locale: prompt(locale, first=True),
    "receipt": receipt,
    "receipt_in_doubt": receipt_in_doubt,
    "receipt_on_hold": receipt_on_hold,
    "questions": questions,
    "digest": digest,
    "answer": answer_mail,
    "answer_to_unnamed": lambda locale: answer_mail(locale, nameless=True),
    "answer_back": lambda locale: answer_mail(locale, back=True),
    "offer": offer,
    "introduction_to_asker": lambda locale: introduction(locale, to_helper=False),
    "introduction_to_helper": lambda locale: introduction(locale, to_helper=True),
    "unreachable": unreachable,
    "alarm": alarm,
    "alarm_over": lambda locale: alarm(locale, over=True),
    **{kind: notice(kind) for kind in NOTICES},
}


def preview(mail: str, locale: str = "en") -> ComposedMessage:
    """The mail of that name (one of `mails()`, "-" or "_") as an invented member gets it. Raises KeyError."""
    example = EXAMPLES[mail.replace("-", "_")](locale)
    return compose(example.frame, example.facts)


def preview_beforehand(locale: str = "en") -> str:
    """The four lines that a facilitator sends before the invitation."""
    example = invitation(locale)
    assert isinstance(example.facts, InvitationFacts)
    return beforehand(example.frame, example.facts)


def mails() -> tuple[str, ...]:
    """The names that `preview` knows."""
    return tuple(EXAMPLES)
