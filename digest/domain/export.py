"""Owns the export of a group: its entries, its questions, its replies, as one object that can be written as JSON.
It must never tell who wrote without a name: not by a name, nor by order, time or subtraction.

In a round with an anonymous entry no entry has a member, and they stand in the order of their words; the same holds
for the answers to one question. An anonymous reply has no member and stands last; so do all replies that were filed in
a round with one, or answer what has a nameless answer. There are days, never times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from digest.domain.groups.group import Group, Member
from digest.domain.mails.record import InboundMessage
from digest.domain.questions.question import Answer, HelpOffer, Question
from digest.domain.rounds.entry import QUESTION, Entry, Section
from digest.domain.rounds.round import Round

Row = dict[str, Any]

OUTCOMES = ("filed", "held", "dropped", "failed")
OFFERED = ("quiet", "told")  # what is suspect may be a machine's, and is nobody's promise


def export_group(session: Session, group: Group) -> Row:
    """`entries`, `questions` and `replies` of the group; days are ISO dates in its zone, members addresses."""
    zone = ZoneInfo(group.timezone)
    entries = _entries_of(session, group)
    return {
        "entries": _entries(entries, zone),
        "questions": _questions(session, group, zone),
        "replies": _replies(session, group, entries, zone),
    }


def _entries_of(session: Session, group: Group) -> Sequence[Entry]:
    written = (
        select(Entry).join(Round).where(Round.group_id == group.id).order_by(Round.prompt_due_at, Entry.id)
    )
    return session.scalars(written.options(selectinload(Entry.sections), selectinload(Entry.round))).all()


def _entries(entries: Sequence[Entry], zone: ZoneInfo) -> list[Row]:
    """All entries, those of a round without names where anybody wrote without hers, even if it stands no more."""
    nameless = {entry.round_id for entry in entries if entry.anonymous}
    rows: dict[int, list[Row]] = {}
    for entry in entries:
        if any(_stands(section) for section in entry.sections):
            rows.setdefault(entry.round_id, []).append(_entry(entry, zone))
    ordered = (_without_names(of, _words) if id in nameless else of for id, of in rows.items())
    return list(chain.from_iterable(ordered))


def _entry(entry: Entry, zone: ZoneInfo) -> Row:
    standing = [section for section in entry.sections if _stands(section)]
    return {
        "member": entry.member.person.address,
        "round": entry.round.week,
        "tried": _text(standing, "tried"),
        "failed": _text(standing, "failed"),
        "questions": [section.text for section in standing if section.key == QUESTION],
        "anonymous": entry.anonymous,
        "day": _day(min(section.received_at for section in standing), zone),
    }


def _stands(section: Section) -> bool:
    """Whether others see it or will: not undecided, taken back, replaced or withdrawn."""
    gone = section.taken_back_at or section.replaced_at or section.withdrawn_at
    return section.key in ("tried", "failed", QUESTION) and gone is None


def _text(sections: Iterable[Section], key: str) -> str | None:
    return "\n\n".join(section.text for section in sections if section.key == key) or None


def _words(row: Row) -> str:
    return repr((row["tried"], row["failed"], row["questions"]))


def _without_names(rows: list[Row], words: Callable[[Row], str]) -> list[Row]:
    """The rows with no member, in the order of their words, which tells nothing of who or when."""
    return sorted(({**row, "member": None} for row in rows), key=words)


def _questions(session: Session, group: Group, zone: ZoneInfo) -> list[Row]:
    asked = select(Question).where(Question.group_id == group.id)
    found = session.scalars(
        asked.options(selectinload(Question.offers), selectinload(Question.answers))
    ).all()
    rows = [_question(question, zone) for question in found if question.number or _stands(question.section)]
    return sorted(rows, key=lambda row: (row["number"] is None, row["number"] or 0, row["text"] or ""))


def _question(question: Question, zone: ZoneInfo) -> Row:
    """A question that was withdrawn keeps its number and loses its words."""
    return {
        "number": question.number,
        "text": question.text if _stands(question.section) and question.state != "withdrawn" else None,
        "state": question.state,
        "day": _day(question.asked_at, zone),
        "offers": [_offer(offer, zone) for offer in question.offers if offer.state in OFFERED],
        "answers": _answers(question.answers, zone),
    }


def _offer(offer: HelpOffer, zone: ZoneInfo) -> Row:
    return {"member": offer.member.person.address, "day": _day(offer.made_at, zone)}


def _answers(answers: Iterable[Answer], zone: ZoneInfo) -> list[Row]:
    standing = [answer for answer in answers if answer.is_standing and not answer.just_you]
    rows = [
        {"member": answer.member.person.address, "text": answer.text, "day": _day(answer.received_at, zone)}
        for answer in standing
    ]
    anonymous = any(answer.anonymous for answer in standing)
    return _without_names(rows, lambda row: row["text"]) if anonymous else rows


def _replies(session: Session, group: Group, entries: Sequence[Entry], zone: ZoneInfo) -> list[Row]:
    came = select(InboundMessage).join(Member, InboundMessage.member_id == Member.id)
    found = session.scalars(
        came.where(Member.group_id == group.id)
        .options(selectinload(InboundMessage.member), selectinload(InboundMessage.thread))
        .order_by(InboundMessage.id)
    ).all()
    hidden = _anonymous(session, found, entries)
    named = [_reply(message, zone) for message in found if message.id not in hidden]
    nameless = [_reply(message, zone) for message in found if message.id in hidden]
    return named + _without_names(nameless, _when)


def _anonymous(session: Session, messages: Iterable[InboundMessage], entries: Sequence[Entry]) -> set[int]:
    """The ids of messages that were written without a name, or whose name would tell of one that was."""
    nameless = [entry for entry in entries if entry.anonymous]
    sources = {section.source_message_id for entry in nameless for section in entry.sections}
    sources |= _answered_beside_nameless(session)
    rounds = {entry.round_id for entry in nameless}
    hidden: set[int] = set()
    for message in messages:  # in order: a command comes after the message that it is about
        about = message.thread.about.get("inbound_id") if message.thread else None
        in_round = message.round_id in rounds  # so that nobody is left over
        unread = message.state not in OUTCOMES  # it may turn out to be one
        again = message.reason == "repeated"  # the first may have lost its name meanwhile
        if message.anonymous or unread or in_round or again or message.id in sources or about in hidden:
            hidden.add(message.id)
    return hidden


def _answered_beside_nameless(session: Session) -> set[int | None]:
    """The messages with answers to whatever has a nameless answer: naming the others would give its writer away."""
    nameless = select(Answer).where(Answer.anonymous).subquery()
    beside = select(Answer.source_message_id).where(
        or_(
            Answer.question_id.in_(select(nameless.c.question_id).where(nameless.c.question_id.is_not(None))),
            Answer.section_id.in_(select(nameless.c.section_id).where(nameless.c.section_id.is_not(None))),
        )
    )
    return set(session.scalars(beside))


def _reply(message: InboundMessage, zone: ZoneInfo) -> Row:
    """One message; `outcome` is null as long as it waits to be read."""
    settled = message.state in OUTCOMES
    return {
        "member": message.member.person.address if message.member else None,
        "day": _day(message.received_at, zone),
        "intent": message.intent or "unknown",
        "outcome": message.state if settled else None,
        "reason": message.reason if settled else None,
    }


def _when(row: Row) -> str:
    return repr((row["day"], row["intent"], row["outcome"], row["reason"]))


def _day(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).date().isoformat()
