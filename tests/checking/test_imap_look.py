"""What the check tells of the mailbox, with a real Dovecot."""

from __future__ import annotations

import pytest

from digest.checking.finding import Finding
from digest.checking.imap_look import look
from digest.checking.scope import Scope
from digest.inbound.imap.mailbox import Mailbox
from digest.settings import ImapSettings, Settings
from tests.checking.given import FakeNames
from tests.dovecot import Dovecot, Inbox


@pytest.fixture
def inbox(dovecot: Dovecot) -> Inbox:
    return dovecot.mailbox()


def found(url: str | None) -> list[Finding]:
    return list(look(Scope(Settings(imap=ImapSettings(url=url)), FakeNames())))


def test_without_a_mailbox_nothing_is_told() -> None:
    assert found(None) == []


def test_a_mailbox_that_can_be_read_and_a_folder_that_is_not_there_yet(inbox: Inbox) -> None:
    way, folder = found(inbox.url)
    assert (way.state, folder.state) == ("ok", "note")
    assert "at once" in way.sentence
    assert "pass/word" not in way.sentence + folder.sentence
    assert inbox.count("Digest read") == -1  # a check changes nothing


def test_a_folder_that_is_there(inbox: Inbox) -> None:
    with inbox.opened() as client:
        client.create('"Digest read"')
    assert [one.state for one in found(inbox.url)] == ["ok", "ok"]


def test_a_server_that_does_not_tell_of_new_mail(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mailbox, "can_idle", False)
    assert "every 20 seconds" in found(inbox.url)[0].sentence


def test_a_wrong_password_a_closed_port_and_a_wrong_url(inbox: Inbox) -> None:
    for url, words in (
        (inbox.url_by("imap", inbox.server.port, "wrong"), "Check user and password"),
        (inbox.url_by("imap", 1), "Check the name"),
        ("imap://a:b@mail.example.com", "in the clear"),
        ("imaps://a@mail.example.com", "DIGEST_IMAP_PASSWORD is not set"),
    ):
        (one,) = found(url)
        assert one.state == "wrong"
        assert words in one.sentence
        assert "wrong@" not in one.sentence
