"""Owns which verb a reply gets: one function for each intent, in the transaction that `process` opened.
It must never read mail, and it speaks to the member only by recording a Notice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from digest import clock
from digest.domain.groups.notice import Notice, notify
from digest.domain.mails.ask_address import ASK
from digest.domain.mails.record import InboundMessage, OutboundMessage
from digest.inbound.filing.answer import file_answer, file_help
from digest.inbound.filing.case import FILED, REPEATED, Case, Outcome
from digest.inbound.filing.command import file_command
from digest.inbound.filing.entry import file_entries, file_entry, file_question, file_skip
from digest.inbound.filing.helped import file_helped, is_about_help
from digest.inbound.filing.redelivered import redelivered
from digest.inbound.filing.relay import file_relay, is_passed_on
from digest.reading.meaning.answers.bare_words import answers_without_number
from digest.reading.meaning.interpret import Reading

SENDER_QUESTIONS_WAITING = 20  # somebody else who writes to a member's address cannot flood her


@dataclass(frozen=True)
class Settling:
    """One message on its way to its end: its row, the mail that it answers, and what the pure stages made of it."""

    row: InboundMessage
    thread: OutboundMessage | None
    reading: Reading | None
    outcome: Outcome | None  # where it stands already
    message_id: str | None


def file_all(session: Session, messages: Sequence[Settling]) -> list[Outcome]:
    """File the messages of one group, none of them of one member, and say how each ended; what cannot be filed is told
    to its member, where there is one. Entries, which come together once a week, are written together.
    """
    now = clock.now()
    ended: dict[int, Outcome] = {}
    entries: dict[int, Case] = {}
    again = redelivered(session, {one.row: one.message_id for one in messages if _is_for_her(one)})
    for place, one in enumerate(messages):
        if one.row.id in again:
            one.row.from_address = None  # nobody is asked about it
            ended[place] = REPEATED
            continue
        case = _case(session, one, now)
        verb = _verb(case) if case else None
        if case and verb is file_entry:
            entries[place] = case
        else:
            ended[place] = verb(case) if case and verb else _not_filed(session, one, now)
    ended.update(zip(entries, file_entries(list(entries.values())), strict=True))
    return [_with_intent(ended[place], one) for place, one in enumerate(messages)]


def _is_for_her(one: Settling) -> bool:
    """Whether it would be filed, or its member asked about it."""
    return one.outcome is None or one.outcome.state == "held"


def _case(session: Session, one: Settling, now: datetime) -> Case | None:
    if one.thread is None or one.reading is None:
        return None
    if one.row.anonymous != one.reading.anonymous:  # else the session takes the row for changed, and looks
        one.row.anonymous = one.reading.anonymous
    return Case(session, one.row, one.thread, one.thread.member, one.reading, now)


def _with_intent(ended: Outcome, one: Settling) -> Outcome:
    return replace(ended, intent=ended.intent or (one.reading and one.reading.intent))


def _not_filed(session: Session, one: Settling, now: datetime) -> Outcome:
    ended = one.outcome or Outcome("dropped", "unknown-recipient")
    if one.thread is not None:
        _tell_why_not(session, one.row, one.thread, ended, now)
    return ended


def _verb(case: Case) -> Callable[[Case], Outcome]:
    if case.reading.automatic:
        return _drop_automatic
    if is_about_help(case) and case.member.state in ("active", "paused"):
        return file_helped
    if is_passed_on(case) and case.member.state != "left":
        return file_relay
    if case.reading.intent in ("command", "unsubscribe"):
        return file_command
    if case.member.state == "invited":
        return _ask_to_join_first
    if case.member.state == "left" or _closed(case.thread, case.now):
        return _say_closed
    if case.thread.kind == ASK and case.reading.intent in ("entry", "unknown", "correction"):
        return file_question
    if answers_without_number(case.thread.kind, case.reading):
        return file_answer
    return BY_INTENT.get(case.reading.intent, _ask_again)


def _drop_automatic(case: Case) -> Outcome:
    return Outcome("dropped", case.reading.automatic, "automatic")


def _say_closed(case: Case) -> Outcome:
    case.say("closed_address", f"day:{case.now.date()}")
    return Outcome("held", "not-a-member" if case.member.state == "left" else "closed-address")


def _closed(thread: OutboundMessage, now: datetime) -> bool:
    return thread.reply_until is not None and thread.reply_until < now


def _ask_to_join_first(case: Case) -> Outcome:
    """What somebody writes before she joined is kept; nothing of it is filed before she said yes."""
    if case.reading.intent != "thanks":
        case.say("nothing_readable", f"day:{case.now.date()}")
    return Outcome("held", "not-joined")


def _ask_again(case: Case) -> Outcome:
    case.say("nothing_readable")
    return Outcome("held", "nothing-readable")


def _note_thanks(case: Case) -> Outcome:
    return FILED


BY_INTENT: dict[str, Callable[[Case], Outcome]] = {
    "entry": file_entry,
    "correction": file_entry,
    "skip": file_skip,
    "answer": file_answer,
    "help": file_help,
    "thanks": _note_thanks,
}


def _tell_why_not(
    session: Session, row: InboundMessage, thread: OutboundMessage, ended: Outcome, now: datetime
) -> None:
    """A question back to the member, or a word to her why her message could not be taken."""
    if ended.intent == "automatic" or ended.state == "failed" or thread.member.state == "left":
        return  # a machine is never answered, and what could not be read may be one; who left is written to no more
    kind = {"held": "sender_unknown"}.get(ended.state) or NOT_TAKEN.get(
        ended.reason or "", "nothing_readable"
    )
    if kind == "sender_unknown" and _asked_often(session, thread.member_id):
        return
    notify(session, thread.member_id, kind, f"inbound:{row.id}", now, inbound_id=row.id, doubt=ended.reason)


NOT_TAKEN = {"too-large": "too_large"}


def _asked_often(session: Session, member_id: int) -> bool:
    """A few are asked a day (`domain/mails/automatic_answers`), the next later; a flood is recorded and no more."""
    waiting = select(func.count(Notice.id)).where(
        Notice.member_id == member_id, Notice.kind == "sender_unknown", Notice.settled_at.is_(None)
    )
    return (session.scalar(waiting) or 0) >= SENDER_QUESTIONS_WAITING
