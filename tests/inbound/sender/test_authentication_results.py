"""What a trusted server found out about a sender is read from its own field, and from nobody else's."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from digest.inbound.sender.authentication_results import dmarc_found
from digest.inbound.sender.verdict import SenderCheck

HEAD = b"Received: from x\r\n%sFrom: mira@firm.example\r\nSubject: hello\r\n\r\nTried: it\r\n"
FAILED = "mx.example.org; spf=pass smtp.mailfrom=x@y.example; dmarc=fail (p=reject) header.from=firm.example"


def raw(*fields: str) -> bytes:
    return HEAD % b"".join(f"Authentication-Results: {field}\r\n".encode() for field in fields)


def doubts(*fields: str, author: str = "mira@firm.example", verdicts: dict[str, str] | None = None) -> bool:
    return SenderCheck("mx.example.org").doubts(raw(*fields), author, verdicts or {})


@pytest.mark.parametrize(
    ("field", "forged"),
    [
        (FAILED, True),
        ("mx.example.org 1; dmarc=fail header.from=firm.example", True),
        ("MX.Example.ORG;\r\n\tdkim=none;\r\n\tDMARC = Fail (P=Quarantine) header.from=Firm.Example", True),
        ("mx.example.org; dmarc/1=fail policy.dmarc=quarantine", True),
        ("mx.example.org; dmarc=fail action=oreject header.from=firm.example", True),
        ("mx.example.org; dkim=pass; dmarc=pass; dmarc=fail", True),
        ("mx.example.org; dmarc=fail (p=none dis=none) header.from=firm.example", False),
        ("mx.example.org; dmarc=fail action=none header.from=firm.example", False),
        ("mx.example.org; dmarc=fail policy.dmarc=none", False),
        ("mx.example.org; dmarc=fail header.from=other.example", False),
        ("mx.example.org; dmarc=pass header.from=firm.example", False),
        ("mx.example.org; dmarc=temperror", False),
        ("mx.example.org; spf=fail; dkim=fail", False),
        ("mx.example.org; none", False),
        ("mx.example.org", False),
        ("", False),
    ],
)
def test_a_failure_counts_where_the_domain_asks_for_it(field: str, forged: bool) -> None:
    assert doubts(field) is forged


@pytest.mark.parametrize(
    "field",
    [
        'mx.example.org; spf=pass smtp.mailfrom="a; dmarc=fail header.from=firm.example"@evil.example; dmarc=pass',
        "mx.example.org; spf=pass (a; dmarc=fail (nested) ) smtp.mailfrom=x; dmarc=pass",
        'mx.example.org; dkim=fail reason="dmarc=fail; dmarc=fail"; dmarc=pass',
        "mx.example.org; dkim=pass (\\); dmarc=fail) ; dmarc=pass",
    ],
)
def test_words_in_quotations_and_comments_are_no_results(field: str) -> None:
    assert dmarc_found(raw(field), "mx.example.org")["dmarc"] == "pass"


@pytest.mark.parametrize("field", ['mx.example.org; dmarc=fail "', "mx.example.org; dmarc=fail ("])
def test_a_field_that_does_not_end_says_nothing(field: str) -> None:
    assert dmarc_found(raw(field), "mx.example.org") == {}


def test_only_the_topmost_field_of_the_trusted_server_counts() -> None:
    passed = "mx.example.org; dmarc=pass header.from=firm.example"
    assert doubts(FAILED, passed)
    assert not doubts(passed, FAILED)
    assert not doubts(FAILED.replace("mx.example.org", "mx.evil.example"))
    assert doubts("mx.evil.example; dmarc=pass header.from=firm.example", FAILED)
    assert not doubts(FAILED.replace("mx.example.org", "mx.example.org.evil.example"))


def test_a_field_in_the_body_or_without_a_trusted_name_says_nothing() -> None:
    forged = HEAD % b"" + f"Authentication-Results: {FAILED}\r\n".encode()
    assert not SenderCheck("mx.example.org").doubts(forged, "mira@firm.example", {})
    assert not SenderCheck().doubts(raw(FAILED), "mira@firm.example", {})


def test_the_verdict_of_the_door_goes_before_any_field() -> None:
    assert not doubts(FAILED, verdicts={"dmarc": "pass"})
    assert doubts(verdicts={"dmarc": "FAIL", "policy.dmarc": "reject"})
    assert not doubts(verdicts={"dmarc": "fail", "policy.dmarc": "NONE"})
    assert not doubts(verdicts={"spf": "fail", "dkim": "fail"})


def test_a_huge_field_says_nothing_and_costs_little() -> None:
    assert dmarc_found(raw("mx.example.org; dmarc=fail" + " (" * 500_000), "mx.example.org") == {}


@given(st.lists(st.sampled_from(['"', "\\", "(", ")", ";", "=", " ", "dmarc", "fail", "pass", "a", "\r\n "])))
def test_nothing_that_a_sender_may_put_inside_makes_it_fail_to_read(pieces: list[str]) -> None:
    found = dmarc_found(raw("mx.example.org; " + "".join(pieces)), "mx.example.org")
    assert set(found) <= {"dmarc", "policy.dmarc", "header.from"}


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_a_fault(some: bytes) -> None:
    dmarc_found(b"Authentication-Results: mx.example.org; " + some, "mx.example.org")
    dmarc_found(some, "mx.example.org")
