"""Owns what the replies of one group bring into a round, by few statements for all of them: entries, their parts, and
the questions among these. It must never read a reply, nor show anything.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from digest.domain.base import insert_all
from digest.domain.groups.group import Group
from digest.domain.questions import question as questions
from digest.domain.questions.question import Asked
from digest.domain.rounds.entry import QUESTION, UNDECIDED, Entry, Part, Section
from digest.domain.rounds.round import Round

ENTRIES, SECTIONS = cast(Table, Entry.__table__), cast(Table, Section.__table__)
REPLACE = (
    update(SECTIONS)
    .where(SECTIONS.c.entry_id.in_(bindparam("entries", expanding=True)))
    .where(SECTIONS.c.key.in_(bindparam("keys", expanding=True)))
    .where(
        SECTIONS.c.shown_at.is_(None), SECTIONS.c.taken_back_at.is_(None), SECTIONS.c.replaced_at.is_(None)
    )
    .values(replaced_at=bindparam("now"))
    .returning(SECTIONS.c.id)
)

SHOWN = (
    select(ENTRIES.c.member_id, SECTIONS.c.key, SECTIONS.c.text, SECTIONS.c.shown_with_name)
    .join(SECTIONS, SECTIONS.c.entry_id == ENTRIES.c.id)
    .where(ENTRIES.c.round_id == bindparam("into"))
    .where(ENTRIES.c.member_id.in_(bindparam("members", expanding=True)))
    .where(SECTIONS.c.shown_at.is_not(None), SECTIONS.c.withdrawn_at.is_(None))
)


@dataclass(frozen=True)
class Reply:
    """The parts of one reply, in order; one of each member's."""

    member_id: int
    parts: Sequence[Part]
    anonymous: bool  # "without my name" stays with the whole entry
    source_message_id: int
    received_at: datetime


def take_in(
    session: Session, into: Round, group: Group, replies: Sequence[Reply], now: datetime
) -> dict[int, int]:
    """Write the replies into their members' entries of that round; the entries' ids by member.

    A later reply sets aside the parts that wait and that it names again.
    """
    # Two workers lock the rows of several members in the same order, so that neither waits for the other for ever.
    in_order = sorted(replies, key=lambda reply: reply.member_id)
    entries = _entries(session, into, in_order, now)
    _set_aside_all(session, entries, in_order, now)
    _write(session, group, entries, replies, now)
    return entries


def shown_in(session: Session, into: Round, member_ids: Collection[int]) -> dict[tuple[int, str, str], bool]:
    """(member, key, text) of the parts of that round that others have seen and that stand: whether with her name."""
    rows = session.connection().execute(SHOWN, {"into": into.id, "members": list(member_ids)})
    return {(row.member_id, row.key, row.text): bool(row.shown_with_name) for row in rows}


def _write(
    session: Session, group: Group, entries: dict[int, int], replies: Sequence[Reply], now: datetime
) -> None:
    parts = [(reply, part) for reply in replies for part in reply.parts]
    asks = any(part.key == QUESTION for _, part in parts)
    waits_until = questions.waits_until(session, group, now) if asks else None
    rows = [
        {
            "entry_id": entries[reply.member_id],
            "group_id": group.id,
            "key": part.key,
            "text": part.text,
            "lang": part.lang,
            "source_message_id": reply.source_message_id,
            "received_at": reply.received_at,
            "not_before": waits_until if part.key == QUESTION else None,
        }
        for reply, part in parts
    ]
    asked = [
        Asked(group.id, section_id, reply.member_id, reply.received_at)
        for section_id, (reply, part) in zip(insert_all(session, Section, rows), parts, strict=True)
        if part.key == QUESTION
    ]
    questions.ask_all(session, asked)


def _entries(session: Session, into: Round, replies: Sequence[Reply], now: datetime) -> dict[int, int]:
    rows = [
        {
            "round_id": into.id,
            "member_id": reply.member_id,
            "anonymous": reply.anonymous,
            "skipped": False,
            "created_at": now,
        }
        for reply in replies
    ]
    connection = session.connection()
    found = connection.execute(_entry_of(connection.dialect.name), rows)
    return {row.member_id: row.id for row in found}


@cache
def _entry_of(dialect: str) -> Executable:
    """Made where there is none; writing something ends a skip."""
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    new = insert(ENTRIES)
    stays = {"skipped": new.excluded.skipped, "anonymous": ENTRIES.c.anonymous | new.excluded.anonymous}
    upsert = new.on_conflict_do_update(index_elements=["round_id", "member_id"], set_=stays)
    return upsert.returning(ENTRIES.c.id, ENTRIES.c.member_id)


def _set_aside_all(
    session: Session, entries: dict[int, int], replies: Sequence[Reply], now: datetime
) -> None:
    naming: dict[frozenset[str], list[int]] = {}
    for reply in replies:
        naming.setdefault(frozenset(part.key for part in reply.parts), []).append(entries[reply.member_id])
    for keys, entry_ids in naming.items():
        set_aside(session, entry_ids, keys, now)


def set_aside(session: Session, entry_ids: Sequence[int], keys: Collection[str], now: datetime) -> list[int]:
    """The parts that wait and that a later reply names again; their ids. Questions go with them."""
    given = {"entries": entry_ids, "keys": sorted(set(keys) - {UNDECIDED}), "now": now}
    replaced = list(session.connection().scalars(REPLACE, given))
    questions.withdraw_questions(session, replaced, now)
    return replaced


def entry_with(session: Session, entry_id: int) -> Entry:
    """The entry with its parts as they stand now."""
    fresh = select(Entry).where(Entry.id == entry_id).execution_options(populate_existing=True)
    return session.scalars(fresh).one()
