"""Owns a small group in the middle of its second week: entries, three questions, and the mails that went out. It must
never compose a mail; what a page needs of one is its row."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from digest import clock, signed_link, tokens
from digest.app import create_app
from digest.database import Database
from digest.domain.base import Base
from digest.domain.groups.group import Group, Member, add_group, add_member
from digest.domain.groups.notice import Notice
from digest.domain.groups.practice import add_practice
from digest.domain.mails.link_opening import LinkOpening
from digest.domain.mails.record import InboundMessage, OutboundMessage
from digest.domain.questions import question as questions
from digest.domain.questions.question import HelpOffer, Question
from digest.domain.rounds import entry as entries, round as rounds
from digest.domain.rounds.entry import Entry, Part, Section
from digest.domain.rounds.round import Round
from digest.settings import Settings
from digest.signed_link import Link, Purpose

FOUNDED = datetime(2026, 4, 1, 10, 0, tzinfo=UTC)
WROTE = datetime(2026, 4, 8, 10, 0, tzinfo=UTC)  # Wednesday
SENT = datetime(2026, 4, 13, 7, 0, tzinfo=UTC)  # Monday 09:00 in Berlin: the digest
SECRET = "a secret that signs the links of these tests"

MIRA, BEN, CARLA, EMIL = "Mira", "Ben", "Carla", "Emil"
GLUE = "Which glue holds below five degrees?"
NAMELESS = "How do I tell my boss that the date is a dream?"
CARTONS = "Who decides on carton sizes?"

DIGEST_LINKS = ("help-1", "whole-1", "help-2", "whole-2", "help-3", "whole-3", "leave", "unsubscribe")


@dataclass
class Scene:
    """The group, and what a test asks of it. Mira asked 1, somebody without a name (Carla) 2, Emil 3."""

    database: Database
    settings: Settings
    app: Flask
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def at(self, **later: float) -> datetime:
        """Move the clock to that long after the digest went out."""
        now = SENT + timedelta(**later)
        clock.start_at(now)
        return now

    def path(self, name: str, purpose: Purpose, number: int = 0, *, kind: str = "digest") -> str:
        """The path of a link in that member's newest mail of that kind."""
        with self.database.reading() as session:
            mail = session.scalars(
                select(OutboundMessage)
                .join(Member)
                .where(Member.person.has(name=name), OutboundMessage.kind == kind)
                .order_by(OutboundMessage.id.desc())
            ).first()
            assert mail is not None
            link = Link(purpose, mail.link_key, mail.member.link_epoch, number)
        return f"/{purpose}/{signed_link.mint(link, self.settings.secret)}"

    def mail(self, name: str, kind: str, links: Sequence[str], **about: Any) -> OutboundMessage:
        """A mail that goes out to a member now."""
        now = clock.now()
        with self.database.transaction() as session:
            mail = sent_mail(session.get_one(Member, self.member(name).id), kind, links, now, about)
            session.add(mail)
            session.flush()
        return mail

    def member(self, name: str) -> Member:
        with self.database.reading() as session:
            return session.scalars(select(Member).where(Member.person.has(name=name))).one()

    def question(self, number: int) -> Question:
        with self.database.reading() as session:
            return session.scalars(select(Question).filter_by(number=number)).one()

    def offers(self) -> list[HelpOffer]:
        with self.database.reading() as session:
            return list(session.scalars(select(HelpOffer).order_by(HelpOffer.id)))

    def notices(self, kind: str) -> list[Notice]:
        with self.database.reading() as session:
            return list(session.scalars(select(Notice).filter_by(kind=kind).order_by(Notice.id)))

    def openings(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(LinkOpening.link_name).order_by(LinkOpening.id)))

    def sections(self, source_id: int) -> list[Section]:
        with self.database.reading() as session:
            return entries.sections_from(session, source_id)

    def entry_of(self, source_id: int) -> Entry:
        return self.sections(source_id)[0].entry

    def inbound(self, message_id: int) -> InboundMessage:
        with self.database.reading() as session:
            return session.get_one(InboundMessage, message_id)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table but the notes of openings."""
        with self.database.reading() as session:
            return {
                table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
                for table in Base.metadata.sorted_tables
                if table.name != "link_openings"
            }

    def count(self, model: type[Base]) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def write(self, name: str, *parts: Part, anonymous: bool = False) -> int:
        """A reply of that member, filed now into the round that is open; its id."""
        with self.database.transaction() as session:
            member = session.get_one(Member, self.member(name).id)
            for due in session.scalars(select(Round).where(Round.prompt_due_at <= clock.now())):
                due.prompted_at = due.prompted_at or due.prompt_due_at
            current = rounds.current_round(session, member.group_id, clock.now())
            assert current is not None
            return file_reply(session, member, current, parts, clock.now(), anonymous=anonymous).id


def make_scene(database: Database, **settings: Any) -> Scene:
    """The group on Monday 13 April 2026, one minute after its first digest went out."""
    clock.start_at(SENT + timedelta(minutes=1))
    in_force = Settings(secret=(SECRET,), **settings)
    scene = Scene(database, in_force, create_app(in_force, database))
    with database.transaction() as session:
        group = _group(session)
        members = _members(session, group)
        first = _round(session, group)
        tried = Part("tried", "Recalibrating the label printer.", "en")
        failed = Part("failed", "Labels still peel off in the cold store.", "en")
        glue, dream, cartons = (Part("question", text, "en") for text in (GLUE, NAMELESS, CARTONS))
        file_reply(session, members[MIRA], first, [tried, failed, glue], WROTE)
        file_reply(session, members[CARLA], first, [dream], WROTE, anonymous=True)
        file_reply(session, members[EMIL], first, [cartons], WROTE)
        _show(session, group, first)
        session.add_all(sent_mail(member, "digest", DIGEST_LINKS, SENT) for member in members.values())
    return scene


def _group(session: Any) -> Group:
    group = add_group(
        session,
        "Packaging group",
        timezone="Europe/Berlin",
        locale="en",
        task="the new packaging rules",
        until=None,
        now=FOUNDED,
    )
    rounds.plan_rounds(session, add_practice(session, group, "learning-log", now=FOUNDED), FOUNDED)
    session.flush()
    return group


def _members(session: Any, group: Group) -> dict[str, Member]:
    return {
        name: add_member(
            session,
            group,
            f"{name.lower()}@example.com",
            name,
            locale="de" if name == EMIL else None,
            consent_source="a test",
            now=FOUNDED,
        )
        for name in (MIRA, BEN, CARLA, EMIL)
    }


def _round(session: Any, group: Group) -> Round:
    """The round whose digest is just out, with the next one planned behind it."""
    practice = session.scalars(select(Round).filter_by(group_id=group.id)).first().practice
    rounds.plan_rounds(session, practice, SENT)
    first = session.scalars(select(Round).filter_by(group_id=group.id, digest_due_at=SENT)).one()
    first.prompted_at = first.prompt_due_at
    return cast("Round", first)


def _show(session: Any, group: Group, shown: Round) -> None:
    shown.digested_at = SENT
    waiting = entries.waiting_sections(session, group.id, SENT)
    for section in waiting:
        section.shown_at, section.shown_with_name = SENT, not section.entry.anonymous
    questions.give_numbers(group, questions.asked_in(session, [section.id for section in waiting]))
    session.flush()


def file_reply(
    session: Any,
    member: Member,
    into: Round,
    parts: Sequence[Part],
    now: datetime,
    *,
    anonymous: bool = False,
) -> InboundMessage:
    message = InboundMessage(
        raw_digest=tokens.random_token(),
        rcpt_to="r-x@in.example.com",
        mail_from=member.person.address,
        size=0,
        via="raw",
        received_at=now,
        member_id=member.id,
        state="filed",
        intent="entry",
        anonymous=anonymous,
        round_id=into.id,
    )
    session.add(message)
    session.flush()
    entry = entries.entry_for(session, into.id, member.id, now)
    written = entries.write(
        session, entry, parts, anonymous=anonymous, source_message_id=message.id, received_at=now
    )
    for section in written:
        if section.key == "question":
            questions.ask(session, section, member)
    return message


def held_message(scene: Scene, name: str, raw: bytes, mail_from: str) -> int:
    """A message that came in under the address of a member's mail, from somebody unknown."""
    with scene.database.transaction() as session:
        message = InboundMessage(
            raw_digest=tokens.random_token(),
            rcpt_to="r-x@in.example.com",
            mail_from=mail_from,
            raw=zlib.compress(raw),
            size=len(raw),
            via="raw",
            received_at=clock.now(),
            member_id=scene.member(name).id,
            state="held",
            reason="sender-unknown",
        )
        session.add(message)
        session.flush()
        return message.id


def sent_mail(
    member: Member, kind: str, links: Sequence[str], now: datetime, about: dict[str, Any] | None = None
) -> OutboundMessage:
    token = tokens.random_token()
    return OutboundMessage(
        kind=kind,
        occasion=token,
        member_id=member.id,
        about=about or {},
        message_id=f"<{token}@example.com>",
        mail_from="digest@example.com",
        rcpt_to=member.person.address,
        reply_hash=tokens.token_hash(token),
        reply_until=now + timedelta(days=35),
        link_key=tokens.random_token()[:16],
        link_names=list(links),
        state="sent",
        created_at=now,
        due_at=now,
        expires_at=now + timedelta(days=2),
        sent_at=now,
    )
