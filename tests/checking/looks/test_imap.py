"""What the check tells of the mailbox, with a real Dovecot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.checking.finding import Finding
from digest.checking.looks.imap import look
from digest.checking.scope import Scope
from digest.inbound.imap.mailbox import Mailbox
from digest.settings import ImapSettings, Settings, TokenSettings
from digest.variables import IMAP_TOKENS
from tests.checking.given import FakeNames
from tests.parts.dovecot import Dovecot, Inbox
from tests.parts.one_login import OneLogin

NO_TOKENS = TokenSettings(IMAP_TOKENS)


@pytest.fixture
def inbox(dovecot: Dovecot) -> Inbox:
    return dovecot.mailbox()


def found(url: str | None, tokens: TokenSettings = NO_TOKENS) -> list[Finding]:
    return list(look(Scope(Settings(imap=ImapSettings(url=url, tokens=tokens)), FakeNames())))


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


def test_a_login_by_token_is_told_with_what_to_do(one_login: OneLogin) -> None:
    tokens = one_login.tokens.settings(IMAP_TOKENS)
    assert found(one_login.imap_url, tokens)[0].state == "ok"
    (secret,) = found(one_login.imap_url, replace(tokens, client_secret="sesame"))
    assert secret.state == "wrong"
    assert secret.sentence.endswith(
        "no login by OAuth: the token server gives no token: invalid_client. "
        "Check DIGEST_IMAP_CLIENT_ID, its secret and its scope."
    )
    one_login.tokens.answer = 200, b'{"access_token": "a foreign one"}'
    (refused,) = found(one_login.imap_url, tokens)
    assert "The application needs the permission to read" in refused.sentence
    assert "password" not in refused.sentence


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
