"""Owns the filing of entries: what a member tried, what did not work, what she asks. It must never decide
when others see it."""

from __future__ import annotations

from dataclasses import replace

from digest.domain import entry as entries, question as questions, round as rounds
from digest.domain.entry import QUESTION, UNDECIDED, Part
from digest.domain.retraction import take_name_off
from digest.inbound.filing.case import FILED, Case, Outcome
from digest.reading.meaning.interpret import Reading


def file_question(case: Case) -> Outcome:
    """What is written to her ask address is asked: the questions in it with their story, else all of it."""
    reading = case.reading
    if not reading.questions and reading.reply.strip():
        asked = (reading.reply.strip(),)
        reading = replace(reading, questions=asked, tried=None, failed=None, undecided=())
    return file_entry(replace(case, reading=reading))


def file_entry(case: Case) -> Outcome:
    """Into the current round, whichever prompt was answered; a later reply replaces the parts that it
    names."""
    current = rounds.current_round(case.session, case.group_id, case.now)
    if current is None:
        case.say("closed_address", f"day:{case.now.date()}")
        return Outcome("held", "no-round")
    parts = parts_of(case.reading)
    if not parts:
        case.say("nothing_readable")
        return Outcome("held", "nothing-readable")
    entry = entries.entry_for(case.session, current.id, case.member.id, case.now)
    replaced = entries.replace_waiting(case.session, entry, {part.key for part in parts}, case.now)
    questions.withdraw_questions(case.session, replaced, case.now)
    sections = entries.write(
        case.session,
        entry,
        parts,
        anonymous=case.reading.anonymous,
        source_message_id=case.row.id,
        received_at=case.row.received_at,
    )
    for section in sections:
        if section.key == QUESTION:
            questions.ask(case.session, section, case.member, case.now)
    case.row.round_id = current.id
    if case.reading.anonymous:
        take_name_off(case.session, entries.locked(case.session, entry.sections))
        case.say_what_was_shown(entry.sections, [])
    case.say("receipt", occasion_word=case.reading.intent)
    return FILED


def parts_of(reading: Reading) -> list[Part]:
    """The sections of a reading in the order in which others read them; what is undecided stays with its
    writer."""
    one_each = (("tried", reading.tried), ("failed", reading.failed))
    parts = [Part(key, text, reading.language) for key, text in one_each if text]
    parts += [Part(QUESTION, text, reading.language) for text in reading.questions]
    return parts + [Part(UNDECIDED, text, reading.language) for text in reading.undecided]


def file_skip(case: Case) -> Outcome:
    """Nothing this week: noted, and nobody else learns of it."""
    current = rounds.current_round(case.session, case.group_id, case.now)
    if current is not None:
        entry = entries.entry_for(case.session, current.id, case.member.id, case.now)
        entry.skipped = not any(section.is_waiting for section in entry.sections)
        case.row.round_id = current.id
    case.say("skip_noted")
    return FILED
