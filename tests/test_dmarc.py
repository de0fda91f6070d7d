"""DMARC records are found by walking up from a domain, and say what holds for it."""

from __future__ import annotations

import pytest

from digest.dmarc import Texts, applied, organisation, steps


def texts(records: dict[str, str]) -> Texts:
    """Answers as DNS does where those domains have these records."""
    return lambda name: (records[name],) if (name := name.removeprefix("_dmarc.")) in records else ()


@pytest.mark.parametrize(
    ("records", "domain", "policy", "at"),
    [
        ({"example.com": "v=DMARC1; p=reject"}, "example.com", "reject", "example.com"),
        (
            {"example.com": "v=DMARC1; p=reject; sp=quarantine"},
            "mail.example.com",
            "quarantine",
            "example.com",
        ),
        ({"example.com": "v=DMARC1; p=reject"}, "mail.example.com", "reject", "example.com"),
        ({"example.com": "v=DMARC1; p=reject; np=none"}, "nowhere.example.com", "none", "example.com"),
        ({"example.com": "v=DMARC1; rua=mailto:x@example.com"}, "example.com", "none", "example.com"),
        ({"example.com": "v=DMARC1; p=perhaps"}, "example.com", "none", "example.com"),
        ({"example.com": "v=DMARC1; p=reject; pct=1"}, "example.com", "reject", "example.com"),
        (
            {"a.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=reject"},
            "a.example.com",
            "none",
            "a.example.com",
        ),
        (
            {"a.example.com": "v=DMARC1; p=reject; psd=n", "example.com": "v=DMARC1; p=none"},
            "mail.a.example.com",
            "reject",
            "a.example.com",
        ),
        ({"com": "v=DMARC1; p=reject; psd=y"}, "example.com", "reject", "com"),
    ],
)
def test_the_record_that_applies_is_found_by_walking_up(
    records: dict[str, str], domain: str, policy: str, at: str
) -> None:
    found = applied(texts(records), domain, lambda name: not name.startswith("nowhere."))
    assert found is not None
    assert (found.policy, found.record.name) == (policy, at)


def test_the_organisation_is_found_by_walking_up() -> None:
    records = {"firm.example": "v=DMARC1; p=none", "a.b.firm.example": "v=DMARC1; p=reject"}
    assert organisation(texts(records), "x.a.b.firm.example") == "firm.example"
    records["example"] = "v=DMARC1; p=reject; psd=y"
    assert organisation(texts(records), "x.other.example") == "other.example"
    records["b.firm.example"] = "v=DMARC1; p=none; psd=n"
    assert organisation(texts(records), "x.a.b.firm.example") == "b.firm.example"
    assert organisation(texts(records), "nowhere.test") == "nowhere.test"


def test_a_subdomain_follows_what_its_organisation_says_of_subdomains() -> None:
    record = texts({"firm.example": "v=DMARC1; p=reject; sp=none"})
    news, own = applied(record, "news.firm.example"), applied(record, "firm.example")
    assert news is not None
    assert own is not None
    assert (news.policy, own.policy) == ("none", "reject")


def test_a_very_long_name_is_walked_in_at_most_eight_steps() -> None:
    assert steps("a.b.c.d.e.f.g.h.i.j.example.com") == [
        "a.b.c.d.e.f.g.h.i.j.example.com",
        "f.g.h.i.j.example.com",
        "g.h.i.j.example.com",
        "h.i.j.example.com",
        "i.j.example.com",
        "j.example.com",
        "example.com",
        "com",
    ]
