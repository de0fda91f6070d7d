"""Signing: every mail verifies after its way through a mail server, and its header still follows the rules."""

from __future__ import annotations

import base64
import re
import stat
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from digest.cli import run
from digest.errors import Misuse
from digest.outbound import sign
from digest.outbound.dkim_key import LONGEST_TEXT, make_key, read_keys, zone_line
from digest.outbound.examples import EXAMPLES
from digest.outbound.sign import signed, signers
from digest.outbound.ways_out import transport_for
from digest.settings import Settings
from tests.conftest import NOT_TESTED
from tests.outbound.given import example_mail
from tests.parts.smtp_server import SmtpServer

DOMAIN, SELECTORS = "example.org", ("rsa", "ed")
IN_ONE_CLICK = {"list-unsubscribe", "list-unsubscribe-post"}


@dataclass(frozen=True)
class Sent:
    mail_from: str
    rcpt_to: str
    raw: bytes


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("keys")
    make_key(folder / "rsa", "rsa")
    make_key(folder / "ed", "ed25519")
    return (folder / "rsa").read_text() + (folder / "ed").read_text()


@pytest.fixture
def settings(keys: str) -> Settings:
    return Settings(mail_from=f"digest@{DOMAIN}", dkim_selector=SELECTORS, dkim_key=keys)


@pytest.fixture
def dkim() -> Any:
    return pytest.importorskip("dkim", reason=f"{NOT_TESTED}DKIM signing: dkimpy is not installed")


def verifies(dkim: Any, raw: bytes, keys: str) -> list[bool]:
    """What the verifier says of each signature, from the top, with our keys in DNS."""
    records = {
        f"{selector}._domainkey.{DOMAIN}.": key.record.encode()
        for selector, key in zip(SELECTORS, read_keys(keys), strict=True)
    }
    message = dkim.DKIM(raw)
    return [
        message.verify(idx=number, dnsfunc=lambda name, timeout=5: records[name.decode()])
        for number in range(len(SELECTORS))
    ]


def test_every_mail_verifies_after_its_way_through_a_mail_server(
    dkim: Any, settings: Settings, keys: str, smtp_server: SmtpServer
) -> None:
    mails = [
        Sent(mail.mail_from, mail.rcpt_to, signed(mail.raw, settings))
        for mail in (example_mail(name, "de") for name in EXAMPLES)
    ]
    with closing(transport_for(smtp_server.url)) as transport:
        assert {transport.send([mail])[0].result for mail in mails} == {"sent"}
    for received in smtp_server.received:
        assert verifies(dkim, received.content, keys) == [True, True]
    altered = smtp_server.received[0].content.replace(b"\r\nTo: ", b"\r\nTo: Somebody ")
    assert verifies(dkim, altered, keys) == [False, False]
    second = smtp_server.received[0].content.replace(b"\r\nTo: ", b"\r\nFrom: x@example.net\r\nTo: ")
    assert verifies(dkim, second, keys) == [False, False]


def test_what_one_click_and_machines_rely_on_is_signed(dkim: Any, settings: Settings) -> None:
    for name in EXAMPLES:
        raw = signed(example_mail(name, "en").raw, settings)
        there = {
            field.partition(b":")[0].decode().lower()
            for field in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
        }
        for listed in re.findall(rb"; h=([^;]*);|\r\n h=([^;]*);", raw):
            names = (listed[0] or listed[1]).decode().replace(" ", "").split(":")
            assert names.count("from") == 2
            assert set(names) >= {"to", "subject", "date", "message-id", "auto-submitted", "mime-version"}
            assert set(names) >= IN_ONE_CLICK & there
            assert set(names) <= there


def test_a_signature_is_folded_between_tags_alone(dkim: Any, settings: Settings) -> None:
    raw = signed(example_mail("digest", "de").raw, settings)
    signatures = raw[: len(raw) - len(example_mail("digest", "de").raw)].decode("ascii")
    lines = signatures.removesuffix("\r\n").split("\r\n")
    assert max(map(len, lines)) <= 998
    assert [line.partition("=")[0] for line in lines] == ["DKIM-Signature: v", " h", " bh", " b"] * 2
    assert all(line.endswith(";") or line.startswith(" b=") for line in lines)


def test_without_a_key_the_mail_server_signs(settings: Settings) -> None:
    raw = example_mail("prompt", "en").raw
    assert signed(raw, replace(settings, dkim_selector=(), dkim_key=None)) == raw


def test_what_does_not_fit_together_is_said(dkim: Any, settings: Settings) -> None:
    with pytest.raises(Misuse, match="belong together"):
        signers(replace(settings, dkim_key=None))
    with pytest.raises(Misuse, match="2 keys, and DIGEST_DKIM_SELECTOR 1 names"):
        signers(replace(settings, dkim_selector=("one",)))
    with pytest.raises(Misuse, match="holds no private key"):
        signers(replace(settings, dkim_key="digest"))
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(Misuse, match="RSA key of 2048 bits, or an Ed25519 key"):
        signers(replace(settings, dkim_selector=("one",), dkim_key=other.decode()))


def test_a_library_that_is_missing_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    sign._signers.cache_clear()
    monkeypatch.setattr(sign.importlib, "import_module", missing)
    with pytest.raises(Misuse, match=r"requirements-dkim.lock"):
        signers(settings)


def test_a_key_is_made_and_its_record_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "key.pem"
    assert run(["dkim-key", str(file), "--domain", DOMAIN]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"digest._domainkey.{DOMAIN}. IN TXT (")
    texts = re.findall(r'"([^"]*)"', said)
    assert "".join(texts) == read_keys(file.read_text())[0].record
    assert max(map(len, texts)) <= LONGEST_TEXT
    assert len(base64.b64decode("".join(texts).partition("p=")[2])) == 294  # 2048 bits
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run(["dkim-key", str(file), "--domain", DOMAIN]) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_key_and_its_secret_are_never_shown(keys: str) -> None:
    for key in read_keys(keys):
        assert key.secret.decode() not in repr(key)
        assert "PRIVATE" not in zone_line(key, "digest", DOMAIN)
