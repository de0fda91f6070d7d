"""Behaviour of people and addresses."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from digest.database import Database
from digest.domain.groups.person import Address, canonical_address, canonical_name, find_by_address, person_at
from digest.errors import Misuse
from tests.domain.given import SUNDAY


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mira@example.com", "mira@example.com"),
        ("  Mira.Berg+test@Example.COM ", "mira.berg+test@example.com"),
        ("o'neill@mail.example.com", "o'neill@mail.example.com"),
        ("mira@bücher.example", "mira@xn--bcher-kva.example"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert canonical_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mira",
        "@example.com",
        "mira@",
        "mira@exa mple.com",
        "mira@example..com",
        "mi..ra@example.com",
        "mira@@example.com",
        "Mira <mira@example.com>",
        "mira@example.com\nbcc: all@example.com",
        "mira@example.com,ben@example.com",
        f"{'m' * 65}@example.com",
        f"mira@{'e' * 64}.com",
        f"mira@{'example.' * 40}com",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Misuse, match=r"Write it like mira@example\.com\.$"):
        canonical_address(typed)


def test_an_address_whose_local_part_few_mail_servers_take_is_refused_with_the_reason() -> None:
    with pytest.raises(Misuse, match=r"with the letters a to z alone before the @\.$"):
        canonical_address("mïra@example.com")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mira", "Mira"),
        ("  Mira   Berg ", "Mira Berg"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("Mi\u202era", "Mira"),
        ("Ana\u200b", "Ana"),
        ("Ольга", "Ольга"),
    ],
)
def test_a_name_is_kept_as_people_see_it(typed: str, kept: str) -> None:
    assert canonical_name(typed) == kept


@pytest.mark.parametrize(
    "typed", ["Mira\nBcc: all@example.com", "Mi\rra", "Mi\x00ra", "Mi\u2028ra", "Mi\tra"]
)
def test_a_name_with_a_line_break_is_refused(typed: str) -> None:
    with pytest.raises(Misuse, match="line break or a control character"):
        canonical_name(typed)


@pytest.mark.parametrize("typed", ["", "   ", "\u200b"])
def test_an_empty_name_is_refused(typed: str) -> None:
    with pytest.raises(Misuse, match="empty"):
        canonical_name(typed)


def test_a_very_long_name_is_refused() -> None:
    with pytest.raises(Misuse, match="longer than 120"):
        canonical_name("M" * 121)


def test_a_person_is_found_by_each_of_her_addresses(database: Database) -> None:
    with database.transaction() as session:
        mira = person_at(session, "mira@example.com", "Mira", "de", SUNDAY)
        mira.addresses.append(Address(addr_spec="m.berg@example.org", created_at=SUNDAY))
        session.flush()
        assert find_by_address(session, "m.berg@example.org") is mira
        assert mira.address == "mira@example.com"


def test_somebody_known_stays_the_same_person(database: Database) -> None:
    with database.transaction() as session:
        mira = person_at(session, "mira@example.com", "Mira", "de", SUNDAY)
        assert person_at(session, "mira@example.com", "Somebody else", "en", SUNDAY) is mira
        assert mira.name == "Mira"


def test_the_database_keeps_an_address_for_one_person(database: Database) -> None:
    with database.transaction() as session:
        ben = person_at(session, "ben@example.com", "Ben", None, SUNDAY)
        person_at(session, "mira@example.com", "Mira", None, SUNDAY)
        ben.addresses.append(Address(addr_spec="mira@example.com", created_at=SUNDAY))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
