"""Behaviour of the look at the way out, against real mail servers: never a message, but what it would take."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from digest.checking.looks import way_out, web
from digest.checking.scope import Scope
from digest.settings import ImapSettings, Settings
from digest.variables import IMAP_TOKENS
from tests.checking.certificates import server_context
from tests.checking.given import FakeNames, lines
from tests.parts.one_login import OneLogin
from tests.parts.smtp_server import Phase, SmtpServer

Start = Callable[..., SmtpServer]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[SmtpServer] = []

    def begin(**options: object) -> SmtpServer:
        started.append(SmtpServer(**options))
        started[-1].start()
        return started[-1]

    yield begin
    for server in started:
        server.stop()


def told(url: str, **settings: object) -> list[str]:
    in_force = Settings(mail_url=url, mail_from="digest@example.com", **settings)  # type: ignore[arg-type]
    return lines(way_out.look(Scope(in_force, FakeNames(), lambda: None)))


def test_what_the_server_takes_is_told_and_no_message_is_sent(smtp_server: SmtpServer) -> None:
    assert told(smtp_server.url) == [
        f"ok     DIGEST_MAIL_URL: {smtp_server.url}, somebody answers there",
        "ok     mail server: takes an empty envelope sender, which answers have",
        "ok     mail server: takes the address of DIGEST_MAIL_FROM",
    ]
    assert smtp_server.received == []


def test_a_server_that_wants_its_own_sender_is_told_with_what_to_set(smtp_server: SmtpServer) -> None:
    smtp_server.refuse("MAIL", "550 5.1.7 empty sender not allowed", address="")
    _, empty, _ = told(smtp_server.url)
    assert empty.startswith("note   mail server: refuses an empty envelope sender (550 5.1.7 empty sender")
    assert "DIGEST_ENVELOPE_FROM=fixed:digest@example.com" in empty


def test_a_server_that_refuses_senders_of_each_mails_own_is_told(smtp_server: SmtpServer) -> None:
    smtp_server.refuse("MAIL", "553 5.7.1 sender address not owned")
    *_, own = told(smtp_server.url, envelope_from="verp", reply_domain="in.example.com")
    assert own.startswith(
        "wrong  mail server: refuses envelope senders of each mail's own (verp) (553 5.7.1 sender"
    )


def test_a_server_that_judges_the_sender_only_with_a_recipient_is_told(smtp_server: SmtpServer) -> None:
    smtp_server.refuse(
        "RCPT", "553 5.7.1 <b-x@in.example.com>: Sender address rejected: not owned by user digest"
    )
    *_, own = told(smtp_server.url, envelope_from="verp", reply_domain="in.example.com")
    assert own.startswith(
        "wrong  mail server: refuses envelope senders of each mail's own (verp) (553 5.7.1 <b-x"
    )
    smtp_server.refuse_nothing()
    smtp_server.refuse("RCPT", "550 5.1.1 no such mailbox")
    assert told(smtp_server.url)[-1] == "ok     mail server: takes the address of DIGEST_MAIL_FROM"
    assert smtp_server.received == []


@pytest.mark.parametrize(
    ("phase", "said"),
    [("MAIL", "530 5.7.0 Authentication required"), ("RCPT", "554 5.7.1 <x>: Client host rejected")],
)
def test_a_server_that_does_not_let_us_in_is_told_with_what_to_write(
    smtp_server: SmtpServer, phase: Phase, said: str
) -> None:
    smtp_server.refuse(phase, said)
    line = told(smtp_server.url)[-1]
    assert line.startswith("wrong  DIGEST_MAIL_URL: ")
    assert f"the server takes no mail from us: {said}. Write user:password@" in line


def test_a_fixed_sender_is_the_only_one_tried(smtp_server: SmtpServer) -> None:
    smtp_server.refuse("MAIL", "550 not empty", address="")
    assert told(smtp_server.url, envelope_from="fixed:bounces@example.com")[1:] == [
        "ok     mail server: takes the fixed envelope sender"
    ]


def test_a_good_certificate_is_told_with_its_day(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = server_context(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    server = start(tls_context=context)
    _, tls, *_ = told(f"smtp+starttls://127.0.0.1:{server.port}")
    assert tls.startswith("ok     TLS: the certificate of 127.0.0.1 is good until 20")


def test_a_certificate_that_runs_out_soon_is_told(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = server_context(tmp_path, days=5)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    server = start(tls_context=context)
    _, tls, *_ = told(f"smtp+starttls://127.0.0.1:{server.port}")
    assert tls.startswith("note   TLS: the certificate of 127.0.0.1 runs out on 20")


def test_a_certificate_that_nobody_vouches_for_is_wrong(start: Start, tmp_path: Path) -> None:
    context, _ = server_context(tmp_path)
    server = start(tls_context=context)
    (line,) = told(f"smtp+starttls://127.0.0.1:{server.port}")
    assert line.startswith("wrong  DIGEST_MAIL_URL: ")
    assert "the certificate of 127.0.0.1 cannot be trusted: self-signed certificate" in line


def test_a_server_without_encryption_is_told(smtp_server: SmtpServer) -> None:
    (line,) = told(f"smtp+starttls://127.0.0.1:{smtp_server.port}")
    assert "the server offers no encryption (STARTTLS). Check the port" in line


def test_a_refused_login_is_told_and_shows_no_password(start: Start) -> None:
    server = start(authenticator=lambda *_: AuthResult(success=False, handled=False), auth_require_tls=False)
    (line,) = told(f"smtp://digest:sesame@127.0.0.1:{server.port}")
    assert "the server refuses the user name or password: 535" in line
    assert "sesame" not in line


def test_a_login_by_token_is_told_with_where_the_token_comes_from(one_login: OneLogin) -> None:
    own, answers, *_ = told(one_login.mail_url, mail_tokens=one_login.tokens.settings())
    assert own == "ok     DIGEST_MAIL_TOKEN_URL: mails are sent with a token from 127.0.0.1"
    assert answers.endswith("somebody answers there")
    account, *rest = told(one_login.mail_url, mail_tokens=one_login.tokens.account_settings())
    assert account == "ok     DIGEST_MAIL_SERVICE_ACCOUNT: mails are sent with a token from 127.0.0.1"
    assert {line.split()[0] for line in rest} == {"ok"}
    mailbox = ImapSettings(url=one_login.imap_url, tokens=one_login.tokens.settings(IMAP_TOKENS))
    lent, *rest = told(one_login.mail_url, imap=mailbox)
    assert lent.startswith(
        "ok     DIGEST_IMAP_TOKEN_URL: mails are sent with its token from 127.0.0.1 too, since"
    )
    assert {line.split()[0] for line in rest} == {"ok"}


def test_what_is_wrong_with_a_login_by_token_is_told_with_what_to_do(one_login: OneLogin) -> None:
    tokens = one_login.tokens.settings()
    _, secret = told(one_login.mail_url, mail_tokens=replace(tokens, client_secret="sesame"))
    assert secret.startswith("wrong  DIGEST_MAIL_URL: smtp+starttls://")
    assert secret.endswith("no token: invalid_client. Check DIGEST_MAIL_CLIENT_ID, its secret and its scope.")
    assert "sesame" not in secret
    _, away = told(one_login.mail_url, mail_tokens=replace(tokens, url="https://127.0.0.1:1/token"))
    assert (
        "the token server at 127.0.0.1 cannot be asked: Connection refused. Check DIGEST_MAIL_TOKEN_URL"
        in away
    )
    _, none = told(f"smtp://digest@127.0.0.1:{one_login.postfix.port}", mail_tokens=tokens)
    assert "the server offers no login by OAuth (XOAUTH2 or OAUTHBEARER). Check host and port" in none
    foreign = one_login.tokens.account_settings(client_email="other@a-project.iam.gserviceaccount.com")
    _, account = told(one_login.mail_url, mail_tokens=foreign)
    assert "no token: invalid_grant. Check DIGEST_MAIL_SERVICE_ACCOUNT, the clock here" in account
    one_login.tokens.answer = 200, b'{"access_token": "a foreign one"}'
    _, refused = told(one_login.mail_url, mail_tokens=tokens)
    assert "the server refuses the access token: 535 5.7.8" in refused
    assert "docs/providers/one-mailbox.md has the steps" in refused
    (part,) = told(one_login.mail_url, mail_tokens=replace(tokens, client_secret=None))
    assert part.endswith("To log in by OAuth set DIGEST_MAIL_CLIENT_SECRET as well.")
    (nothing,) = told(one_login.mail_url)
    assert "names a user and no password. Write user:password@host, or to log in by OAuth set" in nothing


def test_the_operators_way_out_is_looked_at_where_it_has_one(
    one_login: OneLogin, smtp_server: SmtpServer
) -> None:
    def told_of_it(**settings: object) -> list[str]:
        in_force = Settings(mail_from="digest@example.com", **settings)  # type: ignore[arg-type]
        return lines(way_out.operators(Scope(in_force, FakeNames(), lambda: None)))

    assert told_of_it(mail_url="smtp://127.0.0.1:1") == []
    assert told_of_it(operator_mail_url=smtp_server.url) == [
        f"ok     DIGEST_OPERATOR_MAIL_URL: {smtp_server.url}, somebody answers there",
        "ok     mail server: takes the address of DIGEST_MAIL_FROM",
    ]
    tokens, url = one_login.tokens.settings(), one_login.mail_url
    lent, *rest = told_of_it(mail_url=url, mail_tokens=tokens, operator_mail_url=url)
    assert lent.endswith("since DIGEST_OPERATOR_MAIL_URL names the same user and no password")
    assert {line.split()[0] for line in rest} == {"ok"}
    (away,) = told_of_it(operator_mail_url="smtp://127.0.0.1:1")
    assert away.startswith("wrong  DIGEST_OPERATOR_MAIL_URL: smtp://127.0.0.1:1: nobody answers at 127.0.0.1")


def test_a_server_that_sends_us_away_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_send_away, args=(listening,), daemon=True).start()
        (line,) = told(f"smtp://127.0.0.1:{listening.getsockname()[1]}")
    assert "the server sends us away: 554 5.7.1 go away" in line


def _send_away(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.sendall(b"554 5.7.1 go away\r\n")


def test_the_certificate_behind_the_links_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = server_context(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_shake_hands, args=(listening, context), daemon=True).start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        scope = Scope(Settings(base_url=url), FakeNames(), lambda: None)
        assert "cannot be trusted" in lines(web.look(scope))[1]
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert "is good until" in lines(web.look(scope))[1]
    nobody = Scope(Settings(base_url="https://127.0.0.1:1"), FakeNames(), lambda: None)
    assert lines(web.look(nobody))[1].startswith("note   TLS: nobody answers at 127.0.0.1, port 1")


def _shake_hands(listening: socket.socket, context: object) -> None:
    while True:
        try:
            connection, _ = listening.accept()
            with connection, context.wrap_socket(connection, server_side=True) as encrypted:  # type: ignore[attr-defined]
                encrypted.recv(1)
        except OSError:
            if listening.fileno() < 0:
                return
