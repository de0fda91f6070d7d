"""Owns the commands about groups and members: their names and options.
It must never hold a rule, nor import what does the work before a command needs it.
"""

from __future__ import annotations

from datetime import date

import click

from digest.commands.arguments import DAY, EXAMPLE, LANGUAGE, TIME_ZONE


@click.group()
def group() -> None:
    """Groups: add, change, list, show."""


@group.command("add")
@click.argument("name")
@click.option("--timezone", type=TIME_ZONE, required=True, help="An IANA name, such as Europe/Berlin.")
@click.option("--locale", type=LANGUAGE, required=True, help="The group's language, such as de.")
@click.option("--practice", default="learning-log", show_default=True, help="What the group does each week.")
@click.option("--prompt", metavar="TIME", help='When the prompt goes out, such as "tue 09:00".')
@click.option("--digest", metavar="TIME", help='When the digest goes out, such as "mon 09:00".')
@click.option("--task", help="What the group gets ready for, such as 'the new packaging rules'.")
@click.option("--until", type=DAY, help="The last day of the task, such as 2026-07-01.")
@click.option(
    "--example", type=EXAMPLE, help="A file with the facilitator's own example, for the first prompt."
)
@click.option("--example-by", metavar="NAME", help="Who signs it; else the first facilitator.")
@click.option(
    "--offer-old-questions",
    is_flag=True,
    help="Ask two members by name when a question is a week old without help.",
)
def add_group(
    name: str,
    timezone: str,
    locale: str,
    practice: str,
    prompt: str | None,
    digest: str | None,
    task: str | None,
    until: date | None,
    example: str | None,
    example_by: str | None,
    offer_old_questions: bool,
) -> None:
    """Set up a group and what it does each week."""
    from digest.commands import administration as work

    _say(
        work.add_group(
            work.NewGroup(
                name=name,
                timezone=timezone,
                locale=locale,
                practice=practice,
                prompt=prompt,
                digest=digest,
                task=task,
                until=until,
                example=example,
                example_by=example_by,
                offer_old_questions=offer_old_questions,
            )
        )
    )


@group.command("change")
@click.argument("name", metavar="GROUP")
@click.option("--task", help="What the group gets ready for; '' for nothing in particular.")
@click.option("--until", type=DAY, help="The last day of the task, such as 2026-07-01.")
@click.option("--without-end", is_flag=True, help="The task has no last day any more.")
@click.option("--locale", type=LANGUAGE, help="The group's language, such as de.")
@click.option("--prompt", metavar="TIME", help='When the prompt goes out, such as "tue 09:00".')
@click.option("--digest", metavar="TIME", help='When the digest goes out, such as "mon 09:00".')
def change_group(
    name: str,
    task: str | None,
    until: date | None,
    without_end: bool,
    locale: str | None,
    prompt: str | None,
    digest: str | None,
) -> None:
    """Change a group's task, language or times; a digest that members were told of comes as they were told."""
    from digest.commands import group_changes as work

    if until and without_end:
        raise click.UsageError("--until or --without-end, not both.")
    changes = work.Changes(
        task=task, until=until, without_end=without_end, locale=locale, prompt=prompt, digest=digest
    )
    if changes == work.Changes():
        raise click.UsageError(
            "Say what to change: --task, --until, --without-end, --locale, --prompt, --digest."
        )
    _say(work.change_group(name, changes))


@group.command("list")
def list_groups() -> None:
    """All groups, one a line."""
    from digest.commands import administration as work

    _say(work.list_groups())


@group.command("show")
@click.argument("name", metavar="GROUP")
def show_group(name: str) -> None:
    """One group: its task, its times, its members."""
    from digest.commands import administration as work

    _say(work.show_group(name))


@click.group()
def member() -> None:
    """Members: add, address."""


@member.command("add")
@click.argument("group")
@click.argument("address")
@click.option("--name", required=True, help="As the others know this person.")
@click.option("--facilitator", is_flag=True, help="This person holds the keys.")
@click.option("--locale", type=LANGUAGE, help="This person's language; else the group's.")
@click.option("--active", is_flag=True, help="Consent was given elsewhere: no invitation.")
@click.option("--consent-source", metavar="TEXT", help="With --active: where the consent was given.")
def add_member(
    group: str,
    address: str,
    name: str,
    facilitator: bool,
    locale: str | None,
    active: bool,
    consent_source: str | None,
) -> None:
    """Invite somebody; a reply "yes" joins."""
    from digest.commands import administration as work

    if consent_source and not active:
        raise click.UsageError("--consent-source goes with --active.")
    new = work.NewMember(
        group=group,
        address=address,
        name=name,
        facilitator=facilitator,
        locale=locale,
        consent_source=(consent_source or "digest member add --active") if active else None,
    )
    _say(work.add_member(new))


@member.command("address")
@click.argument("group")
@click.argument("old")
@click.argument("new")
def change_address(group: str, old: str, new: str) -> None:
    """Correct an address; who reads the new one is invited there. Twice the same: the mailbox is there by now."""
    from digest.commands import administration as work

    _say(work.change_address(group, old, new))


@click.command()
@click.argument("group")
@click.option("--json", "as_json", is_flag=True, help="On one line, for programs.")
def export(group: str, as_json: bool) -> None:
    """All that a group wrote, as one JSON object."""
    from digest.commands import administration as work

    click.echo(work.export(group, one_line=as_json))


def _say(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)
