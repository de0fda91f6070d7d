"""Owns `digest parse`: how replies are read, without a database, one line of output for each file. It must never import
what only the service needs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from digest.errors import Misuse, Unreadable


def parse_files(paths: Iterable[Path], prompt: Path | None = None) -> Iterator[dict[str, Any]]:
    """One object for each message file, in order: `reply`, `automatic`, `intent`, `tried`, `failed`, `questions`,
    `anonymous`, `language`. `prompt` is the mail of ours that they answer.

    Raises Misuse for a file that cannot be opened; what is no message is read as nothing, with intent `unknown`.
    """
    from digest.reading.written.sent_text import sent_text

    sent = sent_text(_bytes(prompt)) if prompt is not None else None
    for path in paths:
        yield _parsed(_bytes(path), sent)


def _parsed(raw: bytes, sent: Any) -> dict[str, Any]:
    from digest.reading.meaning.interpret import Reading, read
    from digest.reading.mime.message import parse as parse_message

    try:
        reading = read(parse_message(raw), sent=sent)
    except Unreadable:
        reading = Reading("", "unknown")
    return {
        "reply": reading.reply,
        "automatic": reading.automatic is not None,
        "intent": reading.intent,
        "tried": reading.tried,
        "failed": reading.failed,
        "questions": list(reading.questions),
        "anonymous": reading.anonymous,
        "language": reading.language,
    }


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Misuse(
            f"{path} cannot be read: {error.strerror}. Check the name and the permissions."
        ) from error


def run(files: Sequence[str], prompt: str | None = None, as_json: bool = True) -> int:
    """Print how each file was read, a line (or, for the eye, a paragraph) each; the exit code."""
    for found in parse_files(map(Path, files), Path(prompt) if prompt else None):
        click.echo(json.dumps(found, ensure_ascii=False) if as_json else _in_words(found))
    return 0


@click.command("parse")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--prompt", metavar="FILE", help="The mail that they answer, as it was sent.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def parse(as_json: bool, prompt: str | None, files: tuple[str, ...]) -> None:
    """Show how replies are read; needs no database."""
    try:
        sys.exit(run(files, prompt, as_json))
    except Misuse as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def _in_words(found: dict[str, Any]) -> str:
    """The same for the eye: a line for each thing found."""
    lines = [f"{name}: {value}" for name, value in found.items() if value not in (None, [], False, "")]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    parse()
