"""Login, above all by an access token: to a real Postfix that asks a real Dovecot, and to a small server for what these
never say."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from digest import clock
from digest.outbound.transport import Transport
from digest.outbound.transports.smtp import SmtpTransport
from digest.outbound.ways_out import transport_for, transport_of
from digest.settings import Settings
from tests.outbound.test_smtp import Sent
from tests.parts.one_login import USER, OneLogin
from tests.parts.smtp_server import SmtpServer

REASONS = '{"status":"400","schemes":"Bearer","scope":"https://mail.example.com/"}'


class TokenTaker(SmtpServer):
    """Offers no login but `mechanism`; `said` is what came in; `refusal` follows its reasons, where it has any."""

    def __init__(self, mechanism: str, refusal: str | None = None) -> None:
        self.mechanism, self.refusal = mechanism, refusal
        self.said: list[bytes] = []
        setattr(self, f"auth_{mechanism}", self._take)
        super().__init__(auth_require_tls=False, auth_exclude_mechanism=["PLAIN", "LOGIN"])

    async def _take(self, server: SMTP, args: list[str]) -> AuthResult:
        assert args == [self.mechanism]  # nothing on the command's own line, which may have 512 octets
        for challenge in ["", *([REASONS] if self.refusal else [])]:
            said = await server.challenge_auth(challenge)
            assert isinstance(said, bytes)
            self.said.append(said)
        return AuthResult(success=not self.refusal, handled=False, message=self.refusal)


@contextmanager
def taking(mechanism: str, refusal: str | None = None) -> Iterator[TokenTaker]:
    server = TokenTaker(mechanism, refusal)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def knows_green(*asked: object) -> AuthResult:
    return AuthResult(
        success=asked[-1] == LoginPassword(b"digest", "gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n".encode()),
        handled=False,
    )


def settings(one_login: OneLogin, url: str | None = None) -> Settings:
    tokens = one_login.tokens.settings()
    return Settings(mail_url=url or one_login.mail_url, mail_from=USER, mail_tokens=tokens)


@contextmanager
def way_out(one_login: OneLogin, url: str | None = None) -> Iterator[SmtpTransport]:
    with closing(transport_of(settings(one_login, url))) as transport:
        assert isinstance(transport, SmtpTransport)
        yield transport


def results(transport: Transport, mails: int = 1, to: str = "ada@example.com") -> list[str]:
    return [one.result for one in transport.send([Sent(to, USER)] * mails)]


def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)


def short(one_login: OneLogin) -> None:
    """A token for servers that take no long line."""
    one_login.tokens.answer = 200, b'{"access_token": "a token", "expires_in": 3600}'


def test_mails_leave_by_a_token_that_is_fetched_once(one_login: OneLogin) -> None:
    to = "once@example.com"
    with way_out(one_login, f"{one_login.mail_url}?connections=2") as transport:
        assert results(transport, 2, to) == ["sent", "sent"]
        transport.close()
        assert results(transport, 1, to) == ["sent"]
    assert len(one_login.tokens.asked) == 1
    assert f"sasl_method=XOAUTH2, sasl_username={USER}" in one_login.postfix.log
    one_login.postfix.wait_until(lambda: len(one_login.received_by(to)) == 3)
    assert {one.mail_from for one in one_login.received_by(to)} == {USER}


def test_a_token_that_is_good_no_more_lets_the_way_rest_and_then_there_is_a_new_one(
    one_login: OneLogin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with way_out(one_login) as transport:
        assert results(transport) == ["sent"]
        one_login.tokens.expire()
        transport.close()
        assert results(transport) == ["untried"]
        assert transport.is_resting
        assert "refused the access token" in (transport.trouble or "")
        rested(monkeypatch)
        assert not transport.is_resting
        assert results(transport) == ["sent"]
        assert transport.trouble is None
    assert len(one_login.tokens.asked) == 2


def test_a_wrong_secret_is_told_with_its_variable_and_not_shown(one_login: OneLogin) -> None:
    tokens = one_login.tokens.settings(secret="a wrong one")
    with closing(transport_of(replace(settings(one_login), mail_tokens=tokens))) as transport:
        assert results(transport) == ["untried"]
        assert transport.is_resting
        assert "invalid_client. Check DIGEST_MAIL_CLIENT_ID, its secret" in (transport.trouble or "")
        assert "a wrong one" not in (transport.trouble or "")


def test_the_log_says_when_the_way_closes_and_when_it_is_open_again(
    one_login: OneLogin, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "digest.outbound")
    one_login.tokens.answer = 401, b'{"error": "invalid_client"}'
    with way_out(one_login) as transport:
        for _ in range(2):
            assert results(transport) == ["untried"]
        one_login.tokens.as_new()
        rested(monkeypatch)
        assert results(transport) == ["sent"]
    closed, again = [record.getMessage() for record in caplog.records]
    assert closed.startswith(
        "the way out: Nobody can log in: the token server gives no token: invalid_client."
    )
    assert again == "the way out: it works again"


def test_while_the_token_server_is_away_the_way_rests(one_login: OneLogin) -> None:
    tokens = replace(one_login.tokens.settings(), url="https://127.0.0.1:1/token")
    with closing(transport_of(replace(settings(one_login), mail_tokens=tokens))) as transport:
        assert results(transport) == ["untried"]
        assert transport.is_resting
        assert "the token server at 127.0.0.1 cannot be asked" in (transport.trouble or "")


def test_a_server_that_cannot_look_at_a_token_just_now_is_no_reason_for_a_new_one(
    one_login: OneLogin, monkeypatch: pytest.MonkeyPatch
) -> None:
    short(one_login)
    with (
        taking("XOAUTH2", "454 4.7.0 Temporary authentication failure") as server,
        way_out(one_login, f"smtp://digest@127.0.0.1:{server.port}") as way,
    ):
        assert results(way) == ["untried"]
        assert way.is_resting
        assert "454 4.7.0 Temporary authentication failure" in (way.trouble or "")
        server.refusal = None
        rested(monkeypatch)
        assert results(way) == ["sent"]
    assert len(one_login.tokens.asked) == 1


def test_a_server_without_such_a_login_is_told_and_sees_no_token(one_login: OneLogin) -> None:
    with way_out(one_login, f"smtp://digest%40example.org@127.0.0.1:{one_login.postfix.port}") as transport:
        assert results(transport) == ["untried"]
        assert transport.is_resting
        assert "offers no login by OAuth" in (transport.trouble or "")
    assert one_login.tokens.asked == []


def test_where_the_standard_alone_is_offered_it_is_used(one_login: OneLogin) -> None:
    short(one_login)
    with (
        taking("OAUTHBEARER") as server,
        way_out(one_login, f"smtp://a%2Cb%3D@127.0.0.1:{server.port}") as way,
    ):
        assert results(way) == ["sent"]
    assert server.said == [b"n,a=a=2Cb=3D,\1auth=Bearer a token\1\1"]


def test_what_microsoft_and_google_offer_is_used_in_their_form(one_login: OneLogin) -> None:
    short(one_login)
    with (
        taking("XOAUTH2") as server,
        way_out(one_login, f"smtp://m%C3%BCller@127.0.0.1:{server.port}") as way,
    ):
        assert results(way) == ["sent"]
    assert server.said == ["user=müller\1auth=Bearer a token\1\1".encode()]


@pytest.mark.parametrize(("password", "result"), [("gr%C3%BCn", "sent"), ("rot%C3%B6", "untried")])
def test_a_password_may_hold_any_letter(password: str, result: str) -> None:
    server = SmtpServer(authenticator=knows_green, auth_require_tls=False)
    server.start()
    try:
        with closing(transport_for(f"smtp://digest:{password}@127.0.0.1:{server.port}")) as way:
            assert results(way) == [result]
            assert bool(way.trouble) is (result == "untried")
    finally:
        server.stop()


@pytest.mark.parametrize(("mechanism", "last"), [("XOAUTH2", b""), ("OAUTHBEARER", b"\1")])
def test_the_reasons_of_a_refusal_are_answered_with_nothing_and_kept_nowhere(
    mechanism: str, last: bytes, one_login: OneLogin, caplog: pytest.LogCaptureFixture
) -> None:
    short(one_login)
    caplog.set_level(logging.DEBUG, "digest")
    with (
        taking(mechanism, "535 5.7.3 Authentication unsuccessful") as server,
        way_out(one_login, f"smtp://{USER.replace('@', '%40')}@127.0.0.1:{server.port}") as way,
    ):
        assert results(way) == ["untried"]
        assert way.is_resting
        trouble = way.trouble or ""
    assert server.said[1:] == [last]
    assert server.connections == 1
    assert not any(word in caplog.text + trouble for word in ("Bearer", "a token\1", "schemes", "eyJ", USER))
