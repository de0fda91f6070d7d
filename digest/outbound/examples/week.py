"""Owns the examples of a week: prompt, receipt, digest. It must never hold a real person, address or group."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from digest.outbound.examples.example import BASE, MONDAY, TUESDAY, Example, answer, frame, story_in
from digest.outbound.examples.story import Story
from digest.outbound.facts import (
    AnswerAsRead,
    AnswerShown,
    DigestFacts,
    EntryShown,
    FirstTime,
    OpenQuestion,
    Passage,
    PromptFacts,
    QuestionMailFacts,
    ReceiptFacts,
    SolvedQuestion,
)


def prompt(locale: str, first: bool = False) -> Example:
    story = story_in(locale)
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


def receipt(locale: str) -> Example:
    story = story_in(locale)
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
    return Example(answer(frame(locale)), facts)


def receipt_in_doubt(locale: str) -> Example:
    """Without a name, to an earlier prompt, with a part that is kept back and an answer to a question."""
    story, example = story_in(locale), receipt(locale)
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


def receipt_on_hold(locale: str) -> Example:
    """To somebody whose mailbox complained of our mail."""
    example = receipt(locale)
    return replace(example, frame=replace(example.frame, hushed=True))


def digest(locale: str) -> Example:
    story = story_in(locale)
    facts = DigestFacts(
        questions=(*_open_questions(story), _own_question(story)),
        entries=(
            EntryShown(
                name="Emil",
                number=16,
                passages=(
                    Passage(key="tried", text=story.other_tried, lang=story.lang),
                    Passage(key="failed", text=story.other_failed, lang=story.lang),
                ),
            ),
        ),
        answered=(_answered_entry(story),),
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


def _answered_entry(story: Story) -> EntryShown:
    """What Carla tried a week ago, and what Emil says to it."""
    return EntryShown(
        name="Carla",
        number=13,
        passages=(Passage(key="tried", text=story.earlier_tried, lang=story.lang),),
        answers=(AnswerShown(name="Emil", text=story.earlier_answer, lang=story.lang),),
        whole_url=f"{BASE}/whole/example-13",
    )


def questions(locale: str) -> Example:
    """Two new questions, one of them the reader's own, and an answer to an older one."""
    story = story_in(locale)
    unnamed, answered = _open_questions(story)
    asked = (replace(unnamed, asked_on=TUESDAY.date()), _own_question(story))
    facts = QuestionMailFacts(asked=asked, answered=(answered,), answered_entries=(_answered_entry(story),))
    return Example(frame(locale, to="Ben", week=None), facts)


def _own_question(story: Story) -> OpenQuestion:
    return OpenQuestion(
        number=15,
        asker_name="Ben",
        text=story.own_question,
        lang=story.lang,
        asked_on=date(2027, 4, 8),
        own=True,
    )
