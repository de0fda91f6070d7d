"""Holds how much of the project's own test messages is read wholly right. Never looks at how it is done."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from digest.reading.meaning import interpret
from digest.reading.mime import message
from digest.reading.written.sent_text import SentText, sent_text
from tests.messages.score import Record, Specimen, messages, wrong

REPLIES_RIGHT = 0.95
AUTOMATIC_RIGHT = 0.99
AT_LEAST = {"replies": 220, "automatic": 110}


@dataclass(frozen=True)
class Scored:
    """One message, what was read out of it, and the keys that are wrong."""

    of: Specimen
    got: Record
    wrong: tuple[str, ...]


@cache
def scored_replies(knowing_what_we_sent: bool) -> tuple[Scored, ...]:
    return tuple(_scored(each, knowing_what_we_sent) for each in messages("replies"))


@cache
def scored_automatic() -> tuple[Scored, ...]:
    return tuple(_scored(each, False) for each in messages("automatic"))


def test_the_set_is_as_large_as_it_was_written() -> None:
    assert {folder: sum(1 for _ in messages(folder)) >= count for folder, count in AT_LEAST.items()} == {
        "replies": True,
        "automatic": True,
    }


def test_replies_are_read_wholly_right_without_what_we_sent() -> None:
    _at_least(REPLIES_RIGHT, scored_replies(False))


def test_replies_are_read_wholly_right_beside_what_we_sent() -> None:
    _at_least(REPLIES_RIGHT, scored_replies(True))


def test_automatic_mail_is_told_from_peoples() -> None:
    taken_for_people = [each for each in scored_automatic() if not _automatic(each)]
    share = 1 - len(taken_for_people) / len(scored_automatic())
    assert share >= AUTOMATIC_RIGHT, _report(share, taken_for_people)


@pytest.mark.parametrize("knowing_what_we_sent", [False, True])
def test_no_person_is_taken_for_a_machine(knowing_what_we_sent: bool) -> None:
    alarms = [each for each in scored_replies(knowing_what_we_sent) if each.got["automatic"]]
    assert not alarms, _report(1, alarms)


def _at_least(threshold: float, scored: tuple[Scored, ...]) -> None:
    failures = [each for each in scored if each.wrong]
    share = 1 - len(failures) / len(scored)
    print(_report(share, failures))
    assert share >= threshold, _report(share, failures)


def _automatic(each: Scored) -> bool:
    return each.got["automatic"] and each.got["intent"] == "automatic"


def _scored(each: Specimen, knowing_what_we_sent: bool) -> Scored:
    sent = each.sent() if knowing_what_we_sent or each.expected.get("needs_sent") else None
    parsed = message.parse(each.raw)
    reading = interpret.read(parsed, mail_from=each.mail_from, sent=_sent_text(sent))
    got = _record(reading)
    return Scored(each, got, wrong(each.expected, got))


def _sent_text(sent: bytes | None) -> SentText | None:
    return None if sent is None else sent_text(sent)


def _record(reading: Any) -> Record:
    return {
        "reply": reading.reply,
        "automatic": reading.automatic is not None,
        "intent": reading.intent,
        "tried": reading.tried,
        "failed": reading.failed,
        "questions": list(reading.questions),
        "anonymous": reading.anonymous,
        "language": reading.language,
        "command": reading.command,
        "numbered": [list(pair) for pair in reading.numbered],
        "helps": list(reading.helps),
    }


def _report(share: float, failures: list[Scored]) -> str:
    lines = [f"{share:.1%} right, {len(failures)} not:"]
    for each in failures:
        lines.append(f"\n{each.of.name}")
        lines += [
            f"  {key}\n    expected {_wanted(each, key)!r}\n    got      {each.got[key]!r}"
            for key in each.wrong
        ]
    return "\n".join(lines)


def _wanted(each: Scored, key: str) -> Any:
    return each.of.expected.get(key)
