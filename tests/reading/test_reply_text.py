"""From raw bytes to the newly written words: the forms in which people answer."""

from __future__ import annotations

import pytest

from digest.reading.mime.message import parse
from digest.reading.visible.visible_text import see
from digest.reading.written.reply_text import ReplyText, cut, sent_text

WORDS = "Recalibrated the label printer.\n\nLabels still peel off in the cold store."


def plain(body: str) -> ReplyText:
    return cut(
        see(
            parse(
                b"From: mira@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body.encode()
            )
        )
    )


def page(body: str) -> ReplyText:
    return cut(
        see(
            parse(b"From: mira@example.org\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body.encode())
        )
    )


def test_words_without_a_quotation_are_the_reply() -> None:
    assert plain(WORDS + "\n").reply == WORDS


@pytest.mark.parametrize(
    "introduction",
    [
        "On Tue, Apr 7, 2026 at 9:00 AM Packaging group <r-abc@in.example.net> wrote:",
        "Am 07.04.2026 um 09:00 schrieb Packaging group:",
        "Am Di., 7. Apr. 2026 um 09:00 Uhr schrieb Packaging group <\nr-abc@in.example.net>:",
        '07.04.2026, 09:00, "Packaging group" <r-abc@in.example.net>:',
        "2026年4月7日(火) 9:00 Packaging group <r-abc@in.example.net>:",
        "Sa 07.04.2026 09:00 Packaging group hevesa:",
    ],
)
def test_an_attribution_is_known_by_its_shape(introduction: str) -> None:
    quoted = "> What did you try?\n>\n> What did not work?\n"
    assert plain(f"{WORDS}\n\n{introduction}\n\n{quoted}").reply == WORDS
    assert plain(f"{introduction}\n{quoted}\n{WORDS}\n").reply == WORDS


def test_history_without_marks_is_left_out_to_the_end() -> None:
    reply = plain(
        f"{WORDS}\n\nOn Tue, Apr 7, 2026 at 9:00 AM Jonas <r-abc@in.example.net> wrote:\n\nWhat did you try?\n"
    )
    assert reply.reply == WORDS
    assert [part.kind for part in reply.left_out] == ["quote"]
    assert "What did you try?" in reply.left_out[0].text


def test_answers_between_quoted_questions_know_what_they_stand_under() -> None:
    reply = plain("> 1. What did you try?\n\nA new glue.\n\n> 2. What did not work?\n\nIt froze.\n")
    assert [(block.under, block.text) for block in reply.blocks] == [
        (("1. What did you try?",), "A new glue."),
        (("2. What did not work?",), "It froze."),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "On Monday I wrote to the supplier, and on 7.4.2026 at 10:00 he came.\n\nHe found nothing.",
        "Date: Tuesday\nTime: 10:00\nPlace: the cold store",
        "From: Berlin\nTo: Prague\nDate: Tuesday",
        "Tried\n=====\nA new glue.\n\nFailed\n======\nIt froze.",
        "- a new glue\n- an old glue\n--\n- no glue",
        "Sent from my desk, the labels went through the printer twice. Then they stuck.",
        "----- Tuesday -----\nA new glue.\n----- Wednesday -----\nAn old glue.",
        "As Ben wrote: less is more. I tried less.",
        "Best regards from the cold store. It is cold.",
        "Why: because the glue is old.\nWho: Ben?",
    ],
)
def test_what_only_looks_like_history_or_a_signature_is_kept(words: str) -> None:
    assert plain(words + "\n").reply == words


def test_greeting_and_closing_are_blocks_of_their_own_and_cards_are_left_out() -> None:
    reply = plain("Hello Jonas,\n\nA new glue.\n\nBest regards,\nMira Weber\nTechnician\n+49 30 1234567\n")
    assert [(block.kind, block.text) for block in reply.blocks] == [
        ("greeting", "Hello Jonas,"),
        ("words", "A new glue."),
        ("closing", "Best regards,\nMira Weber"),
    ]
    assert [(part.kind, part.text) for part in reply.left_out] == [
        ("signature", "Technician\n+49 30 1234567")
    ]


@pytest.mark.parametrize(
    "footer", ["Sent from my iPhone", "Von meinem iPhone gesendet", "Gesendet mit der GMX Mail App"]
)
def test_the_line_that_a_phone_adds_is_left_out(footer: str) -> None:
    assert plain(f"{WORDS}\n\n{footer}\n").reply == WORDS


def test_the_signature_below_the_delimiter_is_left_out() -> None:
    reply = plain(f"{WORDS}\n\n-- \nMira Weber\nPackaging Ltd\n")
    assert reply.reply == WORDS
    assert reply.left_out[0].kind == "signature"


def test_an_outlook_header_block_begins_the_history() -> None:
    head = "From: Packaging group <r-abc@in.example.net>\nSent: Tuesday, April 7, 2026 9:00 AM\nTo: Mira\nSubject: W"
    assert plain(f"{WORDS}\n\n{head}\n\nWhat did you try?\n").reply == WORDS


def test_the_containers_of_clients_are_quotations() -> None:
    gmail = (
        '<div dir="ltr">A new <b>glue</b>.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        'whoever, whenever<br></div><blockquote class="gmail_quote">What did you try?</blockquote></div>'
    )
    outlook = '<div>A new glue.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">foo</div><div>What?</div>'
    assert page(gmail).reply == "A new glue."
    assert page(outlook).reply == "A new glue."


def test_nothing_is_lost_without_being_named() -> None:
    reply = plain(
        f"Hi,\n\n{WORDS}\n\nCheers\nMira\n\n-- \nMira\n\nOn Tue, Apr 7, 2026, Ben wrote:\n> quoted\n"
    )
    everything = reply.reply + "".join(part.text for part in reply.left_out)
    for word in ("Hi,", "peel off", "Cheers", "Mira", "Apr 7", "quoted"):
        assert word in everything


def test_a_few_words_of_ours_typed_above_the_quotation_are_the_persons() -> None:
    sent = sent_text(
        "Good morning Ben,\n\n14. Mira asks: which glue holds?\n\nI can help with 14: https://x.example/h/1\n"
    )
    typed = "I can help with 14\n\nOn Mon, 6 Apr 2026 at 09:00, Packaging group wrote:\n> Good morning Ben,\n"
    message = parse(b"From: ben@example.com\r\nSubject: Re: x\r\n\r\n" + typed.encode())
    assert cut(see(message), sent).reply == "I can help with 14"
