"""Owns the life of a question as one table: what each stage waits for, and where each event leads. It must never
touch a row: the verbs of `question` follow it, and docs/life-of-a-question.md shows it as a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

QuestionState = Literal["open", "answered", "closed", "withdrawn"]
Stage = Literal[
    "waiting", "round", "spread", "sharpened", "helped", "asked", "answered", "closed", "withdrawn"
]
Event = Literal[
    "shown", "spread", "sharpen", "helped", "unhelped", "ask", "not yet", "solved", "close", "withdraw"
]


@dataclass(frozen=True)
class Standing:
    """What a question is in one stage: its public state, and the event that comes next if nobody acts.

    That event is due `after` the question was first shown, and not before `rest` has passed in this stage.
    """

    state: QuestionState
    means: str
    next_event: Event | None = None
    after: timedelta = timedelta(0)
    rest: timedelta = timedelta(0)


def _days(count: int) -> timedelta:
    return timedelta(days=count)


STAGES: dict[Stage, Standing] = {
    "waiting": Standing("open", "filed, seen by nobody else", "shown"),  # when: domain/questions/going_round
    "round": Standing("open", "the group has it", "spread", _days(7)),
    "spread": Standing("open", "a week old, offered to two", "sharpen", _days(14)),
    "sharpened": Standing("open", "its asker was helped to sharpen it", "close", _days(28)),
    "helped": Standing("open", "an offer or answer reached its asker", "ask", rest=_days(3)),
    "asked": Standing("open", "its asker was asked whether it helped", "close", _days(28), rest=_days(7)),
    "answered": Standing("answered", "solved, with thanks"),
    "closed": Standing("closed", "closed kindly"),
    "withdrawn": Standing("withdrawn", "taken back by its asker"),
}

#: Every event that changes something; any other in that stage changes nothing, however often it comes.
STEPS: dict[tuple[Stage, Event], Stage] = {
    ("waiting", "shown"): "round",
    ("round", "spread"): "spread",
    ("round", "helped"): "helped",
    ("spread", "sharpen"): "sharpened",
    ("spread", "helped"): "helped",
    ("sharpened", "helped"): "helped",
    ("sharpened", "close"): "closed",
    ("helped", "ask"): "asked",
    ("helped", "unhelped"): "round",  # all help was taken back before it left
    ("asked", "not yet"): "asked",
    ("asked", "close"): "closed",
    ("answered", "not yet"): "asked",  # said too early
    **{(stage, "solved"): "answered" for stage in ("round", "spread", "sharpened", "helped", "asked")},
    **{(stage, "withdraw"): "withdrawn" for stage in STAGES if stage != "withdrawn"},
}


def after(stage: Stage, event: Event) -> Stage | None:
    """The stage that the event leads to; None where it changes nothing."""
    return STEPS.get((stage, event))


def next_at(stage: Stage, shown_at: datetime | None, now: datetime) -> datetime | None:
    """When the next event of a stage that is entered now is due; None where no clock brings it."""
    standing = STAGES[stage]
    if standing.next_event is None or shown_at is None:
        return None
    return max(shown_at + standing.after, now + standing.rest)


def picture() -> str:
    """The table as a Mermaid state diagram; a bold arrow is what comes if nobody acts."""
    lines = ["stateDiagram-v2", "    [*] --> waiting: asked"]
    lines += [f"    {stage}: {stage}<br/>{standing.means}" for stage, standing in STAGES.items()]
    for (stage, event), reached in STEPS.items():
        lines.append(f"    {stage} --> {reached}: {_label(stage, event)}")
    ends = [stage for stage, standing in STAGES.items() if standing.next_event is None]
    return "\n".join([*lines, *(f"    {stage} --> [*]" for stage in ends)])


def _label(stage: Stage, event: Event) -> str:
    standing = STAGES[stage]
    if event != standing.next_event or not (standing.after or standing.rest):
        return event
    days = [f"day {standing.after.days}"] if standing.after else []
    days += [f"{standing.rest.days} days later"] if standing.rest else []
    return f"{event} ({', at the earliest '.join(days)})"
