"""Random tokens in addresses, signed ones in links."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, strategies as st

from digest import reply_address, signed_link, tokens
from digest.signed_link import Link

OLD, NEW = "the old secret that signed", "the new secret that signs"


def test_a_reply_address_is_read_whatever_its_case() -> None:
    token = tokens.random_token()
    address = reply_address.mint(token, domain="in.example.org", address=None)
    assert address == f"r-{token}@in.example.org"
    assert reply_address.read(address.upper()) == token
    assert len(address.partition("@")[0]) <= 64  # RFC 5321, section 4.5.3.1.1


def test_where_there_is_one_mailbox_the_token_is_its_detail() -> None:
    token = tokens.random_token()
    address = reply_address.mint(token, domain=None, address="digest@example.org")
    assert address == f"digest+r-{token}@example.org"
    assert reply_address.read(address) == token


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "mira@example.org",
        "r-short@in.example.org",
        f"b-{'a' * 26}@in.example.org",
        f"r-{'a' * 27}@x",
        "r-@x",
    ],
)
def test_an_address_without_a_token_has_none(address: str) -> None:
    assert reply_address.read(address) is None


def test_links_fit_on_a_line_of_a_mail() -> None:
    link = Link("unsubscribe", "0123456789abcdef", 12, 999)
    assert len(f"/unsubscribe/{signed_link.mint(link, [NEW])}") <= 62


def test_a_link_says_what_it_said() -> None:
    link = Link("help", "0123456789abcdef", 2, 14)
    assert signed_link.read("help", signed_link.mint(link, [NEW]), [NEW]) == link


def test_one_purpose_never_passes_for_another() -> None:
    token = signed_link.mint(Link("help", "0123456789abcdef", 0, 14), [NEW])
    assert signed_link.read("leave", token, [NEW]) is None


def test_during_rotation_what_the_old_secret_signed_still_holds() -> None:
    token = signed_link.mint(Link("undo", "0123456789abcdef", 0), [OLD])
    assert signed_link.read("undo", token, [NEW, OLD])
    assert signed_link.read("undo", token, [NEW]) is None


@given(st.text(string.printable, max_size=80))
def test_no_other_text_is_a_link(text: str) -> None:
    assert signed_link.read("help", text, [NEW]) is None


@given(st.integers(0, 60), st.sampled_from(string.ascii_letters + string.digits))
def test_a_link_with_one_changed_character_is_none(place: int, character: str) -> None:
    token = signed_link.mint(Link("help", "0123456789abcdef", 0, 14), [NEW])
    changed = token[:place] + character + token[place + 1 :]
    if changed != token and place < len(token) - 1:  # the last character holds bits that do not count
        assert signed_link.read("help", changed, [NEW]) is None
