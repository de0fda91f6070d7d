"""Owns the values of the mails of a week: from the invitation and the prompt to the digest. It must never hold a row or
a finished word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Weekday = Literal[0, 1, 2, 3, 4, 5, 6]  # Monday is 0


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of what a member is asked for.

    Known keys: tried, failed, question, meaning, friction, done, understand.
    """

    key: str
    label: str | None = None  # the facilitator's own words for it, shown instead of ours


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What a person wrote for one section."""

    key: str
    text: str
    lang: str | None = None
    label: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """When something happens each week, in the group's zone."""

    weekday: Weekday
    hour: int
    minute: int = 0


LEARNING_LOG = (Section(key="tried"), Section(key="failed"), Section(key="question"))


@dataclass(frozen=True, kw_only=True)
class InvitationFacts:
    facilitator_name: str | None  # None where nobody is named as such
    other_names: tuple[str, ...]  # those who will be sent what this person writes, without herself
    sections: tuple[Section, ...] = LEARNING_LOG
    prompt_at: Rhythm
    digest_at: Rhythm
    join_url: str | None = None
    repeated: bool = False  # the one reminder after a week


@dataclass(frozen=True, kw_only=True)
class WelcomeFacts:
    next_prompt_at: datetime | None  # None where no further round is planned


@dataclass(frozen=True, kw_only=True)
class FirstTime:
    """The invitation's paragraph, in the first mail of somebody whose consent was given elsewhere."""

    facilitator_name: str | None
    other_names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PromptFacts:
    sections: tuple[Section, ...] = LEARNING_LOG
    others_see_at: datetime  # the digest that shows it
    questions_go_in: int | None = None  # minutes until questions go round; None: with the digest
    example: str | None = None  # the facilitator's own
    example_by: str | None = None
    example_lang: str | None = None
    first_time: FirstTime | None = None
    quiet_first_weeks: bool = False  # the group is new: "first weeks are often quiet"


LeftOutKind = Literal["quote", "signature", "footer", "disclaimer", "greeting", "closing", "forwarded"]
ReceiptOccasion = Literal["entry", "correction", "anonymous", "answer"]


@dataclass(frozen=True, kw_only=True)
class AnswerAsRead:
    """What a member wrote to a question, as the others will see it."""

    number: int
    asker_name: str | None
    text: str
    lang: str | None = None
    to_entry: bool = False  # to what somebody tried, not to a question


@dataclass(frozen=True, kw_only=True)
class ReceiptFacts:
    """How a reply was read: word for word what others will see, under which name, who they are and when."""

    occasion: ReceiptOccasion = "entry"
    passages: tuple[Passage, ...] = ()
    answers: tuple[AnswerAsRead, ...] = ()
    named: bool = True
    recipient_names: tuple[str, ...]
    shown_at: datetime
    questions_shown_at: datetime | None = None  # where questions go round earlier than the rest
    left_out: tuple[LeftOutKind, ...] = ()
    undecided: tuple[Passage, ...] = ()  # kept for the writer, shown to nobody (key is ignored)
    for_other_week: bool = False  # a reply to an earlier prompt, counted for this round
    answers_told_at: datetime | None = None  # when those who asked get the answers, before the others
    just_you: bool = False  # the answers are for nobody else
    few: bool = False  # the group is so small that style and timing may tell who wrote without a name
    fix_url: str | None = None
    undo_url: str | None = None
    anonymous_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerShown:
    name: str | None
    by_asker: bool = False  # what whoever asked adds
    text: str
    lang: str | None = None


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    number: int
    asker_name: str | None
    text: str
    lang: str | None = None
    tried: str | None = None
    failed: str | None = None
    asked_on: date  # in the group's zone
    own: bool = False  # asked by the recipient
    helper_names: tuple[str, ...] = ()  # who said "I can help"
    answers: tuple[AnswerShown, ...] = ()  # oldest first
    help_url: str | None = None
    whole_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class EntryShown:
    """What one member wrote besides questions. In a round with an anonymous reply every name is None."""

    name: str | None
    passages: tuple[Passage, ...]
    number: int | None = None  # by which it can be answered
    answers: tuple[AnswerShown, ...] = ()
    whole_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class SolvedQuestion:
    number: int
    text: str
    lang: str | None = None
    helper_names: tuple[str, ...] = ()
    asker_name: str | None = None
    takeaway: str | None = None  # what the asker takes away, in her words
    takeaway_lang: str | None = None


@dataclass(frozen=True, kw_only=True)
class DigestFacts:
    """Monday's message; `questions` in the order in which they are shown: oldest and least helped first."""

    questions: tuple[OpenQuestion, ...] = ()
    entries: tuple[EntryShown, ...] = ()
    answered: tuple[EntryShown, ...] = ()  # of an earlier week, with an answer that is new
    solved: tuple[SolvedQuestion, ...] = ()
    asks_meaning: bool = True  # "What does this mean for us?"


@dataclass(frozen=True, kw_only=True)
class QuestionMailFacts:
    """What goes round the same day: the new questions, and older ones with an answer that is new."""

    asked: tuple[OpenQuestion, ...]
    answered: tuple[OpenQuestion, ...] = ()
    answered_entries: tuple[EntryShown, ...] = ()
