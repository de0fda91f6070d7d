"""Owns the values of the mails between who asks and who helps. It must never hold a row or a finished word.

A name of None is a person who wrote without it; an address of None: one of the two has no name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class IntroductionFacts:
    """One of the two mails after an offer; the frame's Reply-To is the other's address, if there is one."""

    to_helper: bool
    number: int
    question: str
    lang: str | None = None
    asker_name: str | None  # None: asked without a name; the helper's mail then has no address
    helper_name: str
    other_address: str | None = None  # of the person that the recipient is introduced to
    asked_on: date


@dataclass(frozen=True, kw_only=True)
class AnswerMailFacts:
    """To one person what another wrote to her question, to what she tried, or back to her."""

    number: int
    own: bool  # the recipient asked, or tried it
    to_entry: bool = False  # it is about what somebody tried, not about a question
    text: str
    lang: str | None = None
    writer_name: str | None
    by_owner: bool = False  # written by who asked or tried it
    question: str
    question_lang: str | None = None
    nameless: bool = False  # the recipient has no name in this conversation
    just_you: bool = False  # nobody else sees it
    other_address: str | None = None  # of the writer; None where one of the two has no name


@dataclass(frozen=True, kw_only=True)
class OfferFacts:
    """To the helper, at once."""

    number: int
    question: str
    lang: str | None = None
    asker_name: str | None
    told_at: datetime  # when the asker hears of it
    undo_url: str | None = None
