"""Holds that the set agrees with itself: what is expected was really typed in the message. Never runs a parser of ours."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.messages.score import BULLETS, Specimen, messages, wrong

REPLIES = tuple(messages("replies"))


def parts(raw: bytes) -> list[str]:
    """The words of each text part, white space folded, quotation marks and flowed breaks gone."""
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    found = [part for part in parsed.walk() if part.get_content_maintype() == "text"]
    return [
        words(part.get_content(), part.get_content_subtype()) for part in found if not part.is_attachment()
    ]


def words(content: str, subtype: str) -> str:
    """Folded words of a text or HTML part."""
    plain = LexborHTMLParser(content).text(separator=" ") if subtype == "html" else content
    return squeezed(plain)


def squeezed(text: str) -> str:
    """Without any white space or invisible mark: parts differ in nothing else."""
    kept = (char for char in text if not char.isspace() and char not in "\u200b\u200e\u200f\u00ad\ufeff")
    return "".join(kept)


def pieces(expected: dict[str, object]) -> list[str]:
    """The lines that are filed, bullets off, since a list of HTML has none."""
    filed = [expected["tried"], expected["failed"], *expected["questions"]]  # type: ignore[misc]
    lines = [line for section in filed if section for line in str(section).split("\n")]
    return [squeezed(line.lstrip(BULLETS)) for line in lines if line.strip()]


@pytest.mark.parametrize("each", REPLIES, ids=[each.name for each in REPLIES])
def test_what_is_filed_was_typed(each: Specimen) -> None:
    if "safe-links" in each.expected["about"]["manner"]:
        pytest.skip("the link is expected unwrapped")
    for part in parts(each.raw):
        missing = [piece for piece in pieces(each.expected) if piece not in part]
        assert not missing


@pytest.mark.parametrize("each", REPLIES, ids=[each.name for each in REPLIES])
def test_what_is_filed_stands_in_the_reply(each: Specimen) -> None:
    reply = squeezed(each.expected["reply"])
    assert not [piece for piece in pieces(each.expected) if piece not in reply]


def test_an_entry_files_something_and_nothing_else_does() -> None:
    """Corrections name their section; everything but entries and corrections files none."""
    for each in REPLIES:
        filed = bool(pieces(each.expected))
        assert filed == (each.expected["intent"] in ("entry", "correction")), each.name


def test_no_reply_holds_words_of_ours_or_of_the_client() -> None:
    """The reply address stands in every quotation and never in a reply."""
    assert not [each.name for each in REPLIES if "in.digest.example" in each.expected["reply"]]


def test_every_header_field_is_ascii() -> None:
    for each in (*REPLIES, *messages("automatic")):
        header, _, _ = each.raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        assert header.isascii(), each.name


def test_the_expected_reading_is_wholly_right_and_a_changed_key_is_not() -> None:
    for each in REPLIES:
        right = {"command": None, **each.expected}
        assert wrong(each.expected, right) == ()
        for key, other in (("intent", "unknown"), ("automatic", True), ("reply", "something else")):
            assert wrong(each.expected, {**right, key: other}) == (key,), each.name
