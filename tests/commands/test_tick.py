"""Behaviour of `digest tick`: once all that is due at a moment, and what a way out that is closed gets."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest
from sqlalchemy import select

from digest.domain.mails.record import OutboundMessage
from digest.domain.rounds.round import Round
from tests.parts.command import BERLIN, Operator, Said
from tests.parts.smtp_server import SmtpServer

SATURDAY, A_LITTLE_LATER = "2026-11-21T12:00Z", "2026-11-21T12:05Z"
PROMPT = "2026-11-24T09:00+01:00"


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """A group with somebody who takes part and somebody who is invited."""
    somebody = Operator(tmp_path)
    somebody.settings["DIGEST_CLOCK"] = SATURDAY
    somebody.digest("group", "add", "Packaging group", *BERLIN)
    somebody.digest("member", "add", "Packaging group", "jonas@example.com", "--name", "Jonas", "--active")
    somebody.digest("member", "add", "Packaging group", "mira@example.com", "--name", "Mira")
    del somebody.settings["DIGEST_CLOCK"]
    return somebody


def sent_to(operator: Operator) -> list[str]:
    folder = operator.folder / "out"
    return sorted(str(mail["Delivered-To"]) for mail in mailbox.Maildir(folder)) if folder.exists() else []


def states(operator: Operator) -> list[str]:
    return operator.in_database(select(OutboundMessage.state).where(OutboundMessage.kind != "ask"))


def test_a_tick_sends_what_is_due_and_says_nothing(operator: Operator) -> None:
    said = operator.digest("tick", "--now", A_LITTLE_LATER)
    assert (said.exit_code, said.out, said.err) == (0, "", "")
    assert sent_to(operator) == ["mira@example.com"]


def test_a_tick_again_sends_nothing_twice(operator: Operator) -> None:
    for _ in range(3):
        operator.digest("tick", "--now", PROMPT)
    assert sent_to(operator) == ["jonas@example.com", "mira@example.com"]


def test_a_tick_may_look_ahead_where_mail_stays_here(operator: Operator) -> None:
    assert operator.digest("tick", "--now", "2100-01-01").exit_code == 0


def test_a_tick_ahead_is_refused_where_mail_would_reach_people(operator: Operator) -> None:
    operator.settings["DIGEST_MAIL_URL"] = "smtp://mail.example.com"
    said = operator.digest("tick", "--now", "2100-01-01")
    assert said.complaint.startswith("--now lies in the future")
    assert said.exit_code == 2
    assert states(operator) == []


def test_a_clock_that_was_set_is_refused_where_mail_would_reach_people(operator: Operator) -> None:
    operator.settings |= {"DIGEST_MAIL_URL": "smtp://mail.example.com", "DIGEST_CLOCK": SATURDAY}
    said = operator.digest("tick")
    assert said.complaint.startswith("DIGEST_CLOCK is for rehearsals")
    assert said.exit_code == 2


def test_each_process_starts_its_clock_where_the_settings_say(operator: Operator) -> None:
    operator.settings["DIGEST_CLOCK"] = PROMPT
    operator.digest("tick")
    assert sent_to(operator) == ["jonas@example.com", "mira@example.com"]
    decided = operator.in_database(select(Round.prompted_at).where(Round.prompted_at.is_not(None)))
    assert [instant.isoformat()[:16] for instant in decided] == ["2026-11-24T08:00"]


def test_a_mail_server_that_is_away_gets_one_line_and_the_mail_waits(operator: Operator) -> None:
    operator.settings["DIGEST_MAIL_URL"] = "smtp://127.0.0.1:1"
    with operator.start("tick", "--now", PROMPT) as process:
        said = Said(process.wait(), *process.communicate())
    assert said.exit_code == 1
    assert said.complaint.startswith("The mail server of DIGEST_MAIL_URL could not be used: ")
    assert "Mails that wait: 2; they are tried again." in said.complaint
    assert states(operator) == ["queued", "queued"]


def test_a_mail_server_that_is_back_gets_what_waited(operator: Operator, smtp_server: SmtpServer) -> None:
    operator.settings["DIGEST_MAIL_URL"] = "smtp://127.0.0.1:1"
    operator.digest("tick", "--now", PROMPT)
    operator.settings["DIGEST_MAIL_URL"] = smtp_server.url
    assert operator.digest("tick", "--now", "2026-11-24T10:00+01:00").exit_code == 0
    assert sorted(one.rcpt_tos for one in smtp_server.received) == [
        ("jonas@example.com",),
        ("mira@example.com",),
    ]
    assert states(operator) == ["sent", "sent"]


def test_a_mail_that_is_deferred_alone_is_no_failure(operator: Operator, smtp_server: SmtpServer) -> None:
    smtp_server.refuse("RCPT", "451 4.7.1 greylisted", address="mira@example.com")
    operator.settings["DIGEST_MAIL_URL"] = smtp_server.url
    said = operator.digest("tick", "--now", PROMPT)
    assert (said.exit_code, said.err) == (0, "")
    assert sorted(states(operator)) == ["queued", "sent"]
