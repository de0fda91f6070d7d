"""Behaviour of what is looked up in DNS: SPF, DKIM, DMARC, MX, PTR; by a resolver of ours, and once by a real one."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from digest.checking.everything import by_dns
from digest.checking.looks import dkim, dmarc, pointer, spf, way_in
from digest.checking.names import DnsNames, Unanswered
from digest.checking.scope import Scope
from digest.outbound.dkim_key import make_key
from digest.settings import Settings
from tests.checking.given import FakeNames, Zone, lines, name_server

SETTINGS = Settings(
    mail_url="smtp://mail.example.com",
    mail_from="digest@example.com",
    reply_domain="in.example.com",
    secret=("a secret of sixteen characters and more",),
)
GOOD: Zone = {
    ("in.example.com", "MX"): ("mx1.example.com", "mx2.example.com"),
    ("mx1.example.com", "A"): ("192.0.2.10",),
    ("mx2.example.com", "A"): ("192.0.2.11",),
    ("mail.example.com", "A"): ("192.0.2.25",),
    ("example.com", "TXT"): ("some site's token", "v=spf1 ip4:192.0.2.0/24 -all"),
    ("_dmarc.example.com", "TXT"): ("v=DMARC1; p=reject; rua=mailto:x@example.com; pct=20",),
}


def scope(zone: Zone | None = None, own: str | None = "203.0.113.1", **settings: object) -> Scope:
    names = FakeNames(GOOD if zone is None else zone)
    return Scope(replace(SETTINGS, **settings), names, lambda: own)  # type: ignore[arg-type]


def test_a_domain_with_everything_in_place_is_told_so() -> None:
    assert lines(by_dns(scope())) == [
        "ok     MX: mail to in.example.com goes to mx1.example.com, mx2.example.com",
        "ok     SPF: example.com lets 192.0.2.25 send",
        "note   DKIM: DIGEST_DKIM_SELECTOR is not set, so your mail server has to sign for example.com. "
        "Whether it does shows a message that comes back: digest check --round-trip",
        "ok     DMARC: the policy for example.com is reject (record at example.com)",
    ]


def test_nothing_is_asked_where_mail_stays_here() -> None:
    here = scope({}, mail_url="maildir:out")
    assert lines(by_dns(here)) == []
    assert isinstance(here.names, FakeNames)
    assert here.names.asked == []


def test_no_name_server_is_one_note() -> None:
    nobody = replace(scope(), names=FakeNames(silent=True))
    (line,) = lines(by_dns(nobody))
    assert line.startswith("note   DNS: no name server answers here")


def test_one_name_that_cannot_be_looked_up_leaves_the_others() -> None:
    partly = replace(scope(), names=FakeNames(GOOD, dead=("_dmarc.example.com",)))
    told = lines(by_dns(partly))
    assert "note   DNS: _dmarc.example.com cannot be looked up just now." in told
    assert "ok     SPF: example.com lets 192.0.2.25 send" in told


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ({}, "wrong  MX: mail to in.example.com reaches nobody"),
        ({("in.example.com", "MX"): ("",)}, "wrong  MX: in.example.com says that it takes no mail"),
        ({("in.example.com", "A"): ("192.0.2.9",)}, "note   MX: in.example.com has no MX record"),
        (
            {("in.example.com", "MX"): ("gone.example.com",)},
            "wrong  MX: mail to in.example.com is led to gone.example",
        ),
    ],
)
def test_where_replies_are_led_is_told(zone: Zone, said: str) -> None:
    (line,) = lines(way_in.look(scope(zone)))
    assert line.startswith(said)


def test_with_one_mailbox_its_own_domain_is_looked_at() -> None:
    one = scope(GOOD, reply_domain=None, reply_address="circle@in.example.com")
    assert "mx1.example.com" in lines(way_in.look(one))[0]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (None, "wrong  SPF: example.com has no policy"),
        ("v=spf1 +all", "wrong  SPF: the policy of example.com lets anybody send"),
        ("v=spf1 all", "wrong  SPF: the policy of example.com lets anybody send"),
        ("v=spf1 -all", "note   SPF: the policy of example.com does not name mail.example.com (192.0.2.25)"),
        ("v=spf1 ip4:192.0.2.25 ~all", "ok     SPF: example.com lets 192.0.2.25 send"),
        ("v=spf1 a:mail.example.com -all", "ok     SPF: example.com lets 192.0.2.25 send"),
        ("v=spf1 a:mx1.example.com/24 -all", "ok     SPF: example.com lets 192.0.2.25 send"),
        ("v=spf1 mx -all", "note   SPF: the policy of example.com does not name"),
        ("v=spf1 include:ours.example.net -all", "ok     SPF: example.com lets 192.0.2.25 send"),
        ("v=spf1 redirect=ours.example.net", "ok     SPF: example.com lets 192.0.2.25 send"),
        ("v=spf1 exists:%{i}.example.net -all", "ok     SPF: example.com has a policy"),
        (
            "v=spf1 include:nothing.example.net -all",
            "wrong  SPF of example.com cannot be used: include:nothing",
        ),
        (
            "v=spf1 ipv4:192.0.2.25 -all",
            "wrong  SPF of example.com cannot be used: “ipv4:192.0.2.25” is no mechanism",
        ),
        ("v=spf1 ip4:192.0.2 -all", "wrong  SPF of example.com cannot be used: “192.0.2” is no network"),
        (
            f"v=spf1 {'a:x.example.net ' * 11}-all",
            "wrong  SPF of example.com cannot be used: it takes more than 10",
        ),
    ],
)
def test_what_the_policy_for_sending_says_is_told(record: str | None, said: str) -> None:
    zone = GOOD | {
        ("example.com", "TXT"): (record,) if record else (),
        ("ours.example.net", "TXT"): ("v=spf1 ip4:192.0.2.25 -all",),
    }
    (line,) = lines(spf.look(scope(zone)))
    assert line.startswith(said)


def test_two_policies_count_as_none_and_are_told() -> None:
    zone = GOOD | {("example.com", "TXT"): ("v=spf1 -all", "v=spf1 a -all")}
    assert "there are several" in lines(spf.look(scope(zone)))[0]


def test_the_domain_of_the_envelope_is_the_one_that_counts() -> None:
    (line,) = lines(spf.look(scope(envelope_from="verp")))
    assert line.startswith("wrong  SPF: in.example.com has no policy")
    (line,) = lines(spf.look(scope(envelope_from="fixed:bounces@other.example")))
    assert line.startswith("wrong  SPF: other.example has no policy")


def test_nothing_is_asked_of_the_domain_where_a_provider_puts_in_a_sender_of_its_own() -> None:
    one = scope({}, mail_url="smtp+starttls://x:y@smtp.postmarkapp.com:587")
    assert lines(spf.look(one)) == [
        "ok     SPF: smtp.postmarkapp.com puts in an envelope sender of its own, and SPF is about that one"
    ]
    (line,) = lines(spf.look(replace(one, settings=replace(one.settings, envelope_from="verp"))))
    assert line.startswith("wrong  SPF: in.example.com has no policy")


def test_a_machine_that_sends_itself_has_to_be_named() -> None:
    own = scope(mail_url="smtp://127.0.0.1", own="198.51.100.7")
    public = replace(own, own_address=lambda: "9.9.9.9")
    assert lines(spf.look(public))[0].endswith("does not let 9.9.9.9 send. Add ip4:9.9.9.9 to it.")
    assert lines(spf.look(own)) == ["ok     SPF: example.com has a policy"]  # behind a router nobody knows


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (None, "wrong  DKIM: there is no key"),
        ("v=DKIM1; p=", "wrong  DKIM: the key at s1._domainkey.example.com is withdrawn"),
        ("v=DKIM1; k=rsa; p=ABCD", "wrong  DKIM: the record at s1._domainkey.example.com cannot be used"),
        ("v=DKIM1; k=rsa; p=???", "wrong  DKIM: the record at s1._domainkey.example.com cannot be used"),
        (f"v=DKIM1; p={'A' * 216}", "note   DKIM: the key at s1._domainkey.example.com is short"),
        (f"v=DKIM1; k=rsa; p={'A' * 392}", "ok     DKIM: the key stands at"),
        (
            f"v=DKIM1; k=rsa; t=y; p={'A' * 392}",
            "note   DKIM: the key at s1._domainkey.example.com is marked",
        ),
        (f"v=DKIM1; k=ed25519; p={'A' * 44}", "ok     DKIM: the key stands at"),
    ],
)
def test_the_key_of_our_signature_is_looked_at(
    record: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "dkim_selector", ("s1",), raising=False)
    signed = scope({("s1._domainkey.example.com", "TXT"): (record,)} if record else {})
    object.__setattr__(signed.settings, "dkim_selector", ("s1",))
    assert lines(dkim.look(signed))[0].startswith(said)


def test_the_key_in_dns_has_to_be_the_one_that_signs(tmp_path: Path) -> None:
    pytest.importorskip("dkim")
    ours, other = (make_key(tmp_path / name, "ed25519") for name in ("ours", "other"))
    place = ("s1._domainkey.example.com", "TXT")
    signing = {"dkim_selector": ("s1",), "dkim_key": (tmp_path / "ours").read_text()}
    assert lines(dkim.look(scope({place: (ours.record,)}, **signing)))[0].startswith(
        "ok     DKIM: the key stands"
    )
    (foreign,) = lines(dkim.look(scope({place: (other.record,)}, **signing)))
    assert "does not belong to DIGEST_DKIM_KEY" in foreign
    assert foreign.endswith(f"Its TXT record has to be: {ours.record}")
    (missing,) = lines(dkim.look(scope({}, **signing)))
    assert missing.endswith(f"Add its TXT record: {ours.record}")


@pytest.mark.parametrize("half", [{"dkim_selector": ("s1",)}, {"dkim_key": "no key"}])
def test_half_of_the_signing_is_told_wherever_mail_goes(half: dict[str, object]) -> None:
    (line,) = lines(dkim.settings(scope({}, mail_url="maildir:out", **half)))
    assert line.startswith("wrong  DKIM: DIGEST_DKIM_SELECTOR and DIGEST_DKIM_KEY belong together.")


@pytest.mark.parametrize(
    "texts", [(), ("v=DMARC2; p=none",), ("p=none",), ("v=DMARC1; p=none", "v=DMARC1; p=reject")]
)
def test_a_record_that_is_none_is_told_with_one_to_put_there(texts: tuple[str, ...]) -> None:
    (line,) = lines(dmarc.look(scope({("_dmarc.example.com", "TXT"): texts})))
    assert line.startswith("wrong  DMARC: example.com has no record")
    assert line.endswith("_dmarc.example.com: v=DMARC1; p=none; rua=mailto:postmaster@example.com")


def test_a_policy_in_test_mode_is_told() -> None:
    zone = {("_dmarc.example.com", "TXT"): ("v=DMARC1; p=reject; t=y",)}
    assert "is reject, in test mode" in lines(dmarc.look(scope(zone)))[0]


def test_an_envelope_that_does_not_fit_is_told() -> None:
    assert len(lines(dmarc.look(scope(envelope_from="verp")))) == 1  # the same organisation, relaxed
    strict = GOOD | {("_dmarc.example.com", "TXT"): ("v=DMARC1; p=reject; aspf=s",)}
    for odd in (scope(strict, envelope_from="verp"), scope(envelope_from="fixed:b@provider.example")):
        assert "by its DKIM signature alone" in lines(dmarc.look(odd))[1]


@pytest.mark.parametrize(
    ("zone", "own", "said"),
    [
        ({}, "9.9.9.9", "wrong  PTR: 9.9.9.9 has no name"),
        (
            {("9.9.9.9", "PTR"): ("mail.example.com",)},
            "9.9.9.9",
            "wrong  PTR: 9.9.9.9 is called mail.example.com, but",
        ),
        (
            {("9.9.9.9", "PTR"): ("mail.example.com",), ("mail.example.com", "A"): ("9.9.9.9",)},
            "9.9.9.9",
            "ok     PTR: 9.9.9.9 is mail.example.com, both ways",
        ),
        ({}, "10.0.0.4", "note   PTR: this machine goes out by another address"),
        ({}, None, "note   PTR: this machine goes out by another address"),
    ],
)
def test_the_name_of_a_machine_that_sends_itself_is_looked_at(zone: Zone, own: str | None, said: str) -> None:
    (line,) = lines(pointer.look(scope(zone, own, mail_url="smtp://127.0.0.1")))
    assert line.startswith(said)
    assert lines(pointer.look(scope(zone, own))) == []


RECORDS = [
    "in.example.com. 60 IN MX 20 mx2.example.com.",
    'example.com. 60 IN TXT "v=spf1 " "ip4:192.0.2.0/24 -all"',
    '_dmarc.example.com. 60 IN TXT "v=DMARC1; p=quarantine"',
    "mx2.example.com. 60 IN A 192.0.2.11",
    "mail.example.com. 60 IN A 192.0.2.25",
    "null.example.com. 60 IN MX 0 .",
    "7.100.51.198.in-addr.arpa. 60 IN PTR mail.example.com.",
]


def test_a_real_name_server_is_asked_and_understood() -> None:
    with name_server(RECORDS) as server:
        names = DnsNames(server)
        assert [line.split(":")[0] for line in lines(by_dns(replace(scope(), names=names)))] == [
            "ok     MX",
            "ok     SPF",
            "note   DKIM",
            "ok     DMARC",
        ]
        assert names.exchangers("null.example.com") == ("",)
        assert names.pointers("198.51.100.7") == ("mail.example.com",)
        assert names.texts("nothing.example.com") == ()


def test_a_name_server_that_never_answers_is_given_up_soon_and_once() -> None:
    started = time.monotonic()
    with name_server([], mute=True) as server:
        names = DnsNames(server, patience=0.3)
        (line,) = lines(by_dns(replace(scope(), names=names)))
        with pytest.raises(Unanswered):
            names.texts("example.com")
    assert line.startswith("note   DNS: no name server answers here")
    assert time.monotonic() - started < 2
