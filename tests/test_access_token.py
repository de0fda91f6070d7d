"""Behaviour of access tokens, with a real TLS server: fetched once, kept, and never sent elsewhere."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from digest import clock
from digest.access_token import EARLY, AccessToken, Client, TokenSource, token_source
from digest.errors import Misuse, Transient
from digest.settings import Settings, TokenSettings
from digest.variables import IMAP_TOKENS, MAIL_TOKENS, TokenNames
from tests.parts import google
from tests.parts.certificate import self_signed
from tests.parts.token_server import TokenServer, running_token_server

USER = "digest@example.org"
both_uses = pytest.mark.parametrize("names", [IMAP_TOKENS, MAIL_TOKENS], ids=["to read", "to send"])


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenServer]:
    with running_token_server(*self_signed(tmp_path)) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.certificate))
        yield running


def test_a_token_is_fetched_once_and_again_shortly_before_it_ends(
    server: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer = 200, json.dumps({"access_token": "a token", "expires_in": 3600}).encode()
    token = AccessToken(server.source())
    assert [token.get() for _ in range(3)] == ["a token"] * 3
    assert server.asked == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["an id"],
            "client_secret": ["a secret"],
            "scope": ["a scope"],
        }
    ]
    later = time.monotonic() + 3600 - EARLY + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    token.get()
    assert len(server.asked) == 2


def test_a_token_that_was_refused_is_fetched_anew(server: TokenServer) -> None:
    server.answer = 200, b'{"access_token": "a token", "expires_in": "3599"}'
    token = AccessToken(server.source())
    token.get()
    token.forget()
    token.get()
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((400, b'{"error": "invalid_client", "error_description": "a secret"}'), "invalid_client"),
        ((401, b"<html>"), "status 401"),
        ((200, b'{"access_token": ""}'), "status 200"),
        ((200, b'{"access_token": 5}'), "status 200"),
        ((200, b"[]"), "status 200"),
        ((200, b'{"access_token": "a\\r\\nb"}'), "status 200"),
        ((302, b'{"access_token": "a token"}'), "status 302"),
    ],
)
def test_what_is_no_token_is_told_without_its_secrets(
    server: TokenServer, answer: tuple[int, bytes], words: str
) -> None:
    server.answer = answer
    with pytest.raises(Transient, match=words) as told:
        AccessToken(server.source()).get()
    assert "a secret" not in str(told.value)
    assert len(server.asked) == 1


def test_a_server_that_nobody_vouches_for_gets_no_secret(
    server: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Transient, match="cannot be asked"):
        AccessToken(server.source()).get()
    assert server.asked == []


@both_uses
def test_errors_name_the_variables_of_their_use(server: TokenServer, names: TokenNames) -> None:
    server.answer = 401, b'{"error": "invalid_client"}'
    with pytest.raises(Transient, match=rf"Check {names.client_id}, its secret"):
        AccessToken(server.source(names)).get()


@both_uses
def test_a_part_of_it_alone_is_told(names: TokenNames) -> None:
    given = {names.client_id: "an id"}
    settings = Settings.from_env(given)
    tokens = settings.imap.tokens if names is IMAP_TOKENS else settings.mail_tokens
    with pytest.raises(Misuse, match=f"set {names.url}, {names.client_secret} as well"):
        token_source(tokens, USER)


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.com/token",
        "login.example.com/token",
        "https:///token",
        "https://login.example.com:port/token",
        "https://[::1/token",
        "https://login.example.com/m\N{LATIN SMALL LETTER U WITH DIAERESIS}ller",
    ],
)
def test_what_is_no_address_that_is_safe_to_ask_is_told_at_the_start(url: str) -> None:
    with pytest.raises(Misuse, match=r"DIGEST_MAIL_TOKEN_URL is no address .* It begins with https://"):
        token_source(TokenSettings(MAIL_TOKENS, url, "an id", "a secret"), USER)


def test_a_secret_may_lie_in_a_file_and_is_shown_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a secret\n")
    names = MAIL_TOKENS
    settings = Settings.from_env(
        {
            names.url: "https://login.example.com/token",
            names.client_id: "an id",
            f"{names.client_secret}_FILE": str(tmp_path / "secret"),
            names.scope: "a scope",
        }
    )
    source = token_source(settings.mail_tokens, USER)
    assert source is not None
    assert source.asker == Client("an id", "a secret", "a scope")
    token = AccessToken(source, "a token")
    assert not any(secret in f"{settings} {token}" for secret in ("a secret", "a token"))


def account(server: TokenServer, user: str = USER, **changes: object) -> TokenSource:
    source = token_source(server.account_settings(**changes), user)
    assert source is not None
    return source


def test_a_service_account_gets_a_token_for_the_mailbox_by_a_statement_that_it_signs(
    server: TokenServer,
) -> None:
    token = AccessToken(account(server))
    assert token.get() == token.get() != ""
    (form,) = server.asked
    assert google.refusal(form, server.url("token"), USER) is None
    assert google.refusal(form, server.url("token"), "other@example.org") == "unauthorized_client"
    assert google.refusal(form, server.url("elsewhere"), USER) == "invalid_grant"


def test_each_statement_is_signed_anew_so_that_none_is_too_old(
    server: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = AccessToken(account(server))
    token.get()
    later = clock.real_now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    monkeypatch.setattr(time, "time", later.timestamp)
    assert google.refusal(server.asked[0], server.url("token"), USER) == "invalid_grant"
    token.forget()
    token.get()
    assert google.refusal(server.asked[1], server.url("token"), USER) is None


@pytest.mark.parametrize(
    ("user", "changes", "reason"),
    [
        ("nobody@example.org", {}, "unauthorized_client"),
        (USER, {"client_email": "other@a-project.iam.gserviceaccount.com"}, "invalid_grant"),
        (USER, {"private_key_id": "an older one"}, "invalid_grant"),
    ],
)
def test_a_service_account_that_is_refused_is_told_with_what_to_look_at(
    server: TokenServer, user: str, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(
        Transient, match=rf"{reason}\. Check DIGEST_MAIL_SERVICE_ACCOUNT, the clock here"
    ) as told:
        AccessToken(account(server, user, **changes)).get()
    assert "PRIVATE" not in str(told.value)


@both_uses
@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        "{}",
        google.key_file("https://login.example.com/token", private_key="-----BEGIN PRIVATE KEY-----\nx"),
        google.key_file("https://login.example.com/token", private_key=5),
    ],
    ids=["no JSON", "a list", "empty", "no key", "a number"],
)
def test_what_is_no_key_file_is_told_at_the_start(names: TokenNames, text: str) -> None:
    with pytest.raises(Misuse, match=rf"{names.key_file} is not the key file of a service account"):
        token_source(TokenSettings(names, key_file=text), USER)


def test_a_key_file_leads_to_no_unsafe_page_and_stands_alone() -> None:
    unsafe = TokenSettings(MAIL_TOKENS, key_file=google.key_file("http://login.example.com/token"))
    with pytest.raises(Misuse, match="DIGEST_MAIL_SERVICE_ACCOUNT names no address of a page that is safe"):
        token_source(unsafe, USER)
    both = TokenSettings(MAIL_TOKENS, client_id="an id", key_file=google.key_file("https://x/token"))
    with pytest.raises(Misuse, match="Leave out DIGEST_MAIL_TOKEN_URL, DIGEST_MAIL_CLIENT_ID"):
        token_source(both, USER)


def test_a_key_file_is_named_and_shown_nowhere(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(google.key_file("https://login.example.com/token"))
    settings = Settings.from_env({f"{IMAP_TOKENS.key_file}_FILE": str(tmp_path / "key.json")})
    source = token_source(settings.imap.tokens, USER)
    assert source is not None
    assert (source.host, source.name) == ("login.example.com", "DIGEST_IMAP_SERVICE_ACCOUNT")
    assert not any(secret in f"{settings} {source}" for secret in ("PRIVATE", "BEGIN", "RSA"))
