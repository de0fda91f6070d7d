"""Words that look like a client's, a quotation's or a signature's and are the person's own: all of them are
kept."""

from __future__ import annotations

import pytest

from digest.reading.mime.message import parse
from digest.reading.visible.visible_text import see
from digest.reading.written.reply_text import cut
from tests.reading.typed_words import TYPED

QUOTED = "\n\nOn Tue, Apr 7, 2026 at 9:00 AM Jonas <r-abc@in.example.net> wrote:\n\n> What did you try?\n> Answer.\n"


def reply(body: str) -> str:
    raw = b"From: mira@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body.encode()
    return cut(see(parse(raw))).reply


@pytest.mark.parametrize("typed", TYPED)
def test_what_a_person_typed_is_kept_alone_and_above_a_quotation(typed: str) -> None:
    assert reply(typed + "\n") == typed
    assert reply(typed + QUOTED) == typed


@pytest.mark.parametrize("typed", TYPED)
def test_what_a_person_typed_is_kept_below_a_quotation(typed: str) -> None:
    assert reply("Mira wrote:\n> What did you try?\n> Answer.\n\n" + typed + "\n") == typed


@pytest.mark.parametrize(
    "answer",
    [
        "Tuesday 7 April 10:30, Ben came",
        "Dienstag, 7. April, 10:30 Ben war da",
        "Ben said on 7.4.2026 at 10:30 no",
        "Ask ben@example.org until 7 April",
        "Call ben@example.org at 10:30 on 7 April 2026",
        "sales@glue.example wrote two weeks",
        "7.4.2026 10:30 in Ulm",
        "Ben, 7 April",
        "glue B (see 7.4.2026)",
    ],
)
def test_a_short_answer_with_a_date_between_two_quoted_questions_is_kept(answer: str) -> None:
    assert reply(f"> When?\n\n{answer}\n\n> And then?\n\nNothing.\n") == f"{answer}\n\nNothing."
