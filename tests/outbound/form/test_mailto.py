"""How a mail is begun by a link (RFC 6068)."""

from __future__ import annotations

from urllib.parse import unquote

from digest.outbound.form.mailto import mailto


def test_spaces_and_line_ends_are_written_so_that_every_client_reads_them() -> None:
    url = mailto("digest+r-abc@example.org", subject="Crew: help 14", body="one\ntwo")
    assert url == "mailto:digest+r-abc@example.org?subject=Crew%3A%20help%2014&body=one%0D%0Atwo"


def test_what_parts_the_fields_is_encoded_within_them() -> None:
    url = mailto("a@b", subject="R&D = 50% + Ä? #1 [x]", body="")
    assert url.count("?") == 1
    assert "&" not in url
    assert "+" not in url
    assert unquote(url.partition("subject=")[2]) == "R&D = 50% + Ä? #1 [x]"
    assert url.isascii()


def test_an_address_that_holds_what_parts_a_link_is_encoded() -> None:
    assert mailto("a&b%c?d@example.org", subject="x").startswith("mailto:a%26b%25c%3Fd@example.org?")
