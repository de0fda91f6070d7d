"""Owns entries: what one member wrote in one round, section by section, and whether others have seen it.
It must never show anything itself; what shows it sets `shown_at` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from digest.domain.base import Base, insert_once, partial_index
from digest.domain.groups.group import Member
from digest.domain.rounds.round import Round

QUESTION = "question"
UNDECIDED = "undecided"  # kept for its writer, never shown to others

_WAITING = "shown_at IS NULL AND taken_back_at IS NULL AND replaced_at IS NULL"


class Entry(Base):
    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("round_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    anonymous: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
    round: Mapped[Round] = relationship()
    sections: Mapped[list[Section]] = relationship(back_populates="entry", order_by="Section.id")


class Section(Base):
    """One part of an entry, as its writer typed it, with the message that it came in."""

    __tablename__ = "sections"
    __table_args__ = (
        partial_index("ix_sections_waiting", "group_id", where=_WAITING),
        Index("ix_sections_source", "source_message_id"),
        partial_index("ix_sections_shown", "group_id", "shown_at", where="shown_at IS NOT NULL"),
        partial_index("ix_sections_number", "group_id", "number", where="number IS NOT NULL", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    number: Mapped[int | None]  # by which others answer an entry without a question; its first part has it
    key: Mapped[str]  # tried, failed, question, or undecided
    text: Mapped[str]
    lang: Mapped[str | None]
    source_message_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_messages.id"))
    received_at: Mapped[datetime]
    not_before: Mapped[datetime | None]  # "later": not in a digest due before this instant
    shown_at: Mapped[datetime | None]
    shown_with_name: Mapped[bool | None]
    taken_back_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    entry: Mapped[Entry] = relationship(back_populates="sections", lazy="joined", innerjoin=True)

    @property
    def is_waiting(self) -> bool:
        return self.shown_at is None and self.taken_back_at is None and self.replaced_at is None


@dataclass(frozen=True)
class Part:
    """One section as it was read out of a reply."""

    key: str
    text: str
    lang: str | None = None


def entry_for(session: Session, round_id: int, member_id: int, now: datetime) -> Entry:
    """The member's entry of that round; made where there was none."""
    insert_once(
        session, Entry, round_id=round_id, member_id=member_id, anonymous=False, skipped=False, created_at=now
    )
    hers = select(Entry).filter_by(round_id=round_id, member_id=member_id).options(joinedload(Entry.sections))
    return session.scalars(hers).unique().one()


def write(
    session: Session,
    entry: Entry,
    parts: Sequence[Part],
    *,
    anonymous: bool,
    source_message_id: int | None,
    received_at: datetime,
) -> list[Section]:
    """Add the parts of one reply, in order. "Without my name" stays with the whole entry."""
    entry.anonymous = entry.anonymous or anonymous
    entry.skipped = False
    sections = [
        Section(
            entry=entry,
            group_id=entry.member.group_id,
            key=part.key,
            text=part.text,
            lang=part.lang,
            source_message_id=source_message_id,
            received_at=received_at,
        )
        for part in parts
    ]
    session.add_all(sections)
    session.flush()
    return sections


def take_back(session: Session, section_ids: Iterable[int], now: datetime) -> int:
    """Undo: take back the sections that nobody has seen yet; how many there were.

    One update decides between undo and a digest that is being composed at the same moment.
    """
    taken = update(Section).where(
        Section.id.in_(list(section_ids)),
        Section.shown_at.is_(None),
        Section.taken_back_at.is_(None),
        Section.replaced_at.is_(None),
    )
    return session.execute(taken.values(taken_back_at=now)).rowcount  # type: ignore[attr-defined]


def withdraw(session: Session, section_ids: Iterable[int], now: datetime) -> int:
    """Withdraw sections that others have seen: they appear nowhere from now on; how many there were."""
    seen = update(Section).where(
        Section.id.in_(list(section_ids)), Section.shown_at.is_not(None), Section.withdrawn_at.is_(None)
    )
    return session.execute(seen.values(withdrawn_at=now)).rowcount  # type: ignore[attr-defined]


def sections_from(session: Session, source_message_id: int) -> list[Section]:
    """What one message was filed as, in order."""
    filed = select(Section).where(Section.source_message_id == source_message_id)
    return list(session.scalars(filed.order_by(Section.id)))


def locked(session: Session, sections: Sequence[Section]) -> list[Section]:
    """The sections as they stand now, locked until the transaction ends: undo and showing wait for each other."""
    fresh = select(Section).where(Section.id.in_([section.id for section in sections])).order_by(Section.id)
    return list(session.scalars(fresh.with_for_update(of=Section).execution_options(populate_existing=True)))


def latest_sections(session: Session, member_id: int) -> list[Section]:
    """What the member's newest filed message brought, in order."""
    newest = (
        select(Section.source_message_id)
        .join(Entry)
        .where(Entry.member_id == member_id, Section.taken_back_at.is_(None))
        .order_by(Section.id.desc())
        .limit(1)
    )
    source = session.scalar(newest)
    return sections_from(session, source) if source is not None else []


def waiting_sections(session: Session, group_id: int, due_at: datetime) -> list[Section]:
    """What came in before `due_at`, is to be shown to others, and nobody has seen yet, whatever its round."""
    waiting = select(Section).where(
        Section.group_id == group_id,
        Section.shown_at.is_(None),
        Section.taken_back_at.is_(None),
        Section.replaced_at.is_(None),
        Section.key != UNDECIDED,
        Section.received_at < due_at,
        or_(Section.not_before.is_(None), Section.not_before <= due_at),
    )
    return list(session.scalars(waiting.order_by(Section.id)))


def anybody_nameless(session: Session, round_ids: Collection[int]) -> bool:
    """Whether anybody wrote without a name in one of the rounds; then no part that is shown now carries one."""
    nameless = select(Entry.id).where(Entry.round_id.in_(round_ids), Entry.anonymous)
    return session.scalar(nameless.limit(1)) is not None


def shown_together(session: Session, group_id: int, shown_at: datetime) -> list[list[Section]]:
    """What others were shown at that instant and was not withdrawn, an entry each; in an order that tells nothing
    of who wrote first.
    """
    shown = select(Section).where(
        Section.group_id == group_id, Section.shown_at == shown_at, Section.withdrawn_at.is_(None)
    )
    by_entry: dict[int, list[Section]] = {}
    for section in session.scalars(shown.order_by(Section.id)):
        by_entry.setdefault(section.entry_id, []).append(section)
    return sorted(by_entry.values(), key=lambda sections: sections[0].text)


def shown_beside(section: Section) -> list[Section]:
    """What stands of all that one entry showed at the same instant, this part included."""
    return [
        part
        for part in section.entry.sections
        if part.shown_at == section.shown_at and part.withdrawn_at is None
    ]
