"""Owns what the commands about groups and members do, each in one transaction, and what they say.
It must never send mail, nor show what one member did or did not write.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest import clock, start, words
from digest.checking import hidden
from digest.database import Database
from digest.domain.delivery import readdressing
from digest.domain.export import export_group
from digest.domain.groups import group as groups, practice as practices
from digest.domain.groups.group import LARGEST_SMALL_GROUP, Group, Member
from digest.domain.groups.invitation import invite, size_of
from digest.domain.groups.person import canonical_name
from digest.domain.groups.practice import WEEKDAYS, Practice
from digest.domain.rounds import round as rounds
from digest.errors import Misuse

#: Why somebody gets no mail, as a facilitator may know it: a complaint is her own wish, like a break.
WHY_NO_MAIL = {
    "gone": " (no such mailbox at {domain})",
    "failing": " (mail has come back for three weeks)",
    "complaint": " (gets no mail, by her or his own wish)",
}

MAIL_FOLLOWS = "the mail goes out as soon as digest serve, worker or tick runs."


@dataclass(frozen=True, kw_only=True)
class NewGroup:
    """What `group add` was given; times like "tue 09:00", None for the usual ones of the practice."""

    name: str
    timezone: str
    locale: str
    practice: str = "learning-log"
    prompt: str | None = None
    digest: str | None = None
    task: str | None = None
    until: date | None = None
    example: str | None = None
    example_by: str | None = None
    offer_old_questions: bool = False


@dataclass(frozen=True, kw_only=True)
class NewMember:
    """What `member add` was given; with `consent_source` the member is active at once."""

    group: str
    address: str
    name: str
    facilitator: bool = False
    locale: str | None = None
    consent_source: str | None = None


def add_group(new: NewGroup) -> list[str]:
    """Set up a group; the lines that say so. Raises Misuse."""
    with opened() as database, database.transaction() as session:
        now = clock.now()
        if new.until is not None:
            require_to_come(new.until, new.timezone)
        group = groups.add_group(
            session,
            new.name,
            timezone=new.timezone,
            locale=new.locale,
            task=new.task,
            until=new.until,
            now=now,
        )
        group.offers_old_questions = new.offer_old_questions
        practice = practices.add_practice(
            session,
            group,
            new.practice,
            prompt=new.prompt,
            digest=new.digest,
            example=new.example,
            example_by=canonical_name(new.example_by, "name under the example") if new.example_by else None,
            now=now,
        )
        rounds.plan_rounds(session, practice, now)
        return [
            f"{group.name} is set up. {next_prompt(session, group)}",
            *language(group.locale),
            f'Add its people: digest member add "{group.name}" mira@example.com --name Mira',
        ]


def add_member(new: NewMember) -> list[str]:
    """Invite somebody; the lines that say so. Raises Misuse."""
    with opened() as database, database.transaction() as session:
        group = groups.group_named(session, new.group)
        member = invite(
            session,
            group,
            new.address,
            new.name,
            locale=new.locale,
            facilitator=new.facilitator,
            consent_source=new.consent_source,
            now=clock.now(),
        )
        return [
            _welcome(member),
            *_no_mail(member),
            *_known_as(member, new),
            *language(member.locale),
            *_size(session, group),
        ]


def change_address(group_name: str, old: str, new: str) -> list[str]:
    """Correct the address of a member, who is asked anew there; the lines that say so. Raises Misuse."""
    with opened() as database, database.transaction() as session:
        group = groups.group_named(session, group_name)
        member = readdressing.change_address(session, group, old, new, clock.now())
        if member.state == "invited":
            return [f"{member.name} is invited at {member.person.address}; {MAIL_FOLLOWS}"]
        return [f"{member.name} gets mail at {member.person.address} again, from the next one on."]


def list_groups() -> list[str]:
    """One line a group."""
    with opened() as database, database.reading() as session:
        where = hidden.database_url(database.engine.url.render_as_string(hide_password=False))
        found = session.scalars(select(Group).order_by(Group.name_key))
        lines = [
            f"{group.name}: {_people(size_of(session, group))}. {next_prompt(session, group)}"
            for group in found
        ]
    return lines or [
        f"There is no group yet in {where}. "
        'Add one: digest group add "Packaging group" --timezone ... --locale ...'
    ]


def show_group(name: str) -> list[str]:
    """What is set for a group, and its members: their state, never what they wrote. Raises Misuse."""
    with opened() as database, database.reading() as session:
        group = groups.group_named(session, name)
        kept = session.scalars(select(Practice).filter_by(group_id=group.id).order_by(Practice.id)).all()
        return [
            group.name,
            f"  task      {group.task or 'none'}{f', until {group.until}' if group.until else ''}",
            f"  zone      {group.timezone}",
            f"  language  {group.locale}",
            *(_practice(practice) for practice in kept),
            f"  next      prompt {shown(rounds.next_prompt_at(session, group.id), group)}",
            f"  members   {_people(size_of(session, group))}",
            *(_member(member) for member in group.members),
        ]


def export(name: str, *, one_line: bool) -> str:
    """All that the group wrote, as the text of one JSON object. Raises Misuse."""
    with opened() as database, database.reading() as session:
        exported = export_group(session, groups.group_named(session, name))
    return json.dumps(exported, ensure_ascii=False, indent=None if one_line else 2)


def require_to_come(until: date, timezone: str) -> None:
    """Raises Misuse for a last day that is over."""
    if clock.end_of_day(until, timezone) <= clock.now():
        raise Misuse(f"The task would end on {until}, which is over. Give a later --until, or none.")


@contextmanager
def opened() -> Generator[Database]:
    with closing(start.database(start.settings())) as database:
        yield database


def _welcome(member: Member) -> str:
    if member.state == "active":
        return f"{member.name} takes part in {member.group.name}; the first mail tells what this is and how to stop."
    return f"{member.name} is invited to {member.group.name}; {MAIL_FOLLOWS}"


def _no_mail(member: Member) -> list[str]:
    problem = _why_no_mail(member)
    return [f"Just now no mail goes to {member.person.address}{problem}."] if problem else []


def _why_no_mail(member: Member) -> str:
    problem = WHY_NO_MAIL.get(member.person.addresses[0].suppressed_reason or "", "")
    return problem.format(domain=member.person.address.rpartition("@")[2])


def _known_as(member: Member, new: NewMember) -> list[str]:
    """Somebody who is in another group already keeps her name and language."""
    kept = member.name != canonical_name(new.name)
    return [f"{member.person.address} is known as {member.name} already; that name stays."] if kept else []


def language(locale: str) -> list[str]:
    if words.has_catalogue(locale):
        return []
    return [f"Mails in {locale} are not there yet: they come in English."]


def _size(session: Session, group: Group) -> list[str]:
    count = size_of(session, group)
    if count <= LARGEST_SMALL_GROUP:
        return []
    return [
        f"{group.name} has {count} members now. It works best with 4 to {LARGEST_SMALL_GROUP}: think of two groups."
    ]


def _people(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


def _practice(practice: Practice) -> str:
    prompt = f"{WEEKDAYS[practice.prompt_weekday]} {practice.prompt_time:%H:%M}"
    digest = f"{WEEKDAYS[practice.digest_weekday]} {practice.digest_time:%H:%M}"
    example = f", example by {practice.example_by or 'the first facilitator'}" if practice.example else ""
    return f"  practice  {practice.kind}: prompt {prompt}, digest {digest}{example}"


def next_prompt(session: Session, group: Group) -> str:
    due_at = rounds.next_prompt_at(session, group.id)
    if due_at is None:
        return "No prompt is planned."
    return f"Next prompt: {shown(due_at, group)}."


def shown(instant: datetime | None, group: Group) -> str:
    return f"{instant.astimezone(clock.zone(group.timezone)):%Y-%m-%d %H:%M}" if instant else "none"


def _member(member: Member) -> str:
    keys = ", facilitator" if member.is_facilitator else ""
    return f"            {member.state:<8}{member.name} <{member.person.address}>{keys}{_why_no_mail(member)}"
