"""Behaviour of the commands about groups and members."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from digest.domain.groups.group import Member
from digest.domain.groups.notice import Notice
from digest.domain.groups.practice import Practice
from tests.parts.command import BERLIN, Operator


def test_a_group_is_set_up_in_a_new_database_and_its_first_prompt_named(operator: Operator) -> None:
    operator.settings["DIGEST_CLOCK"] = "2026-11-22T12:00Z"
    said = operator.digest(
        "group", "add", "Packaging group", *BERLIN, "--task", "the new rules", "--until", "2027-07-01"
    )
    assert (said.exit_code, said.err) == (0, "")
    assert said.out.startswith("Packaging group is set up. Next prompt: 2026-11-24 09:00.\n")
    shown = operator.digest("group", "show", "packaging group").out
    assert "the new rules, until 2027-07-01" in shown
    assert "prompt tue 09:00, digest mon 09:00" in shown
    assert (
        operator.digest("group", "list").out == "Packaging group: 0 members. Next prompt: 2026-11-24 09:00.\n"
    )


def test_a_group_may_have_other_times(operator: Operator) -> None:
    times = ("--prompt", "wed 14:30", "--digest", "fri 8:00")
    operator.digest("group", "add", "Packaging group", *BERLIN, *times)
    assert "prompt wed 14:30, digest fri 08:00" in operator.digest("group", "show", "Packaging group").out


def test_no_group_is_said_as_such(operator: Operator) -> None:
    assert operator.digest("group", "list").out.startswith(
        "There is no group yet in sqlite:///digest.sqlite."
    )


def test_the_example_is_signed_by_the_first_facilitator(operator: Operator) -> None:
    (operator.folder / "example.txt").write_text("I asked for a sample.\nIt came in the wrong size.\n")
    operator.digest("group", "add", "Packaging group", *BERLIN, "--example", "example.txt")
    operator.digest(
        "member", "add", "Packaging group", "jonas@example.com", "--name", "Jonas", "--facilitator"
    )
    assert operator.in_database(select(Practice.example)) == [
        "I asked for a sample.\nIt came in the wrong size."
    ]
    assert "example by Jonas" in operator.digest("group", "show", "Packaging group").out


def test_the_example_is_signed_by_whom_one_names(operator: Operator) -> None:
    (operator.folder / "example.txt").write_text("I asked for a sample.")
    operator.digest("group", "add", "G", *BERLIN, "--example", "example.txt", "--example-by", "Carla")
    assert operator.in_database(select(Practice.example_by)) == ["Carla"]


def test_a_member_is_invited_now_and_reminded_after_a_week(with_group: Operator) -> None:
    said = with_group.digest("member", "add", "Packaging group", "Mira@Example.com", "--name", "Mira")
    assert (
        said.out
        == "Mira is invited to Packaging group; the mail goes out as soon as digest serve, worker or tick runs.\n"
    )
    assert with_group.in_database(select(Notice.occasion).order_by(Notice.id)) == [
        "invitation:1",
        "invitation:2",
    ]
    assert "invited Mira <mira@example.com>" in with_group.digest("group", "show", "Packaging group").out


def test_consent_given_elsewhere_is_recorded_with_its_source(with_group: Operator) -> None:
    add = ("member", "add", "Packaging group")
    with_group.digest(*add, "mira@example.com", "--name", "Mira", "--active", "--consent-source", "kick-off")
    with_group.digest(*add, "ben@example.com", "--name", "Ben", "--active")
    sources = with_group.in_database(select(Member.consent_source).order_by(Member.id))
    assert sources == ["kick-off", "digest member add --active"]
    assert with_group.in_database(select(Notice.id)) == []


def test_a_language_without_a_catalogue_is_said_in_one_line(operator: Operator) -> None:
    line = "Mails in fi are not there yet: they come in English."
    zone = ("--timezone", "Europe/Helsinki")
    assert line in operator.digest("group", "add", "One", *zone, "--locale", "fi").out.splitlines()
    member = ("member", "add", "One", "aino@example.com", "--name", "Aino")
    assert line in operator.digest(*member, "--locale", "fi").out.splitlines()
    british = operator.digest("member", "add", "One", "ann@example.com", "--name", "Ann", "--locale", "en-GB")
    assert "English" not in british.out


def test_a_group_of_more_than_twelve_is_said_in_one_line(with_group: Operator) -> None:
    outs = [
        with_group.digest("member", "add", "Packaging group", f"m{n}@example.com", "--name", f"M{n}").out
        for n in range(13)
    ]
    assert all("works best" not in out for out in outs[:12])
    assert "Packaging group has 13 members now. It works best with 4 to 12" in outs[12]


def test_somebody_known_keeps_her_name(with_group: Operator) -> None:
    with_group.digest("group", "add", "Two", *BERLIN)
    with_group.digest("member", "add", "Packaging group", "mira@example.com", "--name", "Mira")
    said = with_group.digest("member", "add", "Two", "mira@example.com", "--name", "M. Berg")
    assert "mira@example.com is known as Mira already; that name stays." in said.out


@pytest.mark.parametrize(("options", "lines"), [((), False), (("--json",), True)])
def test_the_export_is_one_json_object(with_group: Operator, options: tuple[str, ...], lines: bool) -> None:
    said = with_group.digest("export", "Packaging group", *options)
    assert json.loads(said.out) == {"entries": [], "questions": [], "replies": []}
    assert (said.out.count("\n") == 1) is lines
