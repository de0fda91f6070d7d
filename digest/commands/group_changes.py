"""Owns what `group change` does, in one transaction, and what it says. It must never change what members were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest import clock
from digest.commands.administration import language, next_prompt, opened, require_to_come, shown
from digest.domain.groups import group as groups
from digest.domain.groups.group import Group
from digest.domain.groups.person import canonical_name
from digest.domain.groups.practice import Practice
from digest.domain.rounds import round as rounds
from digest.domain.rounds.replanning import change_times, replan


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What `group change` was given; None stays as it is, an empty task is none."""

    task: str | None = None
    until: date | None = None
    without_end: bool = False
    locale: str | None = None
    prompt: str | None = None
    digest: str | None = None


def change_group(name: str, changes: Changes) -> list[str]:
    """Change what is set for a group; the lines that say so. Raises Misuse."""
    with opened() as database, database.transaction() as session:
        now, group = clock.now(), groups.group_named(session, name)
        _set(group, changes)
        for practice in session.scalars(select(Practice).filter_by(group_id=group.id)):
            change_times(practice, changes.prompt, changes.digest)
            replan(session, practice, now)
        return [
            f"{group.name} is changed. {next_prompt(session, group)}",
            *(_digest(session, group) if changes.prompt or changes.digest else []),
            *(language(changes.locale) if changes.locale else []),
        ]


def _set(group: Group, changes: Changes) -> None:
    if changes.task is not None:
        group.task = canonical_name(changes.task, "task") if changes.task.strip() else None
    if changes.until is not None:
        require_to_come(changes.until, group.timezone)
        group.until = changes.until
    if changes.without_end:
        group.until = None
    if changes.locale is not None:
        group.locale = changes.locale


def _digest(session: Session, group: Group) -> list[str]:
    """A digest that members were told of comes as they were told."""
    coming = rounds.next_digest_at(session, group.id, clock.now())
    return [f"Next digest: {shown(coming, group)}."] if coming else []
