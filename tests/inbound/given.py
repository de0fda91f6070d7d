"""Owns the mails that the tests of the doors answer: a group in its first round, and rows with tokens that are known
here. It must never send or read a message."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest import clock, tokens
from digest.database import Database
from digest.domain.groups.group import Member
from digest.domain.mails.record import REPLY_ADDRESS_OPEN, OutboundMessage
from tests.domain.given import a_group, a_member, a_prompted_round

GROUP, MEMBER = "Packaging group", "Mira"


def mails_to_answer(database: Database, count: int, *, open_for: timedelta = REPLY_ADDRESS_OPEN) -> list[str]:
    """The tokens of so many mails that Mira got just now; their reply addresses stay open that long."""
    known = [tokens.random_token() for _ in range(count)]
    _answerable(database, known, open_for)
    return known


def mails_to_many(database: Database, count: int, people: int = 50) -> dict[str, str]:
    """The tokens of so many mails, each with the address of whoever got it: one after the other of so many people."""
    known = [tokens.random_token() for _ in range(count)]
    with database.transaction() as session:
        first = _member(session)
        members = [first, *(a_member(session, first.group, f"M{n}") for n in range(min(people, count) - 1))]
        mails = [
            _mail(members[n % len(members)], token, clock.now(), REPLY_ADDRESS_OPEN)
            for n, token in enumerate(known)
        ]
        session.add_all(mails)
        return {token: mail.rcpt_to for token, mail in zip(known, mails, strict=True)}


def mail_to_answer(database: Database, token: str) -> None:
    """A mail that Mira got just now, with that token in its reply address."""
    _answerable(database, [token], REPLY_ADDRESS_OPEN)


def _answerable(database: Database, known: list[str], open_for: timedelta) -> None:
    with database.transaction() as session:
        member = _member(session)
        session.add_all(_mail(member, token, clock.now(), open_for) for token in known)


def _member(session: Session) -> Member:
    if there := session.scalar(select(Member)):
        return there
    group = a_group(session, GROUP)
    a_prompted_round(session, group)
    return a_member(session, group, MEMBER)


def _mail(member: Member, token: str, now: datetime, open_for: timedelta) -> OutboundMessage:
    return OutboundMessage(
        kind="prompt",
        occasion=token,
        member_id=member.id,
        message_id=f"<{token}@example.com>",
        mail_from=f"b-{token}@in.example.com",
        rcpt_to=member.person.address,
        reply_hash=tokens.token_hash(token),
        reply_until=now + open_for,
        link_key=token[:16],
        state="sent",
        created_at=now,
        due_at=now,
        expires_at=now + timedelta(days=2),
        sent_at=now,
    )
