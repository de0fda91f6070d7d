"""Owns which part each statement of an unlabelled reply belongs to: what was tried comes first, as asked,
and what did not work after it. It must never read the words itself."""

from __future__ import annotations

from collections.abc import Sequence

from digest.reading.meaning.sentences.evidence import Evidence
from digest.reading.wording.lexicon import Section


def placed(statements: Sequence[Evidence]) -> list[Section]:
    """The part of each statement, in order."""
    if len(statements) == 1:
        return [_alone(statements[0])]
    turn = _clear_turn(statements)
    found: list[Section] = []
    for index, one in enumerate(statements):
        found.append(
            _first(one, statements[1:]) if index == 0 else _further(one, found[-1], before=index < turn)
        )
    return found


def _alone(one: Evidence) -> Section:
    """One statement alone: somebody tells what she did, or what is wrong."""
    if one.tried or one.failed:
        return "tried" if one.tried else "failed"
    if one.lacks:
        return "failed"
    return "tried" if one.good or one.myself else "failed"


def _clear_turn(statements: Sequence[Evidence]) -> int:
    """The first statement after the opening that clearly tells of a failure; 0 if none does."""
    return next((i for i, one in enumerate(statements) if i > 0 and one.failed and not one.tried), 0)


def _first(one: Evidence, others: Sequence[Evidence]) -> Section:
    turned = one.failed and not one.tried and any(other.tried and not other.failed for other in others)
    return "failed" if turned else "tried"


def _further(one: Evidence, previous: Section, *, before: bool) -> Section:
    """A statement after others; `before` a clear turn to what did not work, those in between still tell the trial."""
    if one.tried and not one.failed:
        return "tried"
    if one.failed:
        return "failed"
    if one.good and not one.lacks:
        return previous
    return previous if before else "failed"
