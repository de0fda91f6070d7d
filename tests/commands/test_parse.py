"""`digest parse` shows how replies are read, without what only the service needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from digest.commands.parse import parse_files
from digest.errors import Misuse

REPLY = b"From: mira@example.com\nSubject: Re: Packaging group\n\nTried: new foil\nQuestion: who sells a better one?\n"
KEYS = ["reply", "automatic", "intent", "tried", "failed", "questions", "anonymous", "language"]


@pytest.fixture
def reply(tmp_path: Path) -> Path:
    path = tmp_path / "reply.eml"
    path.write_bytes(REPLY)
    return path


def test_each_file_gives_one_object_in_order(reply: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.eml"
    other.write_bytes(b"From: ben@example.com\nAuto-Submitted: auto-replied\n\nI am away.\n")
    first, second = parse_files([reply, other])
    assert list(first) == KEYS
    assert (first["tried"], first["questions"]) == ("new foil", ["who sells a better one?"])
    assert (second["automatic"], second["intent"], second["tried"]) == (True, "automatic", None)


def test_what_is_no_message_is_unknown_and_stops_nothing(reply: Path, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.eml"
    nothing.write_bytes(b"")
    found = list(parse_files([nothing, reply]))
    assert [one["intent"] for one in found] == ["unknown", "entry"]


def test_the_mail_that_was_answered_tells_what_a_number_means(reply: Path, tmp_path: Path) -> None:
    digest = tmp_path / "digest.eml"
    digest.write_bytes(b"From: g@reply.example\n\n2. Mira asks: which glue holds below five degrees?\n")
    reply.write_bytes(b"From: ben@example.com\n\n2: try the staging key first\n")
    (found,) = parse_files([reply], digest)
    assert found["intent"] == "answer"


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match=r"none\.eml cannot be read"):
        list(parse_files([tmp_path / "none.eml"]))


def test_the_command_prints_json_and_loads_no_web_and_no_database(reply: Path) -> None:
    script = (
        "import sys; from digest.commands.parse import run; run([sys.argv[1]]);"
        "assert not {'flask', 'sqlalchemy'} & sys.modules.keys()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(reply)], capture_output=True, check=True, text=True
    )
    assert json.loads(done.stdout)["intent"] == "entry"
