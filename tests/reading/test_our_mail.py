"""A mail of ours is read by its form alone, and says then what a parser finds in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.errors import Unreadable
from digest.outbound.compose import compose
from digest.outbound.examples import EXAMPLES
from digest.reading.mime import our_mail
from digest.reading.mime.message import parse
from digest.reading.mime.our_mail import parse_ours
from digest.reading.visible.html_text import html_lines
from digest.reading.written.sent_text import heading_of, line_words, sent_text
from tests.outbound.given import EVERY_MAIL, example_mail

SIGNATURE = b"DKIM-Signature: v=1; d=example.org;\r\n h=From:Reply-To:To;\r\n b=AAAA\r\n"
NAMES = (
    "Group 0",
    "Verpackung, Süd",
    '"Quotes" <and> signs',
    "包装小组",
    "Ü" * 60,
    "a@b.example",
    "G. 1: x; y",
)


@pytest.fixture
def no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(raw: bytes) -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr(our_mail, "parse", refuse)


@pytest.mark.usefixtures("no_parser")
@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_every_mail_says_what_a_parser_finds_in_it(name: str, locale: str) -> None:
    raw = example_mail(name, locale).raw
    assert parse_ours(raw) == our_mail.our_mail(parse(raw))
    assert sent_text(parse_ours(raw)) == sent_text(raw)


@pytest.mark.usefixtures("no_parser")
@pytest.mark.parametrize("name", NAMES)
def test_whatever_its_group_is_called(name: str) -> None:
    example = EXAMPLES["prompt_first"]("de")
    raw = compose(replace(example.frame, group_name=name, from_name=name), example.facts).raw
    assert parse_ours(raw) == our_mail.our_mail(parse(raw))
    assert parse_ours(raw).names


@pytest.mark.usefixtures("no_parser")
def test_a_signed_one_too() -> None:
    raw = SIGNATURE + example_mail("digest", "de").raw
    assert parse_ours(raw) == our_mail.our_mail(parse(raw))


def test_one_of_another_form_is_parsed() -> None:
    raw = b"From: Packaging group <G@example.org>\r\nReply-To: <r-abc@example.net>\r\n\r\nHello.\r\n"
    assert parse_ours(raw) == our_mail.OurMail(
        "Hello.\n", None, ("g@example.org", "packaging group", "r-abc@example.net")
    )
    with pytest.raises(Unreadable):
        parse_ours(b"")


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_all_that_our_page_shows_is_known_again(name: str, locale: str) -> None:
    mail = parse_ours(example_mail(name, locale).raw)
    sent = sent_text(mail)
    shown = [line.text for line in html_lines(mail.html or "")]
    words = [line_words(line) for line in shown]
    flow = [word for line in words for word in line]
    assert all(tuple(flow[at : at + 4]) in sent.runs for at in range(len(flow) - 3))
    assert {line for line in words if 0 < len(line) < 20} <= sent.lines  # longer ones are known by their runs
    headings = [line for line in shown if line.endswith("?") and len(line.split()) < 10]
    assert all(heading_of(line, sent) == line.strip() for line in headings)
