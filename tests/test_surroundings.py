"""Behaviour of the commands where a setting, the database, the mail server or a port is not as it should be."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import digest
from tests.parts.command import BERLIN, ENOUGH, Operator, a_newer_schema, an_old_schema


def damaged(url: str) -> Callable[[Operator], None]:
    def damage(operator: Operator) -> None:
        operator.settings["DIGEST_DATABASE_URL"] = url

    return damage


def not_a_database(operator: Operator) -> None:
    (operator.folder / "digest.sqlite").write_bytes(b"this is a letter, not a database\n" * 50)


def a_folder_in_its_place(operator: Operator) -> None:
    (operator.folder / "digest.sqlite").mkdir()


@pytest.mark.parametrize(
    ("damage", "exit_code", "words"),
    [
        (damaged("postgresql://127.0.0.1:1/digest"), 1, "The database cannot be used"),
        (damaged("postgresql://digest:sesame@127.0.0.1:1/digest"), 1, "Connection refused"),
        (damaged("postgresql://127.0.0.1:port/digest"), 2, "is not a database URL"),
        (damaged("postgresql+nothing://127.0.0.1/digest"), 2, "is not a database URL"),
        (damaged("digest.sqlite"), 2, "is not a database URL"),
        (damaged("sqlite://digest.sqlite"), 2, "is not a database URL"),
        (damaged("postgres://127.0.0.1/digest"), 2, "begins with postgres://, which Digest does not know"),
        (damaged("sqlite:///nowhere/digest.sqlite"), 2, "The folder nowhere of the database is not there"),
        (damaged("sqlite:////proc/digest.sqlite"), 1, "The database cannot be used"),
        (not_a_database, 1, "not a database"),
        (a_folder_in_its_place, 1, "The database cannot be used"),
        (an_old_schema, 1, "Run: digest db upgrade"),
    ],
)
@pytest.mark.parametrize(
    "arguments",
    [
        ("group", "list"),
        ("group", "add", "New", *BERLIN),
        ("export", "New"),
        ("tick",),
        ("web", "--port", "0"),
        ("serve", "--port", "0"),
        ("worker",),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_database_that_cannot_be_used_gets_one_line(
    operator: Operator,
    damage: Callable[[Operator], None],
    exit_code: int,
    words: str,
    arguments: tuple[str, ...],
) -> None:
    damage(operator)
    said = operator.digest(*arguments)
    assert words in said.complaint
    assert "sesame" not in said.err
    assert (said.exit_code, said.out) == (exit_code, "")


@pytest.mark.parametrize("arguments", [("group", "list"), ("check",), ("db", "upgrade")])
def test_a_database_of_a_newer_digest_is_left_alone(operator: Operator, arguments: tuple[str, ...]) -> None:
    a_newer_schema(operator)
    said = operator.digest(*arguments)
    assert "which only a newer Digest knows" in said.out + said.err
    assert said.exit_code == 1


def test_the_program_may_lie_in_a_folder_of_any_name(operator: Operator, tmp_path: Path) -> None:
    operator.folder = tmp_path / "100% ours, ~ä"
    operator.folder.mkdir()
    (operator.folder / "digest").symlink_to(
        Path(digest.__file__).parent
    )  # the one that python -m finds first
    out, err = operator.start("group", "list").communicate(timeout=60)
    assert (out.startswith("There is no group yet"), err) == (True, "")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_without_permission_gets_one_line(operator: Operator) -> None:
    operator.folder.chmod(0o555)
    said = operator.digest("group", "list")
    operator.folder.chmod(0o755)
    assert "The database cannot be used" in said.complaint
    assert said.exit_code == 1


@pytest.mark.parametrize(
    ("missing", "arguments"),
    [
        ("DIGEST_SECRET", ("web",)),
        *((name, (command,)) for name in list(ENOUGH)[:4] for command in ("serve", "worker", "tick")),
    ],
)
def test_a_missing_setting_is_named_with_what_it_is(
    operator: Operator, missing: str, arguments: tuple[str, ...]
) -> None:
    del operator.settings[missing]
    said = operator.digest(*arguments)
    assert said.complaint.startswith(f"{missing} is not set: ")
    assert said.exit_code == 2
    assert list(operator.folder.iterdir()) == []


def test_all_that_is_wrong_with_the_settings_is_told_at_once(operator: Operator) -> None:
    operator.settings |= {
        "DIGEST_SECRET": "short",
        "DIGEST_MAIL_FROM": "nobody",
        "DIGEST_BASE_URL": "example.com",
    }
    complaint = operator.digest("group", "list").complaint
    assert all(name in complaint for name in ("DIGEST_SECRET", "DIGEST_MAIL_FROM", "DIGEST_BASE_URL"))


def test_a_secret_in_a_file_that_is_not_there_is_told(operator: Operator) -> None:
    operator.settings["DIGEST_SECRET_FILE"] = "/nowhere/secret"
    said = operator.digest("check")
    assert said.out == "wrong  DIGEST_SECRET_FILE cannot be read: No such file or directory.\n"
    assert said.exit_code == 1


@pytest.mark.parametrize(
    "url", ["smtp://", "smtp://host:port", "smtp://[::1", "ftp://example.com", "maildir:", "mail.example.com"]
)
@pytest.mark.parametrize("command", ["tick", "worker", "serve"])
def test_a_mail_url_that_names_no_way_out_gets_one_line(operator: Operator, url: str, command: str) -> None:
    operator.settings["DIGEST_MAIL_URL"] = url
    said = operator.digest(command)
    assert said.complaint.startswith("DIGEST_MAIL_URL")
    assert said.exit_code == 2


@pytest.mark.parametrize(
    "name", ["DIGEST_MAIL_URL", "DIGEST_BASE_URL", "DIGEST_IMAP_URL", "DIGEST_OPERATOR_MAIL_URL"]
)
def test_check_tells_of_an_address_whose_brackets_do_not_close(operator: Operator, name: str) -> None:
    operator.settings[name] = "https://[::1"
    said = operator.digest("check")
    assert f"wrong  {name}" in said.out
    assert said.exit_code == 1


@pytest.mark.parametrize("command", ["web", "serve"])
def test_a_port_that_is_taken_gets_one_line(operator: Operator, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = operator.digest(command, "--port", str(taken.getsockname()[1]))
    assert said.complaint.endswith("another program does already. Choose another with --port.")
    assert said.exit_code == 2


def test_a_host_that_is_not_there_gets_one_line(operator: Operator) -> None:
    assert "Digest cannot listen on 192.0.2.1" in operator.digest("web", "--host", "192.0.2.1").complaint
