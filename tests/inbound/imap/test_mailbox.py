"""Login to a mailbox by an access token, with a real Dovecot that asks a real token server."""

from __future__ import annotations

from contextlib import closing

import pytest

from digest.access_token import AccessToken, NoToken
from digest.inbound.imap.account import Account, account
from digest.inbound.imap.mailbox import LoginRefused, open_mailbox
from digest.settings import ImapSettings
from digest.variables import IMAP_TOKENS
from tests.parts.one_login import OneLogin


def of(one_login: OneLogin, secret: str = "a secret") -> tuple[Account, AccessToken]:
    tokens = one_login.tokens.settings(IMAP_TOKENS, secret)
    found = account(ImapSettings(url=one_login.imap_url, tokens=tokens))
    assert found is not None
    assert found.tokens is not None
    return found, AccessToken(found.tokens)


def test_a_mailbox_is_opened_by_a_token_that_is_fetched_once(one_login: OneLogin) -> None:
    found, token = of(one_login)
    for _ in range(2):
        with closing(open_mailbox(found, token)) as mailbox:
            assert mailbox.can_idle
    assert len(one_login.tokens.asked) == 1


def test_a_token_that_is_refused_is_forgotten(one_login: OneLogin) -> None:
    found, token = of(one_login)
    open_mailbox(found, token).close()
    one_login.tokens.expire()
    with pytest.raises(LoginRefused, match="the server refuses the login") as refused:
        open_mailbox(found, token)
    assert "xxx" not in str(refused.value)
    open_mailbox(found, token).close()
    assert len(one_login.tokens.asked) == 2


def test_without_a_token_nobody_logs_in(one_login: OneLogin) -> None:
    with pytest.raises(NoToken, match=r"invalid_client\. Check DIGEST_IMAP_CLIENT_ID"):
        open_mailbox(*of(one_login, "a wrong one"))
