"""Owns one invented example of each mail, in English and German, for `digest preview` and the tests.

It must never hold a real person, address or group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from digest import words
from digest.outbound.compose import Facts, beforehand, compose
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.example_words import ENGLISH, GERMAN, Story
from digest.outbound.facts import (
    AnswerAsRead,
    AnswerShown,
    Choice,
    DigestFacts,
    EntryShown,
    FirstTime,
    IntroductionFacts,
    InvitationFacts,
    NoticeFacts,
    NoticeKind,
    OfferFacts,
    OpenQuestion,
    Passage,
    PromptFacts,
    ReceiptFacts,
    Rhythm,
    SolvedQuestion,
    WelcomeFacts,
)
from digest.outbound.frame import Frame

TUESDAY = datetime(2027, 4, 6, 7, 0, tzinfo=UTC)  # 09:00 in Berlin, ISO week 14
MONDAY = TUESDAY + timedelta(days=6)
DOMAIN = "digest.example"
BASE = f"https://{DOMAIN}"


@dataclass(frozen=True)
class Example:
    """What one mail is made of."""

    frame: Frame
    facts: Facts


def preview(mail: str, locale: str = "en") -> ComposedMessage:
    """The mail of that name (one of `mails()`, "-" or "_") as an invented member gets it. Raises KeyError."""
    example = EXAMPLES[mail.replace("-", "_")](locale)
    return compose(example.frame, example.facts)


def preview_beforehand(locale: str = "en") -> str:
    """The four lines that a facilitator sends before the invitation."""
    example = _invitation(locale)
    assert isinstance(example.facts, InvitationFacts)
    return beforehand(example.frame, example.facts)


def mails() -> tuple[str, ...]:
    """The names that `preview` knows."""
    return tuple(EXAMPLES)


def frame(locale: str, to: str = "Mira", week: int | None = 14, at: datetime = TUESDAY) -> Frame:
    story = _story(locale)
    return Frame(
        locale=locale,
        timezone="Europe/Berlin",
        group_name=story.group,
        group_task=story.task,
        until=date(2027, 7, 1),
        week=week,
        list_id_local="g-7k2xq4mz",
        recipient_name=to,
        recipient_address=f"{to.lower()}@firm.example",
        from_address=f"groups@{DOMAIN}",
        reply_to_address=f"r-abcdefghijklmnopqrstuvwxyz@in.{DOMAIN}",
        envelope_from=f"groups@{DOMAIN}",
        message_id=f"<example.{at:%Y%m%d}@{DOMAIN}>",
        date=at,
        base_url=BASE,
        unsubscribe_url=f"{BASE}/unsubscribe/example",
        unsubscribe_mailto=f"r-abcdefghijklmnopqrstuvwxyz@in.{DOMAIN}",
        leave_url=f"{BASE}/leave/example",
    )


def _story(locale: str) -> Story:
    return GERMAN if words.spoken(locale) == "de" else ENGLISH


def _invitation(locale: str, repeated: bool = False) -> Example:
    facts = InvitationFacts(
        facilitator_name="Jonas",
        other_names=("Ben", "Carla", "Emil", "Jonas"),
        prompt_at=Rhythm(weekday=1, hour=9),
        digest_at=Rhythm(weekday=0, hour=9),
        join_url=f"{BASE}/join/example",
        repeated=repeated,
    )
    return Example(frame(locale, week=None), facts)


def _welcome(locale: str) -> Example:
    facts = WelcomeFacts(next_prompt_at=TUESDAY + timedelta(days=7))
    return Example(_answer(frame(locale, week=None)), facts)


def _prompt(locale: str, first: bool = False) -> Example:
    story = _story(locale)
    facts = PromptFacts(
        others_see_at=MONDAY,
        example=story.example,
        example_by="Jonas",
        example_lang=story.lang,
        first_time=FirstTime(facilitator_name="Jonas", other_names=("Ben", "Carla", "Emil", "Jonas"))
        if first
        else None,
        quiet_first_weeks=True,
    )
    return Example(frame(locale), facts)


def _receipt(locale: str) -> Example:
    story = _story(locale)
    facts = ReceiptFacts(
        passages=(
            Passage(key="tried", text=story.tried, lang=story.lang),
            Passage(key="failed", text=story.failed, lang=story.lang),
            Passage(key="question", text=story.question, lang=story.lang),
        ),
        recipient_names=("Ben", "Carla", "Emil", "Jonas"),
        shown_at=MONDAY,
        left_out=("signature",),
        fix_url=f"{BASE}/fix/example",
        undo_url=f"{BASE}/undo/example",
    )
    return Example(_answer(frame(locale)), facts)


def _receipt_in_doubt(locale: str) -> Example:
    """Without a name, to an earlier prompt, with a part that is kept back and an answer to a question."""
    story, example = _story(locale), _receipt(locale)
    assert isinstance(example.facts, ReceiptFacts)
    facts = replace(
        example.facts,
        passages=example.facts.passages[2:],
        named=False,
        for_other_week=True,
        undecided=(Passage(key="undecided", text=story.aside, lang=story.lang),),
        answers=(AnswerAsRead(number=12, asker_name="Carla", text=story.answer, lang=story.lang),),
        left_out=("signature", "disclaimer"),
    )
    return Example(example.frame, facts)


def _digest(locale: str) -> Example:
    story = _story(locale)
    facts = DigestFacts(
        questions=(*_open_questions(story), _own_question(story)),
        entries=(
            EntryShown(
                name="Emil",
                passages=(
                    Passage(key="tried", text=story.other_tried, lang=story.lang),
                    Passage(key="failed", text=story.other_failed, lang=story.lang),
                ),
            ),
        ),
        solved=(
            SolvedQuestion(
                number=12,
                text=story.solved,
                lang=story.lang,
                helper_names=("Emil",),
                asker_name="Jonas",
                takeaway=story.takeaway,
                takeaway_lang=story.lang,
            ),
        ),
    )
    return Example(frame(locale, to="Ben", week=15, at=MONDAY), facts)


def _open_questions(story: Story) -> tuple[OpenQuestion, ...]:
    return (
        OpenQuestion(
            number=11,
            asker_name=None,
            text=story.unnamed_question,
            lang=story.lang,
            asked_on=date(2027, 3, 30),
            help_url=f"{BASE}/help/example-11",
        ),
        OpenQuestion(
            number=14,
            asker_name="Mira",
            text=story.question,
            lang=story.lang,
            tried=story.tried,
            failed=story.failed,
            asked_on=date(2027, 4, 6),
            helper_names=("Carla",),
            answers=(AnswerShown(name="Carla", text=story.answer, lang=story.lang),),
            help_url=f"{BASE}/help/example-14",
        ),
    )


def _own_question(story: Story) -> OpenQuestion:
    return OpenQuestion(
        number=13,
        asker_name="Ben",
        text=story.own_question,
        lang=story.lang,
        asked_on=date(2027, 4, 8),
        own=True,
    )


def _introduction(locale: str, to_helper: bool) -> Example:
    story, other = _story(locale), "Mira" if to_helper else "Ben"
    address = f"{other.lower()}@firm.example"
    facts = IntroductionFacts(
        to_helper=to_helper,
        number=14,
        question=story.question,
        lang=story.lang,
        asker_name="Mira",
        helper_name="Ben",
        other_address=address,
        asked_on=date(2027, 4, 6),
    )
    letter = frame(locale, to="Ben" if to_helper else "Mira", week=None, at=MONDAY)
    return Example(replace(letter, reply_to_address=address, reply_to_name=other), facts)


def _offer(locale: str) -> Example:
    story = _story(locale)
    facts = OfferFacts(
        number=14,
        question=story.question,
        lang=story.lang,
        asker_name="Mira",
        told_at=MONDAY + timedelta(minutes=25),
        undo_url=f"{BASE}/undo/example",
    )
    return Example(frame(locale, to="Ben", week=None, at=MONDAY + timedelta(minutes=15)), facts)


def _notice(kind: NoticeKind) -> Callable[[str], Example]:
    """Every fact that some notice may need; each says what it uses."""

    def example(locale: str) -> Example:
        story = _story(locale)
        facts = NoticeFacts(
            kind=kind,
            at=TUESDAY + timedelta(days=7),
            address="mira.private@mail.example" if kind == "sender_unknown" else None,
            text=story.tried if kind == "sender_unknown" else None,
            lang=story.lang,
            number=14,
            question=story.question if kind == "offer_question" else None,
            asker_name="Mira",
            reason="closed",
            choices=(Choice(number=11, text=story.unnamed_question), Choice(number=14, text=story.question)),
            count=13,
            size_limit_mb=25,
            fix_url=f"{BASE}/fix/example",
        )
        return Example(_answer(frame(locale, week=None)), facts)

    return example


def _answer(letter: Frame) -> Frame:
    """The same frame for a mail that answers one of the recipient's."""
    return replace(letter, answers_a_message=True, in_reply_to="<reply@firm.example>", envelope_from="")


NOTICES: tuple[NoticeKind, ...] = (
    "paused",
    "resumed",
    "left",
    "declined",
    "joined_already",
    "sender_unknown",
    "too_large",
    "nothing_readable",
    "closed_address",
    "undone",
    "undo_too_late_withdrawn",
    "withdrawn",
    "later_noted",
    "skip_noted",
    "anonymous_noted",
    "help_undone",
    "offer_question",
    "help_not_possible",
    "number_unknown",
    "group_grows",
)
EXAMPLES: dict[str, Callable[[str], Example]] = {
    "invitation": _invitation,
    "invitation_repeated": lambda locale: _invitation(locale, repeated=True),
    "welcome": _welcome,
    "prompt": _prompt,
    "prompt_first": lambda locale: _prompt(locale, first=True),
    "receipt": _receipt,
    "receipt_in_doubt": _receipt_in_doubt,
    "digest": _digest,
    "offer": _offer,
    "introduction_to_asker": lambda locale: _introduction(locale, to_helper=False),
    "introduction_to_helper": lambda locale: _introduction(locale, to_helper=True),
    **{kind: _notice(kind) for kind in NOTICES},
}
