"""Owns how Claws Mail is driven: an MH folder with our mail in it, Ctrl+R, its own editor, Ctrl+Return. It must never
write a line of the message itself."""

from __future__ import annotations

from pathlib import Path

from tests.real_clients.screen import Screen, screen
from tests.real_clients.writing import Writing

ACCOUNT = """[Account: 1]
account_name={address}
is_default=1
name={name}
address={address}
protocol=5
receive_at_get_all=0
smtp_server=127.0.0.1
use_smtp_auth=0
smtp_port={port}
set_smtpport=1
ssl_smtp=0
set_domain=1
domain=firm.example
generate_msgid=1
signature_type=0
signature_path={home}/signature
auto_signature=1
signature_separator=--{space}
"""
COMMON = """[Common]
check_on_startup=0
enable_aspell=0
show_tips=0
"""
FOLDERS = """<?xml version="1.0" encoding="UTF-8"?>
<folderlist>
<folder type="mh" name="Mail" path="Mail" collapsed="0">
<folderitem type="inbox" name="inbox" path="inbox" />
<folderitem type="outbox" name="sent" path="sent" />
<folderitem type="draft" name="draft" path="draft" />
<folderitem type="queue" name="queue" path="queue" />
<folderitem type="trash" name="trash" path="trash" />
</folder>
</folderlist>
"""


def reply(writing: Writing, port: int, home: Path) -> None:
    """Open our mail, answer it, send it to the SMTP server on that port of loopback."""
    _prepare(writing, port, home)
    with screen(home, writing.locale, "claws-mail", "--select", "#mh/Mail/inbox/1") as shown:
        shown.window("Claws Mail")
        shown.rest(2)
        shown.press("ctrl+r")
        window = shown.window("^Re: ")
        shown.rest(1)
        _write(writing, shown)
        shown.press("ctrl+Return")
        shown.gone(window)


def _write(writing: Writing, shown: Screen) -> None:
    if writing.below:
        shown.type(writing.below + "\n")
    for line, words in writing.under:
        shown.press("ctrl+Home", *["Down"] * _line_of(line, shown), "End", "Return")
        shown.type(words)
    if writing.trimmed:
        _trim(writing, shown)
    if writing.above:
        shown.press("ctrl+Home")
        shown.type(writing.above + "\n\n")


def _trim(writing: Writing, shown: Screen) -> None:
    """Delete from the line behind the last answer to the last quoted one."""
    lines = _lines(shown)
    first = next(at for at, line in enumerate(lines) if line and writing.typed[-1].endswith(line)) + 1
    last = max(at for at, line in enumerate(lines) if line.startswith(">"))
    shown.press("ctrl+Home", *["Down"] * first, *["shift+Down"] * (last + 1 - first), "Delete")


def _line_of(words: str, shown: Screen) -> int:
    """The number of the editor's line with these words, from 0; lines are wrapped as they are shown."""
    return next(at for at, line in enumerate(_lines(shown)) if words in line)


def _lines(shown: Screen) -> list[str]:
    shown.press("ctrl+a", "ctrl+c")
    shown.rest(0.5)
    return shown.clipboard().split("\n")


def _prepare(writing: Writing, port: int, home: Path) -> None:
    for folder in ("inbox", "sent", "draft", "queue", "trash"):
        (home / "Mail" / folder).mkdir(parents=True)
    (home / "Mail" / "inbox" / "1").write_bytes(writing.mail)
    (home / "signature").write_text(writing.signature + "\n", "utf-8")
    profile = home / ".claws-mail"
    profile.mkdir()
    made = {"home": home, "name": writing.full_name, "address": writing.address, "port": port, "space": " "}
    (profile / "accountrc").write_text(ACCOUNT.format(**made), "utf-8")
    settings = "".join(f"{name}={value}\n" for name, value in writing.settings.items())
    (profile / "clawsrc").write_text(COMMON + settings, "utf-8")
    (profile / "folderlist.xml").write_text(FOLDERS, "utf-8")
