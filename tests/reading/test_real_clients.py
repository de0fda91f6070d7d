"""Holds that replies of real mail clients to our real mails find their way home and are read wholly right. Never starts
a client."""

from __future__ import annotations

import email
import email.policy
import email.utils
import json
from email.message import EmailMessage

import pytest

from digest import reply_address
from digest.reading.meaning.interpret import Reading, read
from digest.reading.mime.message import parse
from digest.reading.written.sent_text import sent_text
from tests.messages.score import Record, wrong
from tests.real_clients.writing import HERE, Writing, writings

AT_LEAST = {"neomutt": 4, "claws": 4, "thunderbird": 4}
REPLIES = pytest.mark.parametrize("each", writings(), ids=lambda each: each.name)


def test_every_client_answered_both_mails_in_several_manners() -> None:
    for client, count in AT_LEAST.items():
        names = [each.answers.partition(".")[0] for each in writings() if each.client == client]
        assert len(names) >= count
        assert set(names) == {"prompt", "digest"}


def test_every_message_that_is_kept_was_typed() -> None:
    kept = {path.stem for path in (HERE / "replies").glob("*.eml")}
    assert kept == {each.name for each in writings()}


@REPLIES
def test_it_goes_to_the_reply_address_of_the_mail_that_it_answers(each: Writing) -> None:
    sent_to, ours = address(message(raw(each))["To"]), address(message(each.mail)["Reply-To"])
    assert sent_to == ours
    assert reply_address.read(sent_to)


@REPLIES
def test_it_names_the_mail_that_it_answers(each: Writing) -> None:
    ours = message(each.mail)["Message-ID"]
    assert message(raw(each))["In-Reply-To"] == ours
    assert ours in message(raw(each))["References"]


@REPLIES
def test_it_is_read_wholly_right_beside_what_we_sent(each: Writing) -> None:
    got = record(read(parse(raw(each)), sent=sent_text(each.mail)))
    assert wrong(expected(each), got) == (), got


@REPLIES
def test_it_is_read_wholly_right_without_what_we_sent(each: Writing) -> None:
    if expected(each).get("needs_sent"):
        pytest.skip("the answer stands unmarked inside our own words")
    got = record(read(parse(raw(each))))
    assert wrong(expected(each), got) == (), got


@REPLIES
def test_nothing_of_the_signature_is_read(each: Writing) -> None:
    found = read(parse(raw(each)), sent=sent_text(each.mail)).reply
    assert not [line for line in each.signature.split("\n") if line in found]


def raw(each: Writing) -> bytes:
    return (HERE / "replies" / f"{each.name}.eml").read_bytes()


def expected(each: Writing) -> Record:
    found: Record = json.loads((HERE / "replies" / f"{each.name}.json").read_text("utf-8"))
    return found


def message(content: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def address(field: str) -> str:
    return email.utils.parseaddr(field)[1]


def record(reading: Reading) -> Record:
    """A reading in the words of the expectations."""
    return {
        "reply": reading.reply,
        "intent": reading.intent,
        "tried": reading.tried,
        "failed": reading.failed,
        "questions": list(reading.questions),
        "anonymous": reading.anonymous,
        "automatic": reading.automatic is not None,
        "language": reading.language,
        "command": reading.command,
        "numbered": [list(pair) for pair in reading.numbered],
        "helps": list(reading.helps),
    }
