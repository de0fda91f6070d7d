"""Behaviour of `digest check`: in plain words what is in force, what is missing, what to do."""

from __future__ import annotations

import pytest

from digest.checking import everything
from digest.errors import Misuse
from digest.settings import Settings
from tests.checking.given import FakeNames
from tests.parts.command import Operator, an_old_schema


@pytest.fixture(autouse=True)
def _no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """What DNS says is tested in tests/checking; nothing here leaves the machine."""
    monkeypatch.setattr(everything, "DnsNames", lambda: FakeNames(silent=True))


def test_check_is_content_where_nothing_is_missing(with_group: Operator) -> None:
    with_group.settings["DIGEST_INBOUND_SECRET"] = "another secret for the door"
    assert with_group.digest("tick").exit_code == 0
    said = with_group.digest("check")
    assert (said.exit_code, said.err) == (0, "")
    assert {line.split()[0] for line in said.out.splitlines()} == {"ok"}
    assert "sqlite:///digest.sqlite, schema " in said.out


def test_check_says_what_is_missing_and_what_it_is(operator: Operator) -> None:
    operator.settings.clear()
    said = operator.digest("check")
    assert said.exit_code == 1
    wrong = [line.split()[1] for line in said.out.splitlines() if line.startswith("wrong")]
    assert wrong == ["DIGEST_SECRET", "DIGEST_MAIL_URL", "DIGEST_MAIL_FROM", "DIGEST_REPLY_DOMAIN"]
    assert list(operator.folder.iterdir()) == [], "looking makes nothing"


def test_check_hides_every_secret(operator: Operator) -> None:
    operator.settings |= {
        "DIGEST_SECRET": "sesame-for-this-year-2468,sesame-of-last-year-1357",
        "DIGEST_INBOUND_SECRET": "sesame-for-the-door-97531",
        "DIGEST_DATABASE_URL": "postgresql://digest:sesame@127.0.0.1:1/digest",
        "DIGEST_MAIL_URL": "smtp://digest:sesame@127.0.0.1:1",
        "DIGEST_OPERATOR_MAIL_URL": "console:",
    }
    said = operator.digest("check")
    assert "sesame" not in said.out + said.err
    assert "can be guessed" not in said.out
    assert "and 1 more" in said.out
    assert "smtp://digest:***@127.0.0.1:1" in said.out


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("DIGEST_DATABASE_URL", "postgresql://127.0.0.1:1/digest", "database: The database cannot be used"),
        (
            "DIGEST_DATABASE_URL",
            "sqlite:///nowhere/digest.sqlite",
            "The folder nowhere of the database is not there",
        ),
        ("DIGEST_MAIL_URL", "smtp://127.0.0.1:1", "nobody answers at 127.0.0.1, port 1"),
        ("DIGEST_MAIL_URL", "maildir:/dev/null/mail", "cannot be written to"),
        ("DIGEST_MAIL_URL", "pigeon:", "names no way out"),
        ("DIGEST_BASE_URL", "http://digest.example.com", "Use https"),
        ("DIGEST_ENVELOPE_FROM", "fixed:", "Write it like fixed:digest@example.com"),
        ("DIGEST_ENVELOPE_FROM", "fixed:digest", "Write it like fixed:digest@example.com"),
        ("DIGEST_BASE_URL", "https://digest.example.com:99999", "Write it like https://digest.example.com."),
        ("DIGEST_BASE_URL", "https://a:b@digest.example.com", "Write it like https://digest.example.com."),
        ("DIGEST_BASE_URL", "https://digest.example.com/?x=1", "Write it like https://digest.example.com."),
        ("DIGEST_BASE_URL", "https://digest example.com", "Write it like https://digest.example.com."),
        ("DIGEST_AUTHSERV_ID", "mx.example.com; spf=pass", "Write it like mx.example.com"),
        ("DIGEST_MAIL_URL", "smtps://digest:pass/word@mail.example.com", "write @ as %40, / as %2F"),
        (
            "DIGEST_IMAP_URL",
            "imaps://digest:pass/word@mail.example.com",
            "as it is into DIGEST_IMAP_PASSWORD",
        ),
    ],
)
def test_check_finds_what_cannot_work(operator: Operator, setting: str, value: str, words: str) -> None:
    operator.settings[setting] = value
    said = operator.digest("check")
    (wrong,) = [line for line in said.out.splitlines() if line.startswith("wrong")]
    assert words in wrong
    assert said.exit_code == 1


def test_check_says_that_the_operator_s_language_is_not_there(operator: Operator) -> None:
    operator.settings |= {"DIGEST_OPERATOR": "aylin@example.com", "DIGEST_OPERATOR_LOCALE": "fi"}
    said = operator.digest("check")
    assert "note   DIGEST_OPERATOR_LOCALE: mails in fi are not there yet: they come in English." in said.out


def test_check_names_a_variable_that_nothing_reads(operator: Operator) -> None:
    operator.settings["DIGEST_REPLAY_DOMAIN"] = "in.example.com"
    said = operator.digest("check")
    assert "note   DIGEST_REPLAY_DOMAIN is set, and no setting has this name" in said.out


def test_a_file_that_is_no_text_is_told_and_a_mark_at_its_beginning_belongs_to_no_secret(
    operator: Operator,
) -> None:
    (operator.folder / "key").write_bytes(b"\x30\x82\xff\xfe")
    (operator.folder / "secret").write_bytes("\ufeffa secret that signs the links\n".encode())
    operator.settings |= {"DIGEST_DKIM_KEY_FILE": "key", "DIGEST_SECRET_FILE": "secret"}
    (wrong,) = operator.digest("check").out.splitlines()
    assert "DIGEST_DKIM_KEY_FILE names a file that holds no text" in wrong
    assert Settings.from_env({"DIGEST_SECRET_FILE": str(operator.folder / "secret")}).secret == (
        "a secret that signs the links",
    )


def test_a_domain_with_an_umlaut_is_taken_as_mail_servers_write_it() -> None:
    given = {
        "DIGEST_MAIL_FROM": "Digest@bücher.example",
        "DIGEST_REPLY_DOMAIN": "in.bücher.example",
        "DIGEST_BASE_URL": "https://BÜCHER.example:8443/Digest/",
        "DIGEST_ENVELOPE_FROM": "fixed:b@bücher.example",
        "DIGEST_OPERATOR": "aylin@bücher.example",
    }
    settings = Settings.from_env(given)
    assert settings.mail_from == "digest@xn--bcher-kva.example"
    assert settings.reply_domain == "in.xn--bcher-kva.example"
    assert settings.base_url == "https://xn--bcher-kva.example:8443/Digest"
    assert settings.envelope_from == "fixed:b@xn--bcher-kva.example"
    assert settings.operator == ("aylin@xn--bcher-kva.example",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIGEST_MAIL_FROM", "jörg@example.com"),
        ("DIGEST_MAIL_FROM", '"a b"@example.com'),
        ("DIGEST_REPLY_DOMAIN", "-in-.example.com"),
        ("DIGEST_REPLY_DOMAIN", "https://in.example.com"),
        ("DIGEST_OPERATOR", "Aylin <aylin@example.com>"),
        ("DIGEST_BASE_URL", "digest.example.com"),
    ],
)
def test_what_could_stand_in_no_mail_is_refused_at_the_start(name: str, value: str) -> None:
    with pytest.raises(Misuse, match=name):
        Settings.from_env({name: value})


@pytest.mark.parametrize(
    "url",
    [
        "digest:sesame@mail.example.com:587",
        "smtp+starttls:digest:sesame@mail.example.com",
        "smtp://digest:sesame",
        "smtps://digest:sesame/mail.example.com",
    ],
)
def test_a_password_in_a_mail_url_that_cannot_be_read_is_not_shown(operator: Operator, url: str) -> None:
    operator.settings |= {"DIGEST_MAIL_URL": url, "DIGEST_OPERATOR_MAIL_URL": url}
    said = operator.digest("check")
    assert "sesame" not in said.out + said.err
    assert "DIGEST_MAIL_URL: " in said.out


def test_check_tells_whether_any_door_is_open(with_group: Operator) -> None:
    assert "No door is open" in with_group.digest("check").out
    with_group.settings["DIGEST_LMTP_LISTEN"] = "127.0.0.1:2424"
    said = with_group.digest("check").out
    assert "No door is open" not in said
    assert "ok     DIGEST_LMTP_LISTEN: digest serve and digest lmtp take mail at 127.0.0.1:2424" in said


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"DIGEST_IMAP_PASSWORD": "sesame"}, "wrong  DIGEST_IMAP_URL is not set, so no mailbox is read"),
        ({"DIGEST_REPLY_ADDRESS": "digest@example.com"}, "note   DIGEST_REPLY_ADDRESS is set besides"),
        (
            {
                "DIGEST_REPLY_DOMAIN": "",
                "DIGEST_REPLY_ADDRESS": "a@b.example",
                "DIGEST_ENVELOPE_FROM": "verp",
            },
            "note   DIGEST_ENVELOPE_FROM: verp needs DIGEST_REPLY_DOMAIN.",
        ),
    ],
)
def test_check_finds_settings_that_do_nothing_together(
    operator: Operator, settings: dict[str, str], words: str
) -> None:
    operator.settings |= settings
    assert words in operator.digest("check").out


def test_check_finds_an_old_schema(operator: Operator) -> None:
    an_old_schema(operator)
    said = operator.digest("check")
    assert "has schema 0000" in said.out
    assert "Run: digest db upgrade" in said.out
    assert said.exit_code == 1
