"""What we sent is known word by word: however a client quotes it, it is not the person's."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from digest.reading.mime.message import parse
from digest.reading.visible.visible_text import see
from digest.reading.written.reply_text import ReplyText, cut, sent_text

PROMPT = """Hello Mira,
we are getting ready for the new packaging rules by 1 July. What was this week like? One line is plenty.

1. What did you try?
2. What did not work?
3. What would you like to ask the others?

Just reply, in your language, in any order.

Jonas begins: "I asked for a cardboard sample. It came in the wrong size, twice. Who decides on sizes here?"
"""
HEAD = "Von: Packaging group <r-abc@in.example.net>\nGesendet: Dienstag, 7. April 2026 09:00\nAn: M\nBetreff: W\n"
HEADINGS = ("1. What did you try?", "2. What did not work?", "3. What would you like to ask the others?")


def reply_to_prompt(body: str) -> ReplyText:
    raw = b"From: mira@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body.encode()
    return cut(see(parse(raw)), sent_text(PROMPT), ("r-abc@in.example.net",))


def wrapped(text: str, width: int) -> str:
    words, lines, line = text.split(), list[str](), ""
    for word in words:
        if len(line) + len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def test_history_without_any_introduction_is_known_by_its_words() -> None:
    assert reply_to_prompt("A new glue.\n\n" + PROMPT).reply == "A new glue."
    assert reply_to_prompt(PROMPT + "\nA new glue.\n").reply == "A new glue."


@pytest.mark.parametrize("width", [20, 35, 60, 200])
def test_history_is_known_however_it_was_wrapped(width: int) -> None:
    assert reply_to_prompt("A new glue.\n\n" + wrapped(PROMPT, width)).reply == "A new glue."


def test_answers_below_our_headings_are_found_in_history_without_marks() -> None:
    body = HEAD + "\n" + PROMPT
    for heading, answer in zip(HEADINGS, ("A new glue.", "It froze.", "Which glue holds?"), strict=True):
        body = body.replace(heading, f"{heading}\n{answer}\n")
    reply = reply_to_prompt("Hi, see below.\n\n" + body)
    assert [(block.heading, block.text, block.doubtful) for block in reply.blocks] == [
        (None, "Hi, see below.", False),
        (HEADINGS[0], "A new glue.", False),
        (HEADINGS[1], "It froze.", False),
        (HEADINGS[2], "Which glue holds?", False),
    ]


def test_an_answer_on_the_line_of_its_heading_is_parted_from_it() -> None:
    reply = reply_to_prompt("1. What did you try? A new glue.\nWhat did not work: it froze.\n")
    assert [(block.heading, block.text) for block in reply.blocks] == [
        (HEADINGS[0], "A new glue."),
        (HEADINGS[1], "it froze."),
    ]


def test_answers_typed_into_a_marked_quotation_are_found() -> None:
    body = "".join(f"> {line}\n" for line in PROMPT.splitlines()).replace(
        f"> {HEADINGS[1]}", f"> {HEADINGS[1]}\n> It froze."
    )
    reply = reply_to_prompt(body)
    assert [(block.heading, block.text, block.doubtful) for block in reply.blocks] == [
        (HEADINGS[1], "It froze.", False)
    ]


def test_what_a_gateway_put_into_the_history_is_in_doubt() -> None:
    body = (
        f"A new glue.\n\n{HEAD}\n[This mail came from outside]\n\n{PROMPT}\nScanned by nobody at all today\n"
    )
    reply = reply_to_prompt(body)
    assert reply.blocks[0].text == "A new glue."
    assert all(block.doubtful for block in reply.blocks[1:])


def test_words_that_only_resemble_ours_are_kept() -> None:
    for words in (
        "What was this week like? Bad.",
        "Who decides on sizes here is what I ask too.",
        "1. Try",
        "Hello Mira",
    ):
        assert words in reply_to_prompt(words + "\n").reply


def test_our_address_in_an_attribution_gives_it_away_in_any_language() -> None:
    reply = reply_to_prompt(
        "A new glue.\n\nXyz qwe rtz 07.04.2026 09:00 r-abc@in.example.net asd fgh\n\nforeign words\n"
    )
    assert reply.reply == "A new glue."


def test_our_name_in_a_sentence_does_not_make_it_an_attribution() -> None:
    typed = "On 7 April 2026 at 10:30 the packaging group from Ulm came by:\n\nthey want other labels."
    raw = b"From: mira@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + typed.encode()
    assert cut(see(parse(raw)), sent_text(PROMPT), ("packaging group", "r-abc@in.example.net")).reply == typed


def mail_of_ours(text: str, page: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Packaging group <r-abc@in.example.net>"
    mail.set_content(text)
    mail.add_alternative(page, subtype="html")
    return mail.as_bytes()


def test_links_of_ours_are_no_words_of_the_person_even_wrapped_by_a_gateway() -> None:
    sent = sent_text(
        mail_of_ours(
            "Help: https://digest.example/help/abc", "<a href='https://digest.example/help/abc'>Help</a>"
        )
    )
    gateway = "https://eur01.safelinks.example/?url=https%3A%2F%2Fdigest.example%2Fhelp%2Fabc&data=1"
    body = f"See https://glue.example/a\n\nhttps://digest.example/help/abc\n\n<{gateway}>\n"
    raw = b"From: mira@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body.encode()
    assert cut(see(parse(raw)), sent).reply == "See https://glue.example/a"


def test_what_our_page_hides_is_ours_when_a_client_shows_it() -> None:
    page = "<div style='display:none'>A few short questions&#847;&zwnj;&nbsp;</div><h2>What did you try?</h2>"
    sent = sent_text(mail_of_ours("What did you try?", page))
    body = "A new glue.\n\nA few short questions\u034f\u200c\xa0\u034f\u200c\n\u034f\u200c\xa0\n\nWhat did you try?\n"
    raw = b"From: mira@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body.encode()
    assert cut(see(parse(raw)), sent).reply == "A new glue."
