"""Text and HTML that make parsers hang: each is read in linear time, and its words stay findable."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from digest.reading.mime.message import parse
from digest.reading.visible.visible_text import see
from digest.reading.written.reply_text import ReplyText, SentText, cut, sent_text

SIZE = 1_000_000
SECONDS = 4.0  # of one processor; a second on a machine that does nothing else


def repeated(piece: str) -> str:
    return piece * (SIZE // len(piece.encode()))


TEXTS = {
    "On On On": repeated("On "),
    "On, a line each": repeated("On\n"),
    "On in lines of 8 KB": repeated("On " * 2_730 + "\n"),
    "spaces": repeated(" "),
    "marks": repeated(">"),
    "marks, a line each": repeated(">\n"),
    "marks and blanks": repeated("> "),
    "quoted words": repeated("> a b c\n"),
    "blank lines": repeated("\n"),
    "blank CRLF lines": repeated("\r\n"),
    "lines of a blank": repeated(" \n"),
    "colons": repeated(":"),
    "colon lines": repeated("a:\n"),
    "labels": repeated("From: x\n"),
    "labels with addresses": repeated("Name: x@y.z\nDate: 5.1.2024 10:00\n"),
    "attributions": repeated("On Fri, Jan 5, 2024 at 10:07 AM\n"),
    "verbs": repeated("wrote:\n"),
    "hyphens": repeated("-"),
    "signature delimiters": repeated("--\n"),
    "drawn lines": repeated("_____\nx\n"),
    "digits": repeated("1"),
    "addresses": repeated("a@b.c "),
    "at signs": repeated("@"),
    "angles": repeated("<"),
    "brackets": repeated("["),
    "direction marks": repeated("\u202b"),
    "Arabic digits": repeated("في ٠٤ "),
    "Chinese": repeated("在2016年"),
    "disclaimers": repeated("This email and any attachments\n\n"),
    "mobile footers": repeated("Sent from my iPhone\n"),
    "closings": repeated("Best regards\n"),
    "phone numbers": repeated("+49 123 456 789 0\n"),
}
PAGES = {
    "20,000 nested divs": "<div>" * 20_000 + "words" + "</div>" * 20_000,
    "90,000 nested divs": "<div>" * 90_000 + "words" + "</div>" * 90_000,
    "divs that never end": repeated("<div>") + "words",
    "nested quotations": "words<blockquote>" + "<blockquote>" * 40_000,
    "half-open tags": "words " + repeated("<div "),
    "half-open links": "words " + repeated('<a href="'),
    "tags in a tag": "words " + repeated("<div <p ") + ">",
    "less-than signs": repeated("<") + " words",
    "ampersands": repeated("&") + " words",
    "breaks": "words" + repeated("<br>"),
    "paragraphs": repeated("<p>") + "words",
    "nested tables": "<table><tr><td>" * 20_000 + "words" + "</td></tr></table>" * 20_000,
    "nested lists": repeated("<ul><li>") + "words",
    "formatting": repeated("<b><i></b></i>") + "words",
    "attributes": "<div " + " ".join(f"a{number}=b" for number in range(80_000)) + ">words</div>",
    "comments": "words " + repeated("<!--"),
    "Gmail quotations": "words" + repeated('<div class="gmail_quote">'),
    "addresses as tags": repeated("<a@b.c>") + "words",
    "one long line": repeated("word ") + "words",
}


def read(kind: str, body: str, *, prompt: str | None = None) -> tuple[ReplyText, float]:
    raw = (
        b"From: a@example.org\r\nContent-Type: " + kind.encode() + b"; charset=utf-8\r\n\r\n" + body.encode()
    )
    sent = sent_text(prompt) if prompt is not None else None
    reply, seconds = _timed(raw, sent)
    for _ in range(2):  # a busy machine must not fail a test
        seconds = seconds if seconds < SECONDS / 2 else min(seconds, _timed(raw, sent)[1])
    return reply, seconds


def _timed(raw: bytes, sent: SentText | None) -> tuple[ReplyText, float]:
    start = time.process_time()
    reply = cut(see(parse(raw)), sent)
    return reply, time.process_time() - start


@pytest.fixture(autouse=True, scope="module")
def _words_are_loaded() -> Iterator[None]:
    read(
        "text/plain",
        "On Fri, Jan 5, 2024 at 10:07 AM Ben <b@c.de> wrote:\n> a\n\nSent from my iPhone\n\nBest regards\nBen",
    )
    gc.collect()
    gc.freeze()  # what other tests left behind is no part of the time
    yield
    gc.unfreeze()


@pytest.mark.parametrize("name", TEXTS)
def test_a_megabyte_of_text_does_not_take_for_ever(name: str) -> None:
    _, seconds = read("text/plain", TEXTS[name])
    assert seconds < SECONDS


@pytest.mark.parametrize("name", PAGES)
def test_a_megabyte_of_html_does_not_take_for_ever_and_keeps_its_words(name: str) -> None:
    reply, seconds = read("text/html", PAGES[name])
    assert seconds < SECONDS
    assert "words" in reply.reply + "".join(part.text for part in reply.left_out)


@pytest.mark.parametrize(
    "make", [lambda: repeated("what did you try "), lambda: repeated("What did you try?\n")]
)
def test_the_search_for_what_we_sent_is_linear_too(make: Callable[[], str]) -> None:
    _, seconds = read("text/plain", make(), prompt="1. What did you try?\n2. What did not work?\n" * 50)
    assert seconds < 2 * SECONDS


def test_words_amid_hostile_text_are_found() -> None:
    body = "A new glue.\n" + "\n" * 100_000 + "It froze.\n\n" + "> quoted\n" * 50_000
    assert read("text/plain", body)[0].reply.split() == ["A", "new", "glue.", "It", "froze."]


def test_deep_nesting_does_not_hide_what_follows() -> None:
    reply, _ = read("text/html", "first" + "<div>" * 5_000 + "deep" + "</div>" * 5_000 + "<p>last</p>")
    assert reply.reply.split() == ["first", "deep", "last"]
