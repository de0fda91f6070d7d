"""Owns the filing of entries: what a member tried, what did not work, what she asks. It must never decide
when others see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digest.domain.groups.notice import notify_all
from digest.domain.replies import intake
from digest.domain.replies.intake import Reply
from digest.domain.replies.retraction import take_name_off
from digest.domain.rounds import entry as entries, round as rounds
from digest.domain.rounds.entry import QUESTION, UNDECIDED, Part
from digest.domain.rounds.round import Round
from digest.inbound.filing.case import REPEATED, Case, Outcome
from digest.reading.meaning.interpret import Reading


def file_question(case: Case) -> Outcome:
    """What is written to her ask address is asked: the questions in it with their story, else all of it."""
    reading = case.reading
    if not reading.questions and reading.reply.strip():
        asked = (reading.reply.strip(),)
        reading = replace(reading, questions=asked, tried=None, failed=None, undecided=())
    return file_entry(replace(case, reading=reading))


def file_entry(case: Case) -> Outcome:
    """Into the current round, whichever prompt was answered."""
    (outcome,) = file_entries([case])
    return outcome


def file_entries(cases: Sequence[Case]) -> list[Outcome]:
    """Entries of several members of one group at once; a later reply replaces the parts that it names. What others have
    seen of her in the very same words is not asked or told anew.
    """
    if not cases:
        return []
    first = cases[0]
    current = rounds.current_round(first.session, first.group_id, first.now)
    read = [(case, parts_of(case.reading)) for case in cases]
    if current is None:
        return [_outcome(case, current, parts) for case, parts in read]
    shown = intake.shown_in(first.session, current, [case.member.id for case in cases])
    new = [(case, _not_in(shown, case, parts)) for case, parts in read]
    _write(current, [(case, parts) for case, parts in new if parts])
    return [
        REPEATED if parts and not fresh else _outcome(case, current, parts)
        for (case, parts), (_, fresh) in zip(read, new, strict=True)
    ]


def _not_in(shown: dict[tuple[int, str, str], bool], case: Case, parts: list[Part]) -> list[Part]:
    """What was seen with her name she may write once more to take it off."""
    named = [shown.get((case.member.id, part.key, part.text)) for part in parts]
    again = case.reading.anonymous
    return [part for part, name in zip(parts, named, strict=True) if name is None or (again and name)]


def _write(current: Round, written: Sequence[tuple[Case, list[Part]]]) -> None:
    if not written:
        return
    first, _ = written[0]
    entry_ids = intake.take_in(
        first.session,
        current,
        first.member.group,
        [
            Reply(case.member.id, parts, case.reading.anonymous, case.row.id, case.row.received_at)
            for case, parts in written
        ],
        first.now,
    )
    notify_all(
        first.session, [case.saying("receipt", occasion_word=case.reading.intent) for case, _ in written]
    )
    for case, _ in written:
        if case.reading.anonymous:
            entry = intake.entry_with(case.session, entry_ids[case.member.id])
            take_name_off(case.session, entries.locked(case.session, entry.sections))
            case.say_what_was_shown(entry.sections, [])


def _outcome(case: Case, current: Round | None, parts: Sequence[Part]) -> Outcome:
    if current is None:
        case.say("closed_address", f"day:{case.now.date()}")
        return Outcome("held", "no-round")
    if not parts:
        case.say("nothing_readable")
        return Outcome("held", "nothing-readable")
    return Outcome("filed", round_id=current.id)


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
    case.say("skip_noted")
    return Outcome("filed", round_id=current.id if current else None)
