"""Owns the commands: their names, options and exit codes, which others build on.
It must never do work itself, nor import what does it before a command needs it: `--help` and `parse` are fast.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

import click

from digest import __version__
from digest.commands.arguments import INSTANT, LANGUAGE, LISTEN, PORT
from digest.commands.groups import export, group, member
from digest.complaint import Complaint, complaint
from digest.errors import Misuse

if TYPE_CHECKING:
    from digest.checking.finding import Finding

Form = Literal["text", "html", "raw"]
TRY_AGAIN = 75  # EX_TEMPFAIL: a mail server keeps the message that it tried to hand over

port_option = click.option("--port", type=PORT, default=8080, show_default=True, help="0 takes a free one.")
host_option = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Carry out a command line, then leave: 0 done, 1 failed, 2 wrong use; `receive` 0, or 75 to be tried again."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """The exit code of a command line; what is wrong is told in one line on standard error."""
    try:
        _require_text(arguments)
        return commands.main(list(arguments), prog_name="digest", standalone_mode=False) or 0
    except Exception as error:
        said = complaint(error)
        if list(arguments[:1]) == ["receive"]:
            # Whatever stands in the way, a message must not bounce for it: the mail server tries again.
            said = Complaint(said.line if said else f"Not stored: {type(error).__name__}: {error}", TRY_AGAIN)
        if said is None:
            raise
        click.echo(said.line, err=True)
        return said.exit_code


def _require_text(arguments: Sequence[str]) -> None:
    """What is no UTF-8 cannot be stored or shown. Only a mail server may hand over any octets."""
    wrong = [
        one for one in arguments if not one.isascii() and any("\ud800" <= sign <= "\udfff" for sign in one)
    ]
    if wrong and arguments[0] != "receive":
        shown = wrong[0].encode("utf-8", "replace").decode()
        raise Misuse(f"{shown!r} is no text in UTF-8. Check the locale of this terminal, then type it again.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="digest")
def commands() -> None:
    """A weekly prompt, its replies, and Monday's digest, all by mail."""


@commands.command()
@port_option
def demo(port: int) -> None:
    """Try it: invented members, a mailbox page, a clock to move."""
    from digest import start
    from digest.demo import command

    start.log_errors_alone()
    command.run(port)


@commands.command()
@port_option
@host_option
def serve(port: int, host: str) -> None:
    """Run everything in one process: web, scheduler, sender."""
    from digest import serve, start

    start.log_to_stderr()
    serve.everything(host, port)


@commands.command()
@port_option
@host_option
def web(port: int, host: str) -> None:
    """Run the web part alone: pages and the door for mail."""
    from digest import serve, start

    start.log_to_stderr()
    serve.web(host, port)


@commands.command()
def worker() -> None:
    """Run the work alone: read, plan, compose, send."""
    from digest import serve, start

    start.log_to_stderr()
    serve.worker()


@commands.command()
@click.option(
    "--listen", type=LISTEN, metavar="HOST:PORT", help="Where to listen; as set, or 127.0.0.1:2424."
)
@click.option(
    "--socket", "file", type=click.Path(path_type=Path), metavar="PATH", help="A socket's file instead."
)
def lmtp(listen: tuple[str, int] | None, file: Path | None) -> None:
    """Run the door for a mail server that speaks LMTP."""
    from digest import serve, start

    if listen and file:
        raise Misuse("--listen and --socket name two places. Give one of them.")
    start.log_to_stderr()
    serve.lmtp(file or listen)


@commands.command()
@click.option(
    "--now", type=INSTANT, metavar="ISO", help="The moment to work at, such as 2026-11-24T09:00+01:00."
)
def tick(now: datetime | None) -> None:
    """Do once all that is due: read, plan, compose, send."""
    from digest.commands import tick

    tick.run(now)


@commands.command()
@click.option("--mail-from", metavar="ADDRESS", help="The envelope sender; empty for the null reverse-path.")
@click.option(
    "--rcpt-to", metavar="ADDRESS", multiple=True, help="The recipient; else it is read from the header."
)
@click.argument("rcpt_tos", metavar="[ADDRESS]...", nargs=-1)
def receive(mail_from: str | None, rcpt_to: tuple[str, ...], rcpt_tos: tuple[str, ...]) -> None:
    """Store one raw message from standard input, for each ADDRESS. Exit 0, or 75 to be tried again."""
    from digest import start
    from digest.inbound import pipe

    with pipe.patience(), closing(start.database(start.settings())) as database:
        pipe.receive(database, sys.stdin.buffer, mail_from, rcpt_to + rcpt_tos)


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--prompt", metavar="FILE", help="The mail that was answered, as it was sent.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def parse(files: tuple[str, ...], prompt: str | None, as_json: bool) -> int:
    """Show how replies are read; needs no database."""
    from digest.commands import parse

    return parse.run(files, prompt, as_json)


@commands.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema."""
    from digest import schema, start

    with closing(start.open_database(start.settings())) as database:
        schema.upgrade(database)
        click.echo(f"The database is up to date (schema {schema.versions(database)[0]}).")


@commands.command()
@click.option(
    "--round-trip",
    "address",
    is_flag=False,
    flag_value="",
    metavar="[ADDRESS]",
    help="Send a message that comes back in; by way of a mailbox that forwards or answers it, where one is named.",
)
@click.option(
    "--wait", type=click.FloatRange(0, 3600), default=120, show_default=True, help="Seconds to wait for it."
)
@click.option("--link", is_flag=True, help="Print a link to the same as a page, good for a day.")
def check(address: str | None, wait: float, link: bool) -> int:
    """Tell what is in force and what is missing."""
    from digest.checking import everything
    from digest.commands import check

    if link:
        click.echo("\n".join(check.link()))
        return 0
    looked = everything.findings() if address is None else check.way_and_back(address or None, wait)
    return everything.exit_code([_told(finding) for finding in looked])


@commands.command()
@click.argument("mail")
@click.option("--locale", type=LANGUAGE, default="en", show_default=True, help="The language of the reader.")
@click.option("--text", "form", flag_value="text", default="text", help="Head and plain text (the usual).")
@click.option("--html", "form", flag_value="html", help="The HTML part.")
@click.option("--raw", "form", flag_value="raw", help="The whole message as it is sent.")
def preview(mail: str, locale: str, form: Form) -> None:
    """Show a mail as an invented member would get it."""
    from digest.commands import preview

    click.echo(preview.shown(mail, locale, form), nl=False)


@commands.command("dkim-key")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--domain", help="Whose mail is signed; the usual is that of DIGEST_MAIL_FROM.")
@click.option("--selector", default="digest", show_default=True, help="The name of the key in DNS.")
@click.option("--ed25519", is_flag=True, help="A short modern key; many receivers still need RSA beside it.")
def dkim_key(file: Path, domain: str | None, selector: str, ed25519: bool) -> None:
    """Make a key that signs mails, in a new FILE, and show the record that belongs into DNS."""
    from digest import start
    from digest.outbound.dkim_key import make_key, zone_line

    domain = domain or (start.settings("DIGEST_MAIL_FROM").mail_from or "").rpartition("@")[2]
    click.echo(zone_line(make_key(file, "ed25519" if ed25519 else "rsa"), selector, domain))


def _told(finding: Finding) -> Finding:
    """Each as soon as it is known: a server that does not answer takes a while."""
    click.echo(finding.line)
    return finding


commands.add_command(group)
commands.add_command(member)
commands.add_command(export)
