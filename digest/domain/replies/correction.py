"""Owns a writer's changes to her own entry and answers after they were read: reworded, added, included, taken
back, withdrawn. It must never change what others have seen other than by withdrawing it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from digest.domain.mails.record import InboundMessage
from digest.domain.questions import question as questions
from digest.domain.questions.question import Answer
from digest.domain.replies.retraction import take_name_off, take_out
from digest.domain.rounds import entry as entries
from digest.domain.rounds.entry import QUESTION, UNDECIDED, Entry, Part, Section


@dataclass(frozen=True)
class Correction:
    """What the writer wants. Keys are ids of sections or answers; ids that are not hers count for nothing."""

    texts: Mapping[int, str] = field(default_factory=dict[int, str])  # waiting sections; "" takes one back
    added: Sequence[Part] = ()
    included: Mapping[int, str] = field(default_factory=dict[int, str])  # undecided sections: as which key
    answers: Mapping[int, str] = field(default_factory=dict[int, str])  # waiting answers; "" takes one back
    withdrawn: frozenset[int] = frozenset()  # sections that others have seen
    withdrawn_answers: frozenset[int] = frozenset()
    anonymous: bool = False


@dataclass
class Corrected:
    """What became of it. `too_late` are the words for sections that were shown or replaced meanwhile."""

    changed: bool = False
    withdrawn: int = 0
    too_late: dict[int, str] = field(default_factory=dict[int, str])


def may_lift_anonymity(entry: Entry) -> bool:
    """A name may come back only while nothing was shown without it."""
    return all(section.shown_at is None for section in entry.sections)


def correct(
    session: Session, entry: Entry, wanted: Correction, source_message_id: int, now: datetime
) -> Corrected:
    """Change the parts of an entry that nobody has seen; new words count as part of message `source_message_id`."""
    sections = {section.id: section for section in entries.locked(session, entry.sections)}
    done = Corrected()
    for section_id, text in wanted.texts.items():
        if section := sections.get(section_id):
            _reword(session, section, text, source_message_id, now, done)
    for section_id, key in wanted.included.items():
        section = sections.get(section_id)
        if section and section.key == UNDECIDED and section.is_waiting:
            _replace(session, section, Part(key, section.text, section.lang), source_message_id, now, done)
    for part in wanted.added:
        if not _stands(entry, part.key, part.text):
            _write(session, entry, part, source_message_id, now)
            done.changed = True
    _withdraw(session, [sections[id] for id in wanted.withdrawn & sections.keys()], now, done)
    _set_anonymous(session, entry, wanted.anonymous, done)
    session.flush()
    session.expire(entry, ["sections"])
    return done


def correct_answers(
    session: Session, answers: Sequence[Answer], wanted: Correction, now: datetime
) -> Corrected:
    """Change the answers of one message that nobody has seen yet; withdraw the others."""
    done = Corrected()
    fresh = select(Answer).where(Answer.id.in_([answer.id for answer in answers])).with_for_update(of=Answer)
    for answer in session.scalars(fresh.execution_options(populate_existing=True)):
        _correct_answer(session, answer, wanted, now, done)
    if wanted.anonymous:
        _mark_anonymous(session, {answer.source_message_id for answer in answers})
    session.flush()
    return done


def _correct_answer(
    session: Session, answer: Answer, wanted: Correction, now: datetime, done: Corrected
) -> None:
    text = wanted.answers.get(answer.id)
    if not answer.is_standing:
        return
    if answer.seen_at is not None:
        if answer.id in wanted.withdrawn_answers:
            take_out(session, [], [answer], now)
            done.withdrawn, done.changed = done.withdrawn + int(answer.withdrawn_at is not None), True
    elif text == "":
        answer.taken_back_at, done.changed = now, True
    elif text is not None and text != answer.text:
        answer.text, done.changed = text, True
    if answer.seen_at is None and wanted.anonymous and not answer.anonymous:
        answer.anonymous, done.changed = True, True


def _reword(
    session: Session, section: Section, text: str, source_message_id: int, now: datetime, done: Corrected
) -> None:
    if text == section.text or (text and _stands(section.entry, section.key, text)):
        return
    if not section.is_waiting:
        if text:
            done.too_late[section.id] = text
    elif text:
        _replace(session, section, Part(section.key, text, section.lang), source_message_id, now, done)
    else:
        entries.take_back(session, [section.id], now)
        questions.withdraw_questions(session, [section.id], now)
        done.changed = True


def _stands(entry: Entry, key: str, text: str) -> bool:
    """Whether those words are there already, so that a form sent twice counts once."""
    return any(part.is_waiting and part.key == key and part.text == text for part in entry.sections)


def _replace(
    session: Session, old: Section, part: Part, source_message_id: int, now: datetime, done: Corrected
) -> None:
    """New words in the place of old ones: shown when those would have been."""
    old.replaced_at = now
    questions.withdraw_questions(session, [old.id], now)
    new = _write(session, old.entry, part, source_message_id, old.received_at)
    new.not_before = old.not_before
    done.changed = True


def _write(
    session: Session, entry: Entry, part: Part, source_message_id: int, received_at: datetime
) -> Section:
    (section,) = entries.write(
        session,
        entry,
        [part],
        anonymous=entry.anonymous,
        source_message_id=source_message_id,
        received_at=received_at,
    )
    if part.key == QUESTION:
        questions.ask(session, section, entry.member)
    return section


def _withdraw(session: Session, sections: Sequence[Section], now: datetime, done: Corrected) -> None:
    seen = [section for section in sections if section.shown_at and section.withdrawn_at is None]
    take_out(session, seen, [], now)
    done.withdrawn += sum(section.withdrawn_at is not None for section in seen)
    done.changed = done.changed or bool(seen)


def _set_anonymous(session: Session, entry: Entry, anonymous: bool, done: Corrected) -> None:
    """Without her name covers the whole reply, so also the record of the messages that it came in."""
    if anonymous == entry.anonymous or not (anonymous or may_lift_anonymity(entry)):
        return
    entry.anonymous, done.changed = anonymous, True
    if anonymous:
        take_name_off(session, entries.locked(session, entry.sections))
        _mark_anonymous(session, {section.source_message_id for section in entry.sections})


def _mark_anonymous(session: Session, source_ids: set[int | None]) -> None:
    sources = InboundMessage.id.in_(source_ids - {None})
    session.execute(update(InboundMessage).where(sources).values(anonymous=True))
