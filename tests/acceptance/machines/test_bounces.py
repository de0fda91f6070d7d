"""Mail that comes back or is complained about: who gets none any more, who hears of it, how it begins again."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email.utils import parseaddr

import pytest
from sqlalchemy import func, select, update

from digest import clock
from digest.domain.delivery import suppression
from digest.domain.delivery.event import DeliveryEvent
from digest.domain.mails.record import InboundMessage, OutboundMessage
from digest.domain.running.alarm import standing_alarms
from digest.errors import Transient
from digest.outbound.ways_out import transport_for
from tests.acceptance.world import Mail, World
from tests.inbound.payloads.mailgun import mailgun_event
from tests.inbound.reports import letters
from tests.inbound.reports.letters import Bounced

TUESDAY, WEDNESDAY, MONDAY = "2026-03-31T09:00+02:00", "2026-04-01T10:00+02:00", "2026-04-06T09:00+02:00"
NEXT_TUESDAY, AFTER_THAT = "2026-04-07T09:00+02:00", "2026-04-14T09:00+02:00"
GROUP = "Packaging group"


def bounced(mail: Mail, **changes: str) -> Bounced:
    """What a mail server knows of that mail."""
    message_id = str(mail.message["Message-ID"]).strip()
    usual = {"recipient": mail.to, "message_id": message_id, "return_path": mail.envelope_from}
    return Bounced(**usual | changes)


def comes_back(world: World, mail: Mail, raw: bytes) -> tuple[str, str | None]:
    """A bounce or complaint comes in where the envelope sender said; how that message ends."""
    assert world.post(raw, mail.envelope_from, "") == 200
    world.tick()
    with world.database.reading() as session:
        row = session.scalars(select(InboundMessage).order_by(InboundMessage.id.desc()).limit(1)).one()
        return row.state, row.reason


def line_of(world: World, name: str) -> str:
    return next(line for line in world.done("group", "show", GROUP).splitlines() if f" {name} " in line)


def subjects(world: World, name: str) -> list[str]:
    return [mail.subject for mail in world.inbox(f"{name}@example.com")]


def test_a_mailbox_that_is_not_there_is_told_and_the_group_goes_on(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("mira")
    packaging.at(WEDNESDAY)
    assert comes_back(packaging, prompt, letters.postfix(bounced(prompt))) == ("filed", "dsn")
    assert "no such mailbox at example.com" in line_of(packaging, "Mira")
    packaging.reply(packaging.prompt("ben"), "Tried: a thinner foil\nDid not work: it tore")
    before = subjects(packaging, "mira")
    packaging.at("2026-04-01T10:20+02:00")
    told = packaging.last("jonas@example.com")
    assert told.subject == "Packaging group: an address may be wrong"
    assert "Mira, mira@example.com: there is no such mailbox at example.com." in told.text
    assert f'digest member address "{GROUP}" mira@example.com NEW' in told.text
    packaging.at(MONDAY)
    assert any("week 15" in subject for subject in subjects(packaging, "carla"))
    assert subjects(packaging, "mira") == before
    assert subjects(packaging, "jonas").count(told.subject) == 1


def test_one_reply_of_hers_brings_the_mail_back(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("mira")
    comes_back(
        packaging, prompt, letters.exchange(bounced(prompt, status="5.1.10", said="550 5.1.10 not found"))
    )
    assert packaging.reply(prompt, "Ausprobiert: eine dünnere Folie") == 200
    packaging.tick()
    assert "Folie" in packaging.last("mira@example.com").text
    assert "mailbox" not in line_of(packaging, "Mira")
    packaging.at(NEXT_TUESDAY)
    assert any("15" in subject for subject in subjects(packaging, "mira"))
    assert "Packaging group: an address may be wrong" not in subjects(packaging, "jonas"), "it is over"


def test_an_address_that_is_refused_at_once_is_corrected_and_asked_anew(world: World) -> None:
    world.at("2026-03-30T10:00+02:00")
    world.done("group", "add", GROUP, "--timezone", "Europe/Berlin", "--locale", "en")
    world.done("member", "add", GROUP, "jonas@example.com", "--name", "Jonas", "--facilitator", "--active")
    world.done("member", "add", GROUP, "mria@example.com", "--name", "Mira")
    world.smtp_server.refuse("RCPT", "550 5.1.1 no such mailbox", address="mria@example.com")
    world.tick()
    assert "invited" in line_of(world, "Mira")
    assert "no such mailbox at example.com" in line_of(world, "Mira")
    world.at("2026-03-30T10:20+02:00")
    assert "mria@example.com" in world.last("jonas@example.com").text
    assert "invited" in world.done("member", "address", GROUP, "mria@example.com", "mira@example.com")
    world.tick()
    invitation = world.last("mira@example.com")
    assert "reply" in invitation.text
    assert world.reply(invitation, "yes") == 200
    world.at(TUESDAY)
    assert line_of(world, "Mira").split() == ["active", "Mira", "<mira@example.com>"]
    assert world.prompt("mira")


def test_a_corrected_address_carries_no_consent_and_nothing_that_was_sent_before(packaging: World) -> None:
    packaging.at(TUESDAY)
    before = packaging.prompt("mira")
    assert packaging.reply(before, "Frage: Welcher Kleber hält unter null Grad?") == 200
    packaging.tick()
    packaging.done("member", "address", GROUP, "mira@example.com", "someone@example.com")
    packaging.at(MONDAY)
    got = packaging.inbox("someone@example.com")
    assert [("Kleber" in mail.text, "yes" in mail.text or "ja" in mail.text) for mail in got] == [
        (False, True)
    ]
    assert "Kleber" in packaging.last("ben@example.com").text, "what she asked stays in the group"
    assert packaging.reply(before, "undo") == 200
    packaging.tick()
    assert "invited" in line_of(packaging, "Mira")
    assert packaging.run("member", "address", GROUP, "someone@example.com", "ben@example.com")[0] == 2
    assert packaging.run("member", "address", GROUP, "nobody@example.com", "x@example.com")[0] == 2


def test_a_mailbox_that_is_there_by_now_is_tried_again(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("mira")
    comes_back(packaging, prompt, letters.qmail(bounced(prompt)))
    said = packaging.done("member", "address", GROUP, "mira@example.com", "mira@example.com")
    assert "gets mail at mira@example.com again" in said
    packaging.at(NEXT_TUESDAY)
    assert any("15" in subject for subject in subjects(packaging, "mira"))


def test_who_complained_gets_answers_alone_until_she_says_yes(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt, jonas = packaging.prompt("mira"), subjects(packaging, "jonas")
    assert comes_back(packaging, prompt, letters.complaint(bounced(prompt))) == ("filed", "complaint")
    assert line_of(packaging, "Mira").endswith("(gets no mail, by her or his own wish)")
    assert packaging.reply(prompt, "Ausprobiert: eine dünnere Folie") == 200
    packaging.tick()
    receipt = packaging.last("mira@example.com").text
    assert "Folie" in receipt, "what answers her goes out"
    assert "Weitere Mails an dich ruhen" in receipt, "she hears why nothing else does, and what to reply"
    before = subjects(packaging, "mira")
    packaging.at(NEXT_TUESDAY)
    assert subjects(packaging, "mira") == before
    assert [subject for subject in subjects(packaging, "jonas")[len(jonas) :] if "address" in subject] == []
    exit_code, said = packaging.run("member", "address", GROUP, "mira@example.com", "mira@example.com")
    assert (exit_code, "own word" in said) == (2, True)
    assert packaging.reply(packaging.last("mira@example.com"), "ja") == 200
    packaging.tick()
    assert "ruhen" not in packaging.last("mira@example.com").text
    packaging.at(AFTER_THAT)
    assert any("16" in subject for subject in subjects(packaging, "mira"))


def test_no_export_tells_of_a_complaint_wherever_it_came_to(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("mira")
    assert packaging.post(letters.complaint(bounced(prompt)), prompt.reply_to, "fbl@provider.example") == 200
    packaging.tick()
    assert "own wish" in line_of(packaging, "Mira")
    assert "complaint" not in packaging.done("export", GROUP, "--json")


def test_the_page_of_her_invitation_brings_the_mail_back_too(packaging: World) -> None:
    invitation = next(mail for mail in packaging.inbox("mira@example.com") if "/join/" in mail.text)
    packaging.at(TUESDAY)
    prompt = packaging.prompt("mira")
    comes_back(packaging, prompt, letters.complaint(bounced(prompt)))
    page = packaging.get(invitation.link("join"))
    assert "<form" in page.text
    assert "own wish" in line_of(packaging, "Mira"), "looking changes nothing"
    packaging.press(invitation.link("join"), act="join")
    assert "own wish" not in line_of(packaging, "Mira")
    packaging.at(NEXT_TUESDAY)
    assert any("15" in subject for subject in subjects(packaging, "mira"))


def test_a_forged_bounce_is_noted_and_changes_nothing(packaging: World) -> None:
    packaging.at(TUESDAY)
    mira, ben = packaging.prompt("mira"), packaging.prompt("ben")
    forged = {
        letters.postfix(bounced(mira, message_id="<made-up@digest.example>")): "report-not-ours",
        letters.postfix(bounced(ben, recipient="mira@example.com")): "report-other-recipient",
        letters.complaint(bounced(ben), "Original-Rcpt-To: mira@example.com\n"): "report-other-recipient",
    }
    for raw, reason in forged.items():
        assert comes_back(packaging, mira, raw) == ("dropped", reason)
    assert "(" not in line_of(packaging, "Mira") + line_of(packaging, "Ben")


def test_each_mail_has_an_envelope_sender_that_names_it_on_whichever_side_it_stands(packaging: World) -> None:
    packaging.settings = replace(packaging.settings, envelope_from="verp")
    packaging.at(TUESDAY)
    mira, ben = packaging.prompt("mira"), packaging.prompt("ben")
    assert mira.envelope_from.startswith("b-")
    nameless = {"message_id": "<removed@mx.example.com>", "return_path": "x@y.example"}
    assert comes_back(packaging, mira, letters.exim(bounced(mira, **nameless))) == ("filed", "dsn")
    assert "no such mailbox" in line_of(packaging, "Mira")
    # iCloud's bounces have our address as their sender
    to = parseaddr(str(ben.message["From"]))[1]
    assert packaging.post(letters.postfix(bounced(ben, **nameless)), to, ben.envelope_from) == 200
    packaging.tick()
    assert "no such mailbox" in line_of(packaging, "Ben")


def test_a_refusal_by_our_own_mail_server_blames_nobody(packaging: World) -> None:
    packaging.smtp_server.refuse("RCPT", "554 5.7.1 refused by policy", address="mira@example.com")
    packaging.at(TUESDAY)
    assert "(" not in line_of(packaging, "Mira")
    with packaging.database.reading() as session:
        assert [alarm.kind for alarm in standing_alarms(session)] == ["refused-by-policy"]
        prompts = select(OutboundMessage.state).where(OutboundMessage.kind == "prompt")
        assert sorted(session.scalars(prompts)).count("rejected") == 1


def test_a_mail_server_that_does_not_relay_for_us_yet_loses_no_mail(packaging: World) -> None:
    packaging.smtp_server.refuse("RCPT", "554 5.7.1 <x@example.com>: Relay access denied")
    packaging.at(TUESDAY)
    packaging.smtp_server.refuse_nothing()
    packaging.at("2026-03-31T09:10+02:00")
    assert all(packaging.prompt(name) for name in ("mira", "jonas", "ben"))
    with packaging.database.reading() as session:
        assert standing_alarms(session) == []


def test_while_a_domain_refuses_us_mail_to_it_waits_and_then_goes_out(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt, ben = packaging.prompt("mira"), packaging.prompt("ben")
    policy = bounced(prompt, status="5.7.26", said="550 5.7.26 not authenticated")
    assert comes_back(packaging, prompt, letters.exchange(policy)) == ("filed", "dsn")
    assert packaging.reply(ben, "Tried: a thinner foil") == 200
    packaging.at("2026-03-31T12:59+02:00")
    assert packaging.last("ben@example.com").subject == ben.subject
    packaging.at("2026-03-31T13:01+02:00")
    assert "a thinner foil" in packaging.last("ben@example.com").text


def test_a_providers_events_count_once_and_in_any_order(packaging: World) -> None:
    key = "a signing key for the tests"
    packaging.settings = replace(packaging.settings, mailgun_signing_key=(key,))
    packaging.app.extensions["digest.settings"] = packaging.settings
    packaging.at(TUESDAY)

    def tell(name: str, token: str, event: str, **said: object) -> None:
        message_id = str(packaging.prompt(name).message["Message-ID"]).strip().strip("<>")
        about = {"recipient": f"{name}@example.com", "message": {"headers": {"message-id": message_id}}}
        post = mailgun_event(key, int(time.time()), token, event=event, **about | said)
        assert packaging.http("POST", "/inbound/mailgun", post.body, dict(post.headers)).status == 200

    gone = {
        "severity": "permanent",
        "reason": "bounce",
        "delivery-status": {"code": 550, "message": "No such user"},
    }
    for _ in range(2):
        tell("mira", "token-1", "failed", **gone)
        tell("mira", "token-2", "delivered")
    tell("ben", "token-3", "delivered")
    tell("ben", "token-4", "complained")
    tell("carla", "token-5", "failed", **gone | {"recipient": "emil@example.com"})
    assert "no such mailbox" in line_of(packaging, "Mira")
    assert "own wish" in line_of(packaging, "Ben")
    assert "(" not in line_of(packaging, "Carla") + line_of(packaging, "Emil")
    packaging.at("2026-03-31T09:20+02:00")
    told = [mail.text for mail in packaging.inbox("jonas@example.com") if "address" in mail.subject]
    assert len(told) == 1
    assert "Ben" not in told[0]


def test_a_mail_server_that_is_away_for_weeks_blames_nobody(packaging: World) -> None:
    for day in (
        "2026-03-31T09:00",
        "2026-04-06T08:59",
        "2026-04-07T09:00",
        "2026-04-13T08:59",
        "2026-04-14T09:00",
    ):
        with closing(transport_for("smtp://127.0.0.1:1")) as packaging.transport:
            packaging.at(f"{day}+02:00")
    with packaging.database.reading() as session:
        prompts = select(OutboundMessage.state).where(OutboundMessage.kind == "prompt")
        assert sorted(session.scalars(prompts)) == ["expired"] * 10 + ["queued"] * 5
    assert all("(" not in line_of(packaging, name) for name in ("Mira", "Ben", "Carla"))


def test_a_database_that_goes_away_over_a_bounce_loses_neither_it_nor_its_effect(
    packaging: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("mira")
    assert packaging.post(letters.postfix(bounced(prompt)), prompt.envelope_from, "") == 200

    def away(*_: object) -> None:
        raise Transient("the database is away")

    monkeypatch.setattr(suppression, "suppress", away)
    with pytest.raises(Transient):
        packaging.tick()
    monkeypatch.undo()
    assert "(" not in line_of(packaging, "Mira")
    with packaging.database.transaction() as session:
        session.execute(update(InboundMessage).values(lease_until=clock.real_now() - timedelta(seconds=1)))
        assert session.scalar(select(func.count(DeliveryEvent.id))) == 0
    packaging.tick()
    assert "no such mailbox" in line_of(packaging, "Mira")


def test_a_worker_that_dies_over_a_bounce_leaves_it_to_the_next(packaging: World) -> None:
    """The report and the end of its message are one transaction: taken up again, it counts once."""
    packaging.at(TUESDAY)
    prompt = packaging.prompt("mira")
    raw = letters.postfix(bounced(prompt))
    assert packaging.post(raw, prompt.envelope_from, "") == 200
    packaging.tick()
    with packaging.database.transaction() as session:
        row = session.scalars(select(InboundMessage).order_by(InboundMessage.id.desc()).limit(1)).one()
        row.state, row.reason = "accepted", None
    packaging.tick()
    with packaging.database.reading() as session:
        again = session.scalars(select(InboundMessage).order_by(InboundMessage.id.desc()).limit(1)).one()
        assert (again.state, again.reason) == ("dropped", "report-again")
    packaging.at(WEDNESDAY)
    assert subjects(packaging, "jonas").count("Packaging group: an address may be wrong") == 1
