"""Behaviour of the commands: what they do, and what wrong use and bad surroundings get."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from sqlalchemy import func, select

from digest import cli
from digest.domain.groups.group import Group, Member
from digest.domain.groups.notice import Notice
from digest.domain.groups.practice import Practice
from tests.parts.command import BERLIN, Operator


def every_command(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield before
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, (*before, name))
        else:
            yield (*before, name)


@pytest.mark.parametrize("command", list(every_command(cli.commands)), ids=" ".join)
def test_every_command_explains_itself(operator: Operator, command: tuple[str, ...]) -> None:
    said = operator.digest(*command, "--help")
    assert (said.exit_code, said.err) == (0, "")
    assert said.out.startswith("Usage: digest")


def test_without_a_command_the_help_is_shown_as_wrong_use(operator: Operator) -> None:
    said = operator.digest()
    assert said.exit_code == 2
    assert "Usage: digest" in said.err


def test_help_imports_nothing_that_is_slow() -> None:
    heavy = ("sqlalchemy", "flask", "alembic", "apscheduler", "jinja2", "babel", "waitress")
    looked = f"import sys; from digest import cli; cli.run(['--help']); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_told(operator: Operator) -> None:
    assert operator.digest("--version").out.startswith("digest, version ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["groop"], "No such command 'groop'"),
        (["group", "show"], "Missing argument 'GROUP'"),
        (["group", "show", "Packing"], "There is no group 'Packing'. There are: Packaging group."),
        (["export", "Packing"], "There is no group 'Packing'"),
        (["group", "add", "New", "--locale", "de"], "Missing option '--timezone'"),
        (["group", "add", "New", "--timezone", "Europe/Bärlin", "--locale", "de"], "IANA name"),
        (["group", "add", "New", "--timezone", "Europe/Berlin", "--locale", "d e"], "not a language tag"),
        (["group", "add", "New", "--timezone", "UTC", "--locale", "deutsch"], "Write it like de or pt-BR."),
        (["group", "add", "New\nX", *BERLIN], "line break"),
        (["group", "add", "M\udcfcller", *BERLIN], "'M?ller' is no text in UTF-8"),
        (["group", "add", "New", *BERLIN, "--until", "9999-12-31"], "too far away"),
        (["tick", "--now", "0001-01-01"], "too far away"),
        (["group", "add", "", *BERLIN], "is empty"),
        (["group", "add", "packaging GROUP", *BERLIN], "There is a group"),
        (["group", "add", "New", *BERLIN, "--practice", "stand-up"], "There is: learning-log"),
        (["group", "add", "New", *BERLIN, "--prompt", "someday"], 'Write it like "tue 09:00"'),
        (["group", "add", "New", *BERLIN, "--digest", "mon 25:00"], 'Write it like "tue 09:00"'),
        (["group", "add", "New", *BERLIN, "--until", "1 July"], "Write it like 2026-07-01"),
        (["group", "add", "New", *BERLIN, "--until", "2020-07-01"], "which is over"),
        (["group", "add", "New", *BERLIN, "--task", "one\ntwo"], "line break"),
        (["group", "add", "New", *BERLIN, "--example", "nowhere.txt"], "nowhere.txt cannot be read"),
        (["group", "add", "New", *BERLIN, "--example", "."], "cannot be read"),
        (["member", "add", "Packing", "mira@example.com", "--name", "Mira"], "There is no group"),
        (["member", "add", "Packaging group", "mira", "--name", "Mira"], "Write it like mira@example.com"),
        (["member", "add", "Packaging group", "mira@example.com", "--name", "Mi\nra"], "line break"),
        (["member", "add", "Packaging group", "mira@example.com"], "Missing option '--name'"),
        (
            ["member", "add", "Packaging group", "m@example.com", "--name", "M", "--consent-source", "x"],
            "--active",
        ),
        (["preview", "letter"], "There are: invitation"),
        (["preview", "invitation", "--locale", "../de"], "not a language tag"),
        (["tick", "--now", "tomorrow"], "Write it like 2026-11-24T09:00"),
        (["web", "--port", "70000"], "70000"),
        (["parse"], "Missing argument"),
        (["parse", "nowhere.eml"], "nowhere.eml cannot be read"),
    ],
)
def test_wrong_use_gets_one_line_and_changes_nothing(
    with_group: Operator, arguments: list[str], words: str
) -> None:
    said = with_group.digest(*arguments)
    assert words in said.complaint
    assert said.exit_code == 2
    assert said.out == ""
    assert with_group.in_database(select(Group.name)) == ["Packaging group"]
    assert with_group.in_database(select(Practice.id)) == [1]
    assert with_group.in_database(select(Member.id)) == []


def test_a_second_member_with_the_same_address_is_refused(with_group: Operator) -> None:
    arguments = ("member", "add", "Packaging group", "mira@example.com", "--name")
    assert with_group.digest(*arguments, "Mira").exit_code == 0
    said = with_group.digest(*arguments, "Miranda")
    assert said.complaint == "mira@example.com is in this group already (Mira, invited)."
    assert said.exit_code == 2
    assert len(with_group.in_database(select(Notice.id))) == 2


@pytest.mark.parametrize("content", [b"", b"  \n", b"\xff\xfe\x00", b"x" * 2001, b"a\x00b"])
def test_an_example_that_cannot_be_shown_is_refused(operator: Operator, content: bytes) -> None:
    (operator.folder / "example.txt").write_bytes(content)
    said = operator.digest("group", "add", "New", *BERLIN, "--example", "example.txt")
    assert said.exit_code == 2
    assert "xample" in said.complaint


def test_upgrading_twice_is_harmless(operator: Operator) -> None:
    first, second = operator.digest("db", "upgrade"), operator.digest("db", "upgrade")
    assert first.out == second.out
    assert first.out.startswith("The database is up to date (schema ")
    assert operator.in_database(select(func.count(Group.id))) == [0]
