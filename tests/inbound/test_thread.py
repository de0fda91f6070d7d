"""Behaviour of the search for a thread: what in a header names one, and what does not."""

from __future__ import annotations

import base64

import pytest

from digest.inbound.thread import MOST_CLUES, clues

TOKEN = "abcdefghijklmnopqrstuvwxyz"
ASK = "bcdefghijklmnopqrstuvwxyz2"
OURS = "<prompt.0123456789abcdef01234567@example.org>"


@pytest.mark.parametrize(
    ("header", "tokens"),
    [
        (f"To: digest+r-{TOKEN}@example.org", [TOKEN]),
        (f"To: Group <digest+r-{TOKEN.upper()}@example.org>, ben@example.com", [TOKEN]),
        (f"Cc: r-{TOKEN}@in.example.org", [TOKEN]),
        (f"Delivered-To: digest@example.org\nTo: digest+a-{ASK}@example.org", [ASK]),
        (f"Subject: undo [#r-{TOKEN}]", [TOKEN]),
        (f"Subject: Re: AW: [#R-{TOKEN.upper()}] undo", [TOKEN]),
        (f"Subject: undo [#r-{TOKEN[:13]}", []),
        (f"Subject: undo\n [#r-{TOKEN}]", [TOKEN]),
        (f"Subject: =?utf-8?Q?Verpackung_f=C3=BCr_alle_=5B=23r-{TOKEN}=5D?=", [TOKEN]),
        (f"Subject: =?utf-8?B?{base64.b64encode(f'Grüße [#r-{TOKEN}]'.encode()).decode()}?=", [TOKEN]),
        (f"To: digest+r-{TOKEN}@example.org\nSubject: [#a-{ASK}]", [TOKEN, ASK]),
        (f"From: r-{TOKEN}@in.example.org\nSubject: r-{TOKEN}", []),
        (f"To: digest+r-{TOKEN}x@example.org", []),
        (f"To: other-r-{TOKEN}@example.org", []),
        (f"Subject: =?no-such-charset?Q?=5B=23r-{TOKEN}=5D?=", []),
        (f"Subject: =?\u00e9?Q?x?=\nTo: digest+r-{TOKEN}@example.org", [TOKEN]),
        ("", []),
    ],
)
def test_a_token_is_found_in_an_address_field_and_in_the_mark_of_a_subject(
    header: str, tokens: list[str]
) -> None:
    assert list(clues(f"{header}\n\n[#r-{TOKEN}]\n".encode()).tokens) == tokens


@pytest.mark.parametrize(
    ("header", "message_ids"),
    [
        (f"In-Reply-To: {OURS}", [OURS]),
        (f"References: <a@b> {OURS}\nIn-Reply-To: <c@d>", ["<c@d>", OURS, "<a@b>"]),
        (f"References: <a@b>\n\t{OURS}", [OURS, "<a@b>"]),
        (f"In-Reply-To: your mail of Tuesday {OURS} (Group)", [OURS]),
        (f"Message-ID: {OURS}", []),
        ("In-Reply-To: <>", []),
    ],
)
def test_the_mail_that_is_answered_comes_before_those_that_it_answered(
    header: str, message_ids: list[str]
) -> None:
    assert list(clues(f"{header}\n\nhello\n".encode()).message_ids) == message_ids


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\nnothing",
        b"\x00\xff" * 40_000,
        b"To: " + b"(" * 300_000,
        b"Subject: " + b"=?utf-8?Q?=5B?= " * 20_000,
        b"References: " + b"<a@b>" * 200_000,
        b"To: a@example.com\n" * 50_000,
    ],
)
def test_a_hostile_header_takes_no_time_and_gives_little(raw: bytes) -> None:
    found = clues(raw)
    assert len(found.tokens) + len(found.message_ids) <= 2 * MOST_CLUES
