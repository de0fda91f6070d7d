"""Our own check: who asks to distrust what does not bear her signature is heard, and nobody else is doubted."""

from __future__ import annotations

import base64
import time
from functools import cache

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dns import resolver

from digest.errors import Misuse
from digest.inbound.lease import AT_ONCE, LEASE
from digest.inbound.sender.verdict import sender_check
from digest.settings import Settings

dkim = pytest.importorskip("dkim", reason="NOT TESTED: DKIM: the extra dkim is not installed")
from digest.inbound.sender.dkim_check import DnsAway, asking, is_unproved  # noqa: E402

PLAIN = b"From: Mira <mira@firm.example>\r\nTo: r@in.example.org\r\nSubject: hello\r\n\r\nTried: it\r\n"


@cache
def key() -> tuple[bytes, str]:
    """A private key in PEM, and the record that tells its public one."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def signed(domain: str, message: bytes = PLAIN, **options: object) -> bytes:
    return (
        dkim.sign(message, b"s", domain.encode(), key()[0], include_headers=[b"from", b"subject"], **options)
        + message
    )


class Dns(dict[str, str]):
    """Names and their one TXT record; each name that is asked for is noted."""

    def __init__(self, **records: str) -> None:
        super().__init__(
            {name.replace("__", "-").replace("_d_", "."): text for name, text in records.items()}
        )
        self.asked: list[str] = []

    def __call__(self, name: str) -> tuple[str, ...]:
        self.asked.append(name)
        return (self[name.rstrip(".")],) if name.rstrip(".") in self else ()


def zone(policy: str | None = "v=DMARC1; p=reject", at: str = "firm.example") -> Dns:
    dns = Dns()
    if policy:
        dns[f"_dmarc.{at}"] = policy
    for domain in ("firm.example", "mail.firm.example", "evil.example", "list.example"):
        dns[f"s._domainkey.{domain}"] = key()[1]
    return dns


@pytest.mark.parametrize("signer", ["firm.example", "mail.firm.example"])
def test_a_good_signature_of_the_same_organisation_is_proof(signer: str) -> None:
    assert not is_unproved(signed(signer), "firm.example", zone())


def test_without_a_signature_an_enforcing_domain_is_unproved() -> None:
    assert is_unproved(PLAIN, "firm.example", zone())
    assert is_unproved(PLAIN, "firm.example", zone("v=DMARC1; p=quarantine"))
    assert is_unproved(PLAIN, "office.firm.example", zone()), "a subdomain is covered by its organisation"


@pytest.mark.parametrize(
    "policy",
    [None, "v=DMARC1; p=none", "v=DMARC1", "v=DMARC1; p=reject; t=y", "v=spf1 -all", "v=DMARC1x; p=reject"],
)
def test_who_asks_for_nothing_is_never_doubted(policy: str | None) -> None:
    assert not is_unproved(PLAIN, "firm.example", zone(policy))


@pytest.mark.parametrize(
    ("why", "message"),
    [
        ("by somebody else", signed("evil.example")),
        ("broken by a list", signed("firm.example") + b"-- \r\nThis list is run by...\r\n"),
        ("with another subject", signed("firm.example").replace(b"Subject: hello", b"Subject: [list] hello")),
        ("over a part of the body", signed("firm.example", length=True) + b"Tried: more\r\n"),
        ("with no such key", signed("firm.example").replace(b" s=s;", b" s=t;")),
        ("that is no signature", b"DKIM-Signature: nonsense\r\n" + PLAIN),
        ("with a hostile tag", b"DKIM-Signature: v=1; d=\xff\xfe; s=; h=from; b=x; bh=y; a=z\r\n" + PLAIN),
    ],
)
def test_a_signature_is_no_proof(why: str, message: bytes) -> None:
    assert is_unproved(message, "firm.example", zone()), why


def test_a_strict_domain_wants_its_very_own() -> None:
    strict = "v=DMARC1; p=reject; adkim=s"
    assert is_unproved(signed("mail.firm.example"), "firm.example", zone(strict))
    assert not is_unproved(signed("firm.example"), "firm.example", zone(strict))


def test_where_the_name_servers_do_not_answer_nothing_is_known() -> None:
    def away(name: str) -> tuple[str, ...]:
        raise DnsAway

    def half_away(name: str) -> tuple[str, ...]:
        return zone()(name) if name.startswith("_dmarc") else away(name)

    assert not is_unproved(PLAIN, "firm.example", away)
    assert not is_unproved(signed("firm.example"), "firm.example", half_away)


def test_name_servers_of_a_forger_that_give_no_answer_do_not_save_his_message() -> None:
    dns = zone()

    def silent_for_evil(name: str) -> tuple[str, ...]:
        if "evil.example" in name:
            raise DnsAway
        return dns(name)

    for message in (signed("evil.example"), signed("evil.example", signed("mail.evil.example"))):
        assert is_unproved(message, "firm.example", silent_for_evil)


def test_time_that_is_over_is_no_answer() -> None:
    with pytest.raises(DnsAway):
        asking(patience=0)()("firm.example")
    with pytest.raises(DnsAway):
        asking(together=0)()("firm.example")


def test_where_no_answer_comes_a_turn_of_32_messages_waits_a_fraction_of_its_lease(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "monotonic", lambda: sum(waited))

    def silent(_name: str, _type: str, lifetime: float) -> None:
        waited.append(lifetime)
        raise resolver.LifetimeTimeout

    monkeypatch.setattr(resolver, "resolve", silent)
    check = sender_check(Settings(verify_dkim=True)).for_a_turn()
    assert not any(check.doubts(PLAIN, "mira@firm.example", {}) for _ in range(AT_ONCE))
    assert waited == [8], "the same company is asked for once"
    assert not any(check.doubts(PLAIN, f"mira@firm{number}.example", {}) for number in range(AT_ONCE))
    assert sum(waited) == 30 < LEASE.total_seconds() / 4
    assert not sender_check(Settings(verify_dkim=True)).for_a_turn().doubts(PLAIN, "mira@firm.example", {})
    assert sum(waited) == 38, "the next turn asks again"


def test_the_messages_of_a_turn_ask_for_a_name_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(name: str, _type: str, lifetime: float) -> None:
        asked.append(name)
        raise resolver.NXDOMAIN

    monkeypatch.setattr(resolver, "resolve", answer)
    check = sender_check(Settings(verify_dkim=True)).for_a_turn()
    assert not any(check.doubts(PLAIN, "mira@firm.example", {}) for _ in range(AT_ONCE))
    assert asked == ["_dmarc.firm.example", "_dmarc.example"]


def test_a_hundred_signatures_cost_five_looks() -> None:
    dns = zone()
    one = "DKIM-Signature: v=1; a=rsa-sha256; d=d{}.example; s=s; h=from; bh=eA==; b=eA==\r\n"
    many = "".join(map(one.format, range(100))).encode()
    assert is_unproved(many + PLAIN, "firm.example", dns)
    assert len(dns.asked) < 20


def test_the_setting_turns_it_on() -> None:
    assert sender_check(Settings()).for_a_turn().unproved is None
    assert sender_check(Settings(verify_dkim=True)).for_a_turn().unproved is not None


def test_without_the_library_the_setting_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "digest.inbound.sender.dkim_check", None)
    with pytest.raises(Misuse, match=r"requirements-dkim.lock"):
        sender_check(Settings(verify_dkim=True))
