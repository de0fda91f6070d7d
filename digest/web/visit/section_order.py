"""Owns the order in which the parts of an entry stand on a page. It must never drop one."""

from __future__ import annotations

from collections.abc import Iterable

from digest.domain.rounds.entry import Section


def in_order(sections: Iterable[Section]) -> list[Section]:
    """As the practice asks for them; those that it does not ask for stand last."""
    return sorted(sections, key=lambda section: (_place(section), section.id))


def _place(section: Section) -> int:
    asked: list[str] = section.entry.round.practice.sections
    return asked.index(section.key) if section.key in asked else len(asked)
