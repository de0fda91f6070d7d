"""Owns how neomutt is driven: a Maildir with our mail in it, `r`, vi as the editor, `y`. It must never write a line of
the message itself."""

from __future__ import annotations

import os
from pathlib import Path

from tests.real_clients.terminal import Terminal, terminal
from tests.real_clients.writing import Writing

VI = "vi -u NONE -i NONE -N -n +'set enc=utf-8 noai fo= tw=0'"
VI_FLOWED = "vi -u NONE -i NONE -N -n +'set enc=utf-8 noai fo=tw tw=72'"
GERMAN = """
set attribution="Am %{{%d.%m.%Y um %H:%M}} schrieb %n:"
set attribution_locale="de_DE.UTF-8"
"""
HTML = """
set mailcap_path={home}/mailcap
auto_view text/html
alternative_order text/html
"""
RC = """
set mbox_type=Maildir folder={home}/Mail spoolfile={home}/Mail record="" postponed="" trash=""
set realname="{name}" from="{address}" use_from=yes envelope_from=yes hostname=firm.example user_agent=yes
set smtp_url="smtp://127.0.0.1:{port}/" ssl_starttls=no ssl_force_tls=no
set reply_to=yes fast_reply=yes autoedit=yes include=yes sleep_time=0 header_cache="" history_file=""
set signature={home}/signature editor="{editor}"
"""


def reply(writing: Writing, port: int, home: Path) -> None:
    """Open our mail, answer it, send it to the SMTP server on that port of loopback."""
    _prepare(writing, port, home)
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "screen", "LANG": _locale(writing)}
    with terminal(home, environment, "neomutt", "-F", str(home / "rc")) as screen:
        screen.wait_for("Mail")
        screen.press("r")
        screen.wait_for("wrote:" if writing.locale == "en" else "schrieb")
        _write(writing, screen)
        screen.type(":wq\n")
        screen.wait_for("y:")
        screen.press("y")
        screen.wait_for("Nachricht versandt" if writing.locale == "de" else "Mail sent")


def _write(writing: Writing, screen: Terminal) -> None:
    for line, words in writing.under:
        screen.type(f"gg/{line}\n")
        _insert(screen, "o", words)
    if writing.trimmed:
        screen.type(":.+1,/^-- $/-1d\n")
        _insert(screen, "O", "")
    if writing.above:
        screen.type("gg")
        _insert(screen, "O", writing.above + "\n")
    if writing.below:
        screen.type("G?^-- $\n")
        _insert(screen, "O", "\n" + writing.below + "\n")


def _insert(screen: Terminal, command: str, words: str) -> None:
    screen.type(command + words)
    screen.press("Escape")


def _prepare(writing: Writing, port: int, home: Path) -> None:
    for folder in ("new", "cur", "tmp"):
        (home / "Mail" / folder).mkdir(parents=True)
    (home / "Mail" / "new" / "1.ours").write_bytes(writing.mail)
    (home / "signature").write_text(writing.signature + "\n", "utf-8")
    (home / "mailcap").write_text("text/html; w3m -I %{charset} -T text/html -dump; copiousoutput\n")
    settings = dict(writing.settings)
    show = settings.pop("show", "text")
    editor = VI_FLOWED if settings.get("text_flowed") == "yes" else VI
    lines = RC + (GERMAN if writing.locale == "de" else "") + (HTML if show == "html" else "")
    lines += "".join(f'set {name}="{value}"\n' for name, value in settings.items())
    made = {"home": home, "name": writing.full_name, "address": writing.address, "port": port}
    (home / "rc").write_text(lines.format(**made, editor=editor), "utf-8")


def _locale(writing: Writing) -> str:
    return "de_DE.UTF-8" if writing.locale == "de" else "C.UTF-8"
