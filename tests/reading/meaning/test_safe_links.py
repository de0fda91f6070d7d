"""Links that a gateway rewrote are as they were; what cannot be undone offline stays."""

from __future__ import annotations

import pytest

from digest.reading.meaning.preparing.safe_links import unwrapped

PLAIN = "https://example.com/tool?a=1&b=2"


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Ftool%3Fa%3D1%26b%3D2&data=05%7C01",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Ftool%3Fa%3D1%26b%3D2&amp;data=05",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.com_tool-3Fa-3D1-26b-3D2&d=DwMFaQ",
        "https://urldefense.com/v3/__https://example.com/tool?a=1&b=2__;!!AbC!xyz$",
        "https://urldefense.com/v3/__https:/example.com/tool?a=1&b=2__;!!AbC!xyz$",
        "https://linkprotect.cudasvc.com/url?a=https%3A%2F%2Fexample.com%2Ftool%3Fa%3D1%26b%3D2&c=E,1",
        "https://protect.checkpoint.com/v2/___https://example.com/tool?a=1&b=2___.YXA0",
        "https://secure-web.cisco.com/1abcDEF/https%3A%2F%2Fexample.com%2Ftool%3Fa%3D1%26b%3D2",
        "https://www.google.com/url?q=https%3A%2F%2Fexample.com%2Ftool%3Fa%3D1%26b%3D2&sa=D",
        "https://deref-gmx.net/mail/client/x/dereferrer/?redirectUrl=https%3A%2F%2Fexample.com%2Ftool%3Fa%3D1%26b%3D2",
    ],
)  # fmt: skip
def test_a_rewritten_link_is_as_it_was(wrapped: str) -> None:
    assert unwrapped(f"Look at {wrapped} please.") == f"Look at {PLAIN} please."


def test_a_link_that_went_through_two_gateways_is_unwrapped_twice() -> None:
    inner = "https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fexample.com%252F"
    assert unwrapped(f"https://eur01.safelinks.protection.outlook.com/?url={inner}") == "https://example.com/"


def test_characters_that_proofpoint_put_aside_come_back() -> None:
    assert unwrapped("https://urldefense.com/v3/__https://example.com/*a**B__;I-KApg!!x$") == (
        "https://example.com/#a…"
    )


@pytest.mark.parametrize(
    "kept",
    [
        "https://example.com/?url=https%3A%2F%2Fother.example%2F",
        "https://safelinks.protection.outlook.com.example/?url=https%3A%2F%2Fother.example%2F",
        "https://eur01.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
        "https://urldefense.com/v3/__broken",
        "https://[broken/",
        "www.example.com/search?",
    ],
)
def test_any_other_link_stays_as_typed(kept: str) -> None:
    assert unwrapped(f"See {kept} there") == f"See {kept} there"
