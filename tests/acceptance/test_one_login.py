"""A company whose one mailbox takes no password: its administrator names one source of tokens, and mail goes out by
Postfix and comes in by Dovecot, both real."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.parts import google
from tests.parts.command import BERLIN, ENOUGH, Operator
from tests.parts.one_login import USER, OneLogin
from tests.parts.token_server import CLIENT, SCOPE, SECRET


@pytest.fixture
def operator(tmp_path: Path, one_login: OneLogin) -> Operator:
    (tmp_path / "secret").write_text(SECRET)
    return Operator(
        tmp_path,
        {
            "DIGEST_SECRET": ENOUGH["DIGEST_SECRET"],
            "DIGEST_MAIL_URL": one_login.mail_url,
            "DIGEST_MAIL_FROM": USER,
            "DIGEST_REPLY_ADDRESS": USER,
            "DIGEST_IMAP_URL": one_login.imap_url,
            "DIGEST_IMAP_TOKEN_URL": one_login.tokens.url("token"),
            "DIGEST_IMAP_CLIENT_ID": CLIENT,
            "DIGEST_IMAP_CLIENT_SECRET_FILE": str(tmp_path / "secret"),
            "DIGEST_IMAP_SCOPE": SCOPE,
        },
    )


def yes(raw: bytes, member: str) -> bytes:
    asked = email.message_from_bytes(raw, policy=email.policy.SMTP)
    reply = EmailMessage(policy=email.policy.SMTP)
    reply["From"], reply["To"] = member, asked["Reply-To"]
    reply["In-Reply-To"] = asked["Message-ID"]
    reply["Message-ID"] = "<yes@one-login.example>"
    reply.set_content("yes\n")
    return reply.as_bytes()


@pytest.fixture(params=["client credentials", "a service account"])
def mira(request: pytest.FixtureRequest, operator: Operator, one_login: OneLogin, tmp_path: Path) -> str:
    """Her address, where Digest logs in by those."""
    if request.param == "a service account":
        for name in ("TOKEN_URL", "CLIENT_ID", "CLIENT_SECRET_FILE", "SCOPE"):
            del operator.settings[f"DIGEST_IMAP_{name}"]
        (tmp_path / "key.json").write_text(google.key_file(one_login.tokens.url("token")))
        operator.settings["DIGEST_IMAP_SERVICE_ACCOUNT_FILE"] = str(tmp_path / "key.json")
    return f"mira-{request.param.replace(' ', '-')}@one-login.example"


def test_one_source_of_tokens_is_for_both_directions(
    operator: Operator, one_login: OneLogin, mira: str
) -> None:
    operator.digest("group", "add", "Packaging group", *BERLIN)
    operator.digest("member", "add", "Packaging group", mira, "--name", "Mira")
    assert operator.digest("tick").err == ""
    one_login.postfix.wait_until(lambda: one_login.received_by(mira))
    one_login.inbox.deliver(yes(one_login.received_by(mira)[0].content, mira))
    assert operator.digest("tick").err == ""
    one_login.postfix.wait_until(lambda: len(one_login.received_by(mira)) == 2)
    assert "Du bist dabei" in str(
        email.message_from_bytes(one_login.received_by(mira)[1].content, policy=email.policy.SMTP)["Subject"]
    )


def test_while_no_token_can_be_had_both_directions_are_told_and_nothing_is_lost(
    operator: Operator, one_login: OneLogin
) -> None:
    operator.digest("group", "add", "Packaging group", *BERLIN)
    operator.digest("member", "add", "Packaging group", "ben@one-login.example", "--name", "Ben")
    one_login.tokens.answer = 401, b'{"error": "invalid_client"}'
    said = operator.digest("tick")
    assert said.exit_code == 1
    assert "Check DIGEST_IMAP_CLIENT_ID, its secret and its scope." in said.complaint
    del operator.settings["DIGEST_IMAP_URL"]
    operator.settings["DIGEST_MAIL_TOKEN_URL"] = one_login.tokens.url("token")
    operator.settings["DIGEST_MAIL_CLIENT_ID"] = CLIENT
    operator.settings["DIGEST_MAIL_CLIENT_SECRET_FILE"] = operator.settings["DIGEST_IMAP_CLIENT_SECRET_FILE"]
    said = operator.digest("tick")
    assert said.exit_code == 1
    assert "Check DIGEST_MAIL_CLIENT_ID, its secret and its scope. Mails that wait: 1" in said.complaint
    one_login.tokens.as_new()
    assert operator.digest("tick").err == ""
    one_login.postfix.wait_until(lambda: one_login.received_by("ben@one-login.example"))
