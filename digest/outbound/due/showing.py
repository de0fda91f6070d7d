"""Owns what becomes visible to the others with a mail to the group, and how a question stands in it; decided in the
transaction that puts the mails out. It must never let a name, an order or a date tell who wrote without a name.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from digest.domain.groups.group import Group, Member
from digest.domain.questions import question as questions
from digest.domain.questions.answering import Heard, answers_to, heard, names_may_stand, sections_answered_at
from digest.domain.questions.question import Answer, Question
from digest.domain.rounds import entry as entries
from digest.domain.rounds.entry import QUESTION, Section
from digest.outbound.facts import AnswerShown, EntryShown, OpenQuestion, Passage
from digest.outbound.stamp import Stamp


def reveal(session: Session, group: Group, sections: Sequence[Section], now: datetime) -> bool:
    """The sections, locked and waiting, are seen from now on, their questions numbered; whether with names."""
    named = not entries.anybody_nameless(session, {section.entry.round_id for section in sections})
    for section in sections:
        section.shown_at, section.shown_with_name = now, named
    asked = questions.asked_in(session, [section.id for section in sections if section.key == QUESTION])
    random.shuffle(asked)  # neither the order nor a number tells who wrote first
    questions.give_numbers(group, [question for question in asked if question.state == "open"])
    session.flush()
    return named


def in_order(standing: Sequence[Question]) -> list[Question]:
    """Oldest and least helped first; within a day the number, which was drawn, decides."""
    return sorted(standing, key=lambda q: (since(q), len(helpers(q)) + len(answers(q)), q.number))


def since(question: Question) -> date:
    """The day since which a question waits: without a name, the day on which it was shown."""
    named = question.shown_name is not None
    instant = question.asked_at if named else (question.section.shown_at or question.asked_at)
    return instant.astimezone(ZoneInfo(question.section.entry.member.group.timezone)).date()


def helpers(question: Question) -> tuple[str, ...]:
    told = [offer.member.name for offer in question.offers if offer.state == "told"]
    return tuple(told) if names_may_stand(question, _by_others(question)) else ()


def _by_others(question: Question) -> list[Answer]:
    shown = [one for one in question.answers if one.is_standing and one.shown_at is not None]
    return [one for one in shown if one.member_id != question.member_id]


def answers(question: Question) -> tuple[AnswerShown, ...]:
    return _shown(heard(question, question.answers))


def _shown(answers: Sequence[Heard]) -> tuple[AnswerShown, ...]:
    return tuple(
        AnswerShown(name=one.name, by_asker=one.by_owner, text=one.answer.text, lang=one.answer.lang)
        for one in answers
    )


def entry_shown(sections: Sequence[Section]) -> EntryShown:
    """What one member wrote besides questions, as the group was shown it."""
    return EntryShown(
        name=sections[0].entry.member.name if all(s.shown_with_name for s in sections) else None,
        passages=tuple(Passage(key=s.key, text=s.text, lang=s.lang) for s in sections),
        number=next((s.number for s in sections if s.number), None),
    )


def entries_answered(session: Session, group_id: int, shown_at: datetime) -> tuple[EntryShown, ...]:
    """What was tried before and had new answers shown at that instant, by number, with all its answers."""
    answered = sections_answered_at(session, group_id, shown_at)
    return tuple(
        replace(entry_shown(_tried(section)), answers=_shown(heard(section, answers_to(session, section))))
        for section in answered
        if section.number is not None
    )


def _tried(section: Section) -> list[Section]:
    return [part for part in entries.shown_beside(section) if part.key != QUESTION]


def open_question(stamp: Stamp, question: Question, reader: Member) -> OpenQuestion:
    """The question as it stands in a mail to that member."""
    own, number = question.member_id == reader.id, question.number or 0
    story = questions.story_of(question)
    return OpenQuestion(
        number=number,
        asker_name=question.shown_name,
        text=question.text,
        lang=question.section.lang,
        tried=story.get("tried"),
        failed=story.get("failed"),
        asked_on=since(question),
        own=own,
        helper_names=helpers(question),
        answers=answers(question),
        help_url=None if own else stamp.url("help", number),
        whole_url=stamp.url("whole", number),
    )


def with_page(stamp: Stamp, entry: EntryShown) -> EntryShown:
    """With the link to the page that has the whole of it and its answers."""
    return replace(entry, whole_url=stamp.url("whole", entry.number or 0))
