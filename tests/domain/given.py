"""Owns the groups, people and rounds that the tests of the domain begin with. It must never send or read mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from digest.domain.groups.group import Group, Member, add_group
from digest.domain.groups.invitation import invite
from digest.domain.groups.practice import Practice, add_practice
from digest.domain.questions.question import Question, ask, asked_in
from digest.domain.rounds import round as rounds
from digest.domain.rounds.entry import QUESTION, Entry, Part, Section, entry_for, write
from digest.domain.rounds.round import Round

SUNDAY = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)  # before ISO week 14, just into summer time
TUESDAY = datetime(2026, 3, 31, 7, 0, tzinfo=UTC)  # 09:00 in Berlin: the prompt of week 14
WEDNESDAY = TUESDAY + timedelta(days=1)
MONDAY = TUESDAY + timedelta(days=6)  # its digest


def a_group(
    session: Session, name: str = "Packaging group", timezone: str = "Europe/Berlin", now: datetime = SUNDAY
) -> Group:
    return add_group(session, name, timezone=timezone, locale="de", task=None, until=None, now=now)


def a_practice(
    session: Session,
    group: Group,
    prompt: str = "tue 09:00",
    digest: str = "mon 09:00",
    now: datetime = SUNDAY,
) -> Practice:
    practice = add_practice(session, group, "learning-log", prompt=prompt, digest=digest, now=now)
    rounds.plan_rounds(session, practice, now)
    return practice


def a_member(session: Session, group: Group, name: str, *, invited: bool = False) -> Member:
    """Somebody who takes part, or is only invited."""
    consent = None if invited else "a list on paper"
    return invite(
        session, group, f"{name.lower()}@example.com", name, consent_source=consent, now=group.created_at
    )


def a_prompted_round(session: Session, group: Group, now: datetime = TUESDAY) -> Round:
    """The round whose prompt was due last."""
    a_practice(session, group)
    (round_id,) = rounds.due_prompts(session, now)
    found = rounds.claim(session, round_id)
    assert found is not None
    found.prompted_at = now
    return found


def an_entry(
    session: Session, round: Round, member: Member, *, anonymous: bool = False, **parts: str | list[str]
) -> list[Section]:
    """What the member wrote on Wednesday, such as `tried="a sample", question=["who?", "why?"]`."""
    entry: Entry = entry_for(session, round.id, member.id, WEDNESDAY)
    read = [
        Part(key, text)
        for key, texts in parts.items()
        for text in ([texts] if isinstance(texts, str) else texts)
    ]
    sections = write(session, entry, read, anonymous=anonymous, source_message_id=None, received_at=WEDNESDAY)
    for section in sections:
        if section.key == QUESTION:
            ask(session, section, member)
    session.flush()
    session.expire(entry, ["sections"])
    return sections


def a_question(session: Session, round: Round, member: Member, text: str = "which glue?") -> Question:
    sections = an_entry(session, round, member, question=text)
    (question,) = asked_in(session, [sections[-1].id])
    return question
