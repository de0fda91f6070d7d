"""Owns the examples beside the week: joining, helping, notices. It must never hold a real person, address or group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

from digest import words
from digest.outbound.examples.example import BASE, MONDAY, TUESDAY, Example, answer, frame, story_in
from digest.outbound.facts import (
    AlarmFacts,
    AnswerMailFacts,
    Choice,
    IntroductionFacts,
    InvitationFacts,
    NoticeFacts,
    NoticeKind,
    OfferFacts,
    Rhythm,
    Unreachable,
    UnreachableFacts,
    WelcomeFacts,
)

ASKED_ABOUT = (
    "same_here",
    "offer_question",
    "could_you_help",
    "did_it_help",
    "sharpen",
    "stuck",
    "closed_kindly",
)
ALARMS = {
    "en": (
        "Mails wait to be sent: 12, the first for 35 minutes. They go out when the mail server takes them. "
        "Run: digest check",
        "What came in is read again.",
    ),
    "de": (
        "Mails warten auf den Versand: 12, die erste seit 35 Minuten. Sie gehen hinaus, sobald der Mailserver sie "
        "annimmt. Hilfe gibt: digest check",
        "Was hereinkam, wird wieder gelesen.",
    ),
}
TO_NO_PARTICIPANT = ("left", "declined", "paused")
NOTICES: tuple[NoticeKind, ...] = get_args(NoticeKind)


def invitation(locale: str, repeated: bool = False) -> Example:
    facts = InvitationFacts(
        facilitator_name="Jonas",
        other_names=("Ben", "Carla", "Emil", "Jonas"),
        prompt_at=Rhythm(weekday=1, hour=9),
        digest_at=Rhythm(weekday=0, hour=9),
        join_url=f"{BASE}/join/example",
        repeated=repeated,
    )
    return Example(frame(locale, week=None, takes_part=False), facts)


def alarm(locale: str, over: bool = False) -> Example:
    """The mail to the person who runs the service."""
    late, again = ALARMS[words.spoken(locale)]
    operator = replace(
        frame(locale, to="Aylin", week=None, takes_part=False),
        group_name="Digest",
        reply_to_address=None,
        unsubscribe_url=None,
        unsubscribe_mailto=None,
        leave_url=None,
    )
    return Example(
        operator, AlarmFacts(over=(again,)) if over else AlarmFacts(standing=(late,), over=(again,))
    )


def welcome(locale: str) -> Example:
    facts = WelcomeFacts(next_prompt_at=TUESDAY + timedelta(days=7))
    return Example(answer(frame(locale, week=None)), facts)


def introduction(locale: str, to_helper: bool) -> Example:
    story, other = story_in(locale), "Mira" if to_helper else "Ben"
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
    return Example(replace(letter, reply_to_address=address), facts)


def answer_mail(locale: str, *, nameless: bool = False, back: bool = False) -> Example:
    """Ben's answer to Mira; to one who has no name in it; and what whoever asked writes back to Ben."""
    story, hidden = story_in(locale), nameless or back
    facts = AnswerMailFacts(
        number=14,
        own=not back,
        text=story.answer,
        lang=story.lang,
        writer_name=None if back else "Ben",
        by_owner=back,
        question=story.question,
        question_lang=story.lang,
        nameless=nameless,
        just_you=back,
        other_address=None if hidden else "ben@firm.example",
    )
    letter = frame(locale, to="Ben" if back else "Mira", week=None, at=MONDAY)
    address = facts.other_address or letter.reply_to_address
    thread = "<thread.example@digest.example>"
    return Example(replace(letter, reply_to_address=address, in_reply_to=thread), facts)


def offer(locale: str) -> Example:
    story = story_in(locale)
    facts = OfferFacts(
        number=14,
        question=story.question,
        lang=story.lang,
        asker_name="Mira",
        told_at=MONDAY + timedelta(minutes=25),
        undo_url=f"{BASE}/undo/example",
    )
    return Example(frame(locale, to="Ben", week=None, at=MONDAY + timedelta(minutes=15)), facts)


def unreachable(locale: str) -> Example:
    people = (
        Unreachable(name="Mira", address="mira@firm.example", gone=True),
        Unreachable(name="Ben", address="ben@firm.example", gone=False),
    )
    return Example(frame(locale, to="Jonas", week=None), UnreachableFacts(people=people))


def notice(kind: NoticeKind) -> Callable[[str], Example]:
    """Every fact that some notice may need; each says what it uses."""

    def example(locale: str) -> Example:
        story = story_in(locale)
        facts = NoticeFacts(
            kind=kind,
            at=TUESDAY + timedelta(days=7),
            address="mira.private@mail.example" if kind == "sender_unknown" else None,
            text=story.takeaway if kind == "solved_noted" else None,
            lang=story.lang,
            number=14,
            question=story.question if kind in ASKED_ABOUT else None,
            asker_name="Mira",
            reason="closed",
            choices=(Choice(number=11, text=story.unnamed_question), Choice(number=14, text=story.question)),
            count=13,
            size_limit_mb=25,
            fix_url=f"{BASE}/fix/example",
        )
        letter = frame(locale, week=None, takes_part=kind not in TO_NO_PARTICIPANT)
        return Example(answer(letter), facts)

    return example
