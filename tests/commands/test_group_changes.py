"""Behaviour of `digest group change`."""

from __future__ import annotations

import pytest

from tests.parts.command import BERLIN, Operator


@pytest.fixture
def packaging(operator: Operator) -> Operator:
    operator.settings["DIGEST_CLOCK"] = "2026-11-22T12:00Z"
    operator.digest(
        "group", "add", "Packaging group", *BERLIN, "--task", "the rules", "--until", "2026-12-01"
    )
    return operator


def change(operator: Operator, *options: str) -> list[str]:
    said = operator.digest("group", "change", "packaging group", *options)
    assert (said.exit_code, said.err) == (0, "")
    return said.out.splitlines()


def shown(operator: Operator) -> str:
    return operator.digest("group", "show", "Packaging group").out


def test_task_last_day_and_language_are_changed_and_the_rest_stays(packaging: Operator) -> None:
    said = change(packaging, "--task", "the new rules", "--until", "2027-07-01", "--locale", "fi")
    assert said == [
        "Packaging group is changed. Next prompt: 2026-11-24 09:00.",
        "Mails in fi are not there yet: they come in English.",
    ]
    assert "task      the new rules, until 2027-07-01" in shown(packaging)
    assert "language  fi" in shown(packaging)
    assert "prompt tue 09:00, digest mon 09:00" in shown(packaging)


def test_a_task_may_have_no_name_and_no_end(packaging: Operator) -> None:
    change(packaging, "--task", "", "--without-end")
    assert "task      none\n" in shown(packaging)


def test_other_times_hold_from_the_next_prompt_on(packaging: Operator) -> None:
    assert change(packaging, "--prompt", "wed 14:30", "--digest", "fri 8:00") == [
        "Packaging group is changed. Next prompt: 2026-11-25 14:30.",
        "Next digest: 2026-11-27 08:00.",
    ]
    assert "prompt wed 14:30, digest fri 08:00" in shown(packaging)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "Say what to change"),
        (("--until", "2026-11-01"), "The task would end on 2026-11-01, which is over."),
        (("--until", "2027-07-01", "--without-end"), "--until or --without-end, not both"),
        (("--prompt", "often"), "'often' is not a weekly time"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    packaging: Operator, options: tuple[str, ...], words: str
) -> None:
    before = shown(packaging)
    said = packaging.digest("group", "change", "Packaging group", *options)
    assert said.exit_code == 2
    assert words in said.complaint
    assert shown(packaging) == before
