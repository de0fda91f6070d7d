"""The login of a mail URL: its password, a token of its own, or the token of the mailbox that replies are read from."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from digest.errors import Misuse
from digest.outbound.mail_login import OPERATOR_MAIL_URL, Login, login
from digest.outbound.ways_out import operator_transport_of, transport_of
from digest.settings import ImapSettings, Settings, TokenSettings
from digest.variables import IMAP_TOKENS, MAIL_TOKENS

TOKENS = ("https://login.example.com/token", "an id", "a secret", "a scope")
OWN, LENT = TokenSettings(MAIL_TOKENS, *TOKENS), TokenSettings(IMAP_TOKENS, *TOKENS)
MAILBOX = ImapSettings(url="imaps://digest%40example.com@imap.example.com/INBOX", tokens=LENT)
SAME = "smtp+starttls://digest%40example.com@smtp.example.com:587"


def operator_login_to(url: str, **settings: object) -> Login:
    in_force = Settings(operator_mail_url=url, **settings)  # type: ignore[arg-type]
    return login(urlsplit(url), in_force, OPERATOR_MAIL_URL)


def login_to(url: str, **settings: object) -> Login:
    return login(urlsplit(url), Settings(mail_url=url, **settings))  # type: ignore[arg-type]


def lender(found: Login) -> str | None:
    return found.tokens.name if found.tokens else None


def test_a_password_stands_in_the_url() -> None:
    assert login_to("smtps://digest%40x:a%3Ab@mail.example.com") == Login("digest@x", "a:b")
    assert login_to("smtps://mail.example.com") == Login()


def test_a_token_source_of_its_own_goes_before_all_else() -> None:
    for url in (SAME, SAME.replace("@smtp", ":password@smtp")):
        found = login_to(url, mail_tokens=OWN, imap=MAILBOX)
        assert (found.user, found.password, lender(found)) == (
            "digest@example.com",
            None,
            "DIGEST_MAIL_TOKEN_URL",
        )


@pytest.mark.parametrize(
    "url",
    [SAME, "smtps://Digest%40Example.com@example.com", "smtps://digest%40example.com@imap.example.com"],
)
def test_the_mailbox_lends_its_source_for_the_same_user(url: str) -> None:
    assert lender(login_to(url, imap=MAILBOX)) == "DIGEST_IMAP_TOKEN_URL"


@pytest.mark.parametrize(
    "url",
    [
        "smtps://other%40example.com@smtp.example.com",
        "smtps://digest%40example.com@smtp.example.net",
        "smtps://digest%40example.com@192.0.2.1",
    ],
)
def test_to_another_user_or_company_no_token_is_lent(url: str) -> None:
    with pytest.raises(Misuse, match="no password"):
        login_to(url, imap=MAILBOX)
    addresses = ImapSettings(url="imaps://digest%40example.com@198.51.2.1/INBOX", tokens=LENT)
    with pytest.raises(Misuse, match="no password"):
        login_to(url, imap=addresses)


@pytest.mark.parametrize(("country", "is_lent"), [("co.uk", False), ("com.tr", False), ("firm.de", True)])
def test_two_companies_under_one_label_of_a_country_are_no_one_company(country: str, is_lent: bool) -> None:
    mailbox = replace(MAILBOX, url=f"imaps://digest@imap.{country}/INBOX")
    if is_lent:
        assert lender(login_to(f"smtps://digest@smtp.{country}", imap=mailbox)) == "DIGEST_IMAP_TOKEN_URL"
    else:
        with pytest.raises(Misuse, match="no password"):
            login_to(f"smtps://digest@smtp.{country}", imap=mailbox)
    below = replace(MAILBOX, url=f"imaps://digest@imap.firm.{country}/INBOX")
    assert lender(login_to(f"smtps://digest@smtp.firm.{country}", imap=below)) == "DIGEST_IMAP_TOKEN_URL"


def test_a_password_needs_no_loan() -> None:
    found = login_to(SAME.replace("@smtp", ":password@smtp"), imap=MAILBOX)
    assert (found.password, lender(found)) == ("password", None)
    assert lender(login_to("smtps://smtp.example.com", imap=MAILBOX)) is None


@pytest.mark.parametrize(
    ("url", "tokens", "words"),
    [
        (
            SAME,
            TokenSettings(MAIL_TOKENS),
            "user:password@host, or to log in by OAuth set DIGEST_MAIL_TOKEN_URL",
        ),
        (SAME, replace(OWN, client_id=None), "set DIGEST_MAIL_CLIENT_ID as well"),
        (SAME, replace(OWN, url="http://login.example.com"), "DIGEST_MAIL_TOKEN_URL is no address"),
        ("smtps://mail.example.com", OWN, "names no user"),
        ("smtp://digest@mail.example.com", OWN, "the token of DIGEST_MAIL_TOKEN_URL in the clear"),
    ],
)
def test_what_is_wrong_is_told_at_the_start(url: str, tokens: TokenSettings, words: str) -> None:
    with pytest.raises(Misuse, match=words):
        transport_of(Settings(mail_url=url, mail_tokens=tokens))


def test_a_token_that_is_lent_goes_nowhere_in_the_clear() -> None:
    with pytest.raises(Misuse, match="the token of DIGEST_IMAP_TOKEN_URL in the clear"):
        login_to("smtp://digest%40example.com@smtp.example.com", imap=MAILBOX)
    assert lender(login_to("smtp://digest@127.0.0.1", mail_tokens=OWN)) == "DIGEST_MAIL_TOKEN_URL"


def test_where_mail_stays_here_nobody_logs_in() -> None:
    transport_of(Settings(mail_url="maildir:out", mail_tokens=replace(OWN, client_id=None), imap=MAILBOX))


OPERATORS = "smtps://digest%40example.com@relay.example.com"


def test_the_operators_way_is_logged_in_to_as_the_usual_one_where_it_is_the_same() -> None:
    lent = operator_login_to(OPERATORS, mail_url=SAME, mail_tokens=OWN, imap=MAILBOX)
    assert (lent.user, lent.password, lender(lent)) == ("digest@example.com", None, "DIGEST_MAIL_TOKEN_URL")
    for mail_url in (SAME, "smtp://relay.example.net"):
        assert (
            lender(operator_login_to(OPERATORS, mail_url=mail_url, imap=MAILBOX)) == "DIGEST_IMAP_TOKEN_URL"
        )


def test_elsewhere_the_operators_way_is_logged_in_to_by_its_password() -> None:
    other = "smtps://alarm:a%3Ab@mail.example.net"
    assert operator_login_to(other, mail_url=SAME, mail_tokens=OWN, imap=MAILBOX) == Login("alarm", "a:b")
    assert operator_login_to("smtps://mail.example.net", mail_url=SAME, mail_tokens=OWN) == Login()
    with_password = OPERATORS.replace("@relay", ":password@relay")
    assert operator_login_to(with_password, mail_url=SAME, mail_tokens=OWN).password == "password"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("smtps://alarm@mail.example.com", "DIGEST_OPERATOR_MAIL_URL names a user and no password"),
        ("smtps://digest%40example.com@mail.example.net", "names a user and no password"),
        (
            OPERATORS.replace("smtps", "smtp"),
            "DIGEST_OPERATOR_MAIL_URL would send the token of DIGEST_MAIL_TOKEN",
        ),
        ("smtps://mail.example.com?speed=2", "DIGEST_OPERATOR_MAIL_URL has no option speed"),
        ("ftp://mail.example.com", "DIGEST_OPERATOR_MAIL_URL names no way out"),
    ],
)
def test_what_is_wrong_with_the_operators_way_names_its_variable(url: str, words: str) -> None:
    with pytest.raises(Misuse, match=words):
        operator_transport_of(Settings(operator_mail_url=url, mail_url=SAME, mail_tokens=OWN))
