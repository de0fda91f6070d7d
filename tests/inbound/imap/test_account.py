"""Behaviour of the settings of a mailbox: what they name, and what is wrong with them."""

from __future__ import annotations

import pytest

from digest.access_token import Client, TokenSource
from digest.errors import Misuse
from digest.inbound.imap.account import Account, account
from digest.settings import ImapSettings, TokenSettings
from digest.variables import IMAP_TOKENS

OAUTH = {
    "url": "https://login.example.com/tenant/oauth2/v2.0/token",
    "client_id": "an id",
    "client_secret": "a secret",
}


def test_without_a_url_no_mailbox_is_read() -> None:
    assert account(ImapSettings()) is None
    assert account(ImapSettings(password="p")) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "imaps://mira:secret@mail.example.com/INBOX",
            ("mail.example.com", 993, "tls", "mira", "INBOX", "secret"),
        ),
        ("imaps://mira:secret@mail.example.com", ("mail.example.com", 993, "tls", "mira", "INBOX", "secret")),
        (
            "imap+starttls://digest%40example.com:a%2Fb%3Ac%40d@mail.example.com:1143/Post/Digest",
            ("mail.example.com", 1143, "starttls", "digest@example.com", "Post/Digest", "a/b:c@d"),
        ),
        (
            "imaps://digest@example.com:p@mail.example.com/",
            ("mail.example.com", 993, "tls", "digest@example.com", "INBOX", "p"),
        ),
        ("imap://a:b@127.0.0.1", ("127.0.0.1", 143, "none", "a", "INBOX", "b")),
        ("imap://a:b@[::1]:10143/x%20y", ("::1", 10143, "none", "a", "x y", "b")),
    ],
)
def test_a_url_names_server_login_and_mailbox(url: str, expected: tuple[str | int, ...]) -> None:
    found = account(ImapSettings(url=url))
    assert found is not None
    assert (found.host, found.port, found.security, found.user, found.mailbox, found.password) == expected
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("url", "more", "words"),
    [
        ("imap://a:b@mail.example.com", {}, "in the clear"),
        ("pop3://a:b@mail.example.com", {}, "names no mailbox"),
        ("imaps://mail.example.com/INBOX", {}, "names no mailbox"),
        ("imaps://a:b@:993", {}, "names no mailbox"),
        ("imaps://a:b@mail.example.com:port", {}, "cannot be read"),
        ("imaps://a:%ff%fe@mail.example.com", {}, "cannot be read"),
        ("imaps://a@mail.example.com", {}, "DIGEST_IMAP_PASSWORD is not set"),
        ("imaps://a:b%0d%0aA1%20LOGOUT@mail.example.com", {}, "control character"),
        ("imaps://a:b@mail.example.com/Digest%20Read", {}, "DIGEST_IMAP_FOLDER is the mailbox that is read"),
        ("imaps://a:b@mail.example.com?ca=/no/such.pem", {}, "there is no file '/no/such.pem'"),
        ("imaps://a:b@mail.example.com?tls=off", {}, "has no option tls"),
        (
            "imaps://a@mail.example.com",
            {"client_id": "x"},
            "DIGEST_IMAP_TOKEN_URL, DIGEST_IMAP_CLIENT_SECRET",
        ),
        ("imaps://a@mail.example.com", {**OAUTH, "url": "http://login.example.com/"}, "https://"),
    ],
)
def test_what_is_wrong_with_it_is_told(url: str, more: dict[str, str], words: str) -> None:
    with pytest.raises(Misuse, match=words):
        account(ImapSettings(url=url, tokens=TokenSettings(IMAP_TOKENS, **more)))


def test_a_password_of_its_own_goes_before_that_of_the_url() -> None:
    found = account(ImapSettings(url="imaps://a:b@mail.example.com", password="c", folder="Gelesen"))
    assert found is not None
    assert (found.password, found.read_folder) == ("c", "Gelesen")


def test_with_client_credentials_there_is_no_password() -> None:
    found = account(
        ImapSettings(
            url="imaps://digest%40example.com@outlook.office365.com",
            tokens=TokenSettings(IMAP_TOKENS, scope="s", **OAUTH),
        )
    )
    assert isinstance(found, Account)
    assert found.password is None
    assert found.tokens == TokenSource(OAUTH["url"], Client("an id", "a secret", "s"), IMAP_TOKENS)
    assert "a secret" not in repr(found)
