"""Machines that answer us, knowingly or not, never start a loop: what we send back is counted, bounded and not lost."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from digest import clock
from digest.database import connect
from digest.domain.groups.notice import Notice
from digest.domain.mails import automatic_answers
from digest.domain.mails.record import InboundMessage
from digest.domain.rounds.entry import Section
from digest.domain.running.alarm import standing_alarms
from digest.settings import Settings
from tests.acceptance.world import Mail, World
from tests.parts.databases import Databases, database_with_schema
from tests.parts.smtp_server import Received, SmtpServer

TUESDAY = "2026-03-31T09:00+02:00"
BEN = "ben@example.com"
Machine = Callable[[World, Mail], None]
numbers = itertools.count(1)


def let_it_answer(world: World, machine: Machine, hours: tuple[int, ...]) -> list[int]:
    """How many mails Ben got at each of these hours, where that machine answers every one of them at once."""
    start, answered, got = datetime.fromisoformat(TUESDAY), len(world.inbox(BEN)), list[int]()
    for hour in hours:
        before = len(world.inbox(BEN))
        world.at((start + timedelta(hours=hour)).isoformat())
        while fresh := world.inbox(BEN)[answered:]:
            answered += len(fresh)
            for mail in fresh:
                machine(world, mail)
            world.tick()
        got.append(len(world.inbox(BEN)) - before)
    return got


def ticket_system(world: World, mail: Mail) -> None:
    world.reply(
        mail,
        f"Ticket {next(numbers)} was opened. The printer team looks into the label printer.",
        quote=False,
    )


def lying_responder(world: World, mail: Mail) -> None:
    world.reply(mail, "I am moving offices and the new desk has no printer yet.")


def forwarder_with_a_machine_behind(world: World, mail: Mail) -> None:
    world.reply(mail, f"Your message was received, number {next(numbers)}.", sender="box@elsewhere.example")


def mailing_list(world: World, mail: Mail) -> None:
    for number in range(4):
        world.reply(mail, "Why do I get this?", sender=f"reader{number}@list.example")


@pytest.mark.parametrize(
    ("machine", "hours"),
    [(ticket_system, (0, 2, 4, 6)), (lying_responder, (0,))],
    ids=["tickets", "vacation"],
)
def test_a_machine_at_a_members_own_address_gets_few_answers(
    packaging: World, machine: Machine, hours: tuple[int, ...]
) -> None:
    got = let_it_answer(packaging, machine, hours)
    assert got[0] <= 11, "the prompt, and ten answers an hour"
    assert sum(got) <= 1 + 25 + 1, "a day; a question mail may have gone round"
    with packaging.database.reading() as session:
        waiting = session.scalars(select(Notice.id).where(Notice.settled_at.is_(None), Notice.answers)).all()
        states = set(session.scalars(select(InboundMessage.state)))
        assert session.scalars(select(Section.id)).all(), "what it wrote was filed all the same"
    assert len(waiting) <= 2, "each answer has one cause, so that nothing piles up"
    assert states <= {"filed", "held"}


@pytest.mark.parametrize("machine", [forwarder_with_a_machine_behind, mailing_list])
def test_machines_behind_a_members_address_get_five_questions_a_day(
    packaging: World, machine: Machine
) -> None:
    got = let_it_answer(packaging, machine, hours=(0, 2, 25))
    assert got[0] + got[1] <= 1 + 5
    assert got[2] <= 5 + 1, "a question mail may have gone round"


# The whole service


def test_beyond_the_limit_answers_wait_and_the_operator_is_told(
    packaging: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automatic_answers, "MOST_AN_HOUR", 3)  # there are five members, so it is five
    packaging.at("2026-03-31T20:00+02:00")
    for turn in range(2):
        for name in ("mira", "ben", "carla", "emil"):
            packaging.reply(packaging.prompt(name), ("Tried: a glue", "Did not work: the tape")[turn])
    before = len(packaging.smtp_server.received)
    packaging.tick()
    packaging.tick()
    assert len(packaging.smtp_server.received) - before == 5
    with packaging.database.reading() as session:
        assert [alarm.kind for alarm in standing_alarms(session)] == ["breaker"]
        assert set(session.scalars(select(InboundMessage.state))) == {"filed"}, "the entries are in anyway"
    packaging.at("2026-03-31T21:01+02:00")
    packaging.tick()
    assert len(packaging.smtp_server.received) - before == 8, "the others come when there is room"
    with packaging.database.reading() as session:
        assert standing_alarms(session) == []


def test_prompts_and_digests_are_never_held_back(packaging: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automatic_answers, "_most", lambda session: 0)
    packaging.at(TUESDAY)
    packaging.reply(packaging.prompt("ben"), "Tried: the other glue")
    packaging.at("2026-04-06T09:00+02:00")
    subjects = [mail.subject for mail in packaging.inbox(BEN)]
    assert any("open question" in subject or "week 15" in subject for subject in subjects[-2:])
    assert not any("we got it" in subject for subject in subjects)


# Mail to nobody


def write(world: World, rcpt_to: str, sender: str, extra: str = "") -> None:
    """A new message, not a reply."""
    head = f"From: {sender}\r\nTo: {rcpt_to}\r\nSubject: glue\r\nMessage-ID: <{next(numbers)}@client.example>\r\n"
    world.post(f"{extra}{head}\r\nTried: the other glue\r\n".encode(), rcpt_to, sender)
    world.tick()


NOBODY = "r-zzzzzzzzzzzzzzzzzzzzzzzzzz@in.example.org"


@pytest.mark.parametrize("rcpt_to", [NOBODY, "digest@example.org", "info@in.example.org"])
def test_a_member_who_wrote_to_nobody_is_told_once_a_day(packaging: World, rcpt_to: str) -> None:
    packaging.at(TUESDAY)
    for _ in range(3):
        write(packaging, rcpt_to, BEN)
    told = [mail for mail in packaging.inbox(BEN) if "leads nowhere" in mail.subject]
    assert len(told) == 1
    with packaging.database.reading() as session:
        kept = session.scalars(select(InboundMessage).order_by(InboundMessage.id.desc()).limit(3)).all()
    assert {(row.state, row.reason) for row in kept} == {("dropped", "unknown-recipient")}
    packaging.reply(told[0], "Tried: the other glue")
    packaging.tick()
    assert "the other glue" in packaging.last(BEN).text, "the mail itself is a way to say it again"
    packaging.at("2026-04-01T09:00+02:00")
    write(packaging, rcpt_to, BEN)
    assert "leads nowhere" in packaging.last(BEN).subject


def test_everybody_else_gets_silence(packaging: World) -> None:
    packaging.at(TUESDAY)
    packaging.reply(packaging.last("emil@example.com"), "stop")
    packaging.tick()
    packaging.settings = replace(packaging.settings, authserv_id="mx.example.org")
    before = len(packaging.smtp_server.received)
    write(packaging, NOBODY, "stranger@evil.example")
    write(packaging, NOBODY, "emil@example.com")
    write(packaging, NOBODY, BEN, "Auto-Submitted: auto-replied\r\n")
    write(packaging, NOBODY, BEN, "Authentication-Results: mx.example.org; dmarc=fail\r\n")
    write(packaging, NOBODY, BEN, "From: carla@example.com\r\n")
    assert len(packaging.smtp_server.received) == before


# Two of our own services


class Second(World):
    """Another service with names of its own."""

    def _settings(self, database_url: str, base_url: str) -> Settings:
        mine = super()._settings(database_url, base_url)
        return replace(mine, mail_from="digest@second.example", reply_domain="in.second.example")

    @property
    def environment(self) -> dict[str, str]:
        names = {"DIGEST_MAIL_FROM": "digest@second.example", "DIGEST_REPLY_DOMAIN": "in.second.example"}
        return super().environment | names


@pytest.fixture
def second(databases: Databases, world: World) -> Iterator[World]:
    with (
        database_with_schema(databases) as url,
        closing(connect(url)) as database,
        closing_server() as server,
    ):
        made = Second(database, url, server)
        try:
            yield made
        finally:
            made.close()


class closing_server(SmtpServer):
    def __enter__(self) -> SmtpServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


OURS = ("in.second.example", "in.example.org", "@second.example", "@example.org")
STRIPPED = (b"Auto-Submitted", b"X-Auto-Response-Suppress", b"Precedence", b"List-", b"Feedback-ID")


def pump(one: World, other: World, seen: dict[World, int], *, strip: bool = False) -> int:
    """Hand each service what the other one sent it, until nothing more comes; how many that were."""
    handed = 0
    while True:
        one.tick()
        other.tick()
        fresh = [(other, mail) for mail in _new(one, seen)] + [(one, mail) for mail in _new(other, seen)]
        for there, mail in fresh:
            if mail.rcpt_tos[0].endswith(OURS):
                raw = _without(mail.content, STRIPPED) if strip else mail.content
                mail_from = "bounces@relay.example" if strip else mail.mail_from
                assert there.post(raw, mail.rcpt_tos[0], mail_from) == 200
                handed += 1
        if not fresh:
            return handed


def _new(world: World, seen: dict[World, int]) -> list[Received]:
    received = list(world.smtp_server.received)
    fresh, seen[world] = received[seen.get(world, 0) :], len(received)
    return fresh


def _without(raw: bytes, names: tuple[bytes, ...]) -> bytes:
    head, blank, body = raw.partition(b"\r\n\r\n")
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(names)) + blank + body


def found(world: World, group: str, address: str) -> None:
    world.done("group", "add", group, "--timezone", "Europe/Berlin", "--locale", "en")
    world.done("member", "add", group, address, "--name", "Machine", "--active")


@pytest.mark.parametrize("strip", [False, True], ids=["as sent", "with its fields cut off on the way"])
def test_two_services_that_have_each_other_as_members_answer_nothing(
    world: World, second: World, strip: bool
) -> None:
    """Each sends its own prompt, digest and no more; none is answered."""
    clock.start_at(datetime.fromisoformat("2026-03-30T10:00+02:00"))
    found(world, "First", "digest@second.example")
    found(second, "Second", "digest@example.org")
    seen: dict[World, int] = {}
    assert pump(world, second, seen, strip=strip) == 0
    clock.start_at(datetime.fromisoformat(TUESDAY))
    prompts = pump(world, second, seen, strip=strip)
    if strip:
        assert prompts <= 2 * (1 + 10), "nothing tells the machine any more, but the cap holds"
    else:
        assert prompts == 2, "a prompt each"
        clock.start_at(datetime.fromisoformat("2026-03-31T12:00+02:00"))
        assert pump(world, second, seen) == 0


def test_two_services_whose_members_are_each_others_reply_addresses_answer_nothing(
    world: World, second: World
) -> None:
    clock.start_at(datetime.fromisoformat("2026-03-30T10:00+02:00"))
    found(world, "First", "mira@human.example")
    world.done("member", "add", "First", "ben@human.example", "--name", "Ben")
    world.tick()
    reply_to_first = world.last("ben@human.example").reply_to
    second.done("group", "add", "Second", "--timezone", "Europe/Berlin", "--locale", "en")
    second.done("member", "add", "Second", reply_to_first, "--name", "Machine")
    second.tick()
    reply_to_second = second.last(reply_to_first).reply_to
    world.done("member", "add", "First", reply_to_second, "--name", "Machine")
    assert pump(world, second, {}) == 2, "the invitation of each, which nobody answers"
    sent = [*world.smtp_server.received, *second.smtp_server.received]
    assert not any(b"auto-replied" in mail.content for mail in sent)
