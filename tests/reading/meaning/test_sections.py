"""What a person wrote lands under tried, did not work and question, whole, and nothing else with it."""

from __future__ import annotations

import pytest

from digest.reading.meaning.entry.sections import Sections, sections_of
from digest.reading.wording.lexicon import lexicons
from digest.reading.written.reply_blocks import Block

ENGLISH = lexicons(["en"])
GERMAN = lexicons(["de", "en"])


def english(text: str) -> Sections:
    return sections_of([Block("words", text)], ENGLISH)


def german(text: str) -> Sections:
    return sections_of([Block("words", text)], GERMAN)


@pytest.mark.parametrize(
    "text",
    [
        "Tried: new foil\nDid not work: it tore\nQuestion: who sells thicker foil?",
        "tried - new foil\ndidnt work - it tore\nquestion - who sells thicker foil?",
        "**Tried**\nnew foil\n\n**What went wrong**\nit tore\n\n**My question**\nwho sells thicker foil?",
        "Question: who sells thicker foil?\nDid not work: it tore\nTried: new foil",
        "What I tried this week: new foil\nWhat did not work: it tore\nQuestion for the group: who sells thicker foil?",
        "Treid: new foil\nDid not wrok: it tore\nQuesiton: who sells thicker foil?",
        "Tried: new foil; Failed: it tore; Question: who sells thicker foil?",
        "1. new foil\n2. it tore\n3. who sells thicker foil?",
        "1) new foil\n\n2) it tore\n\n3) who sells thicker foil?",
        "(1) new foil (2) it tore (3) who sells thicker foil?",
        "1 - new foil\n2 - it tore\n3 - who sells thicker foil?",
        "a) new foil\nb) it tore\nc) who sells thicker foil?",
        "1️⃣ new foil\n2️⃣ it tore\n3️⃣ who sells thicker foil?",
        "1. Tried: new foil\n2. Did not work: it tore\n3. Question: who sells thicker foil?",
        "To 1: new foil\nTo 2: it tore\nTo 3: who sells thicker foil?",
        "First: new foil\nSecond: it tore\nThird: who sells thicker foil?",
        "✅ new foil\n❌ it tore\n❓ who sells thicker foil?",
        "+ new foil\n- it tore\n? who sells thicker foil?",
        "T: new foil\nF: it tore\nQ: who sells thicker foil?",
        "/Tried/ new foil\n/Failed/ it tore\n/Question/ who sells thicker foil?",
        "Tried\tnew foil\nFailed\tit tore\nQuestion\twho sells thicker foil?",
        "Tried\tDid not work\tQuestion\nnew foil\tit tore\twho sells thicker foil?",
        "Tried: new foil\n---\nFailed: it tore\n---\nQuestion: who sells thicker foil?",
        "Tried\n=====\nnew foil\n\nFailed\n======\nit tore\n\nQuestion\n========\nwho sells thicker foil?",
        "what i had a go at:\nnew foil\nwhat bombed:\nit tore\nmy question:\nwho sells thicker foil?",
        "Tried: new foil\nFailed: it tore\n\nwho sells thicker foil?",
    ],
)
def test_labels_and_numbers_in_any_order_and_typography_name_the_parts(text: str) -> None:
    assert english(text) == Sections("new foil", "it tore", ("who sells thicker foil?",))


def test_what_stands_under_our_quoted_heading_is_that_part() -> None:
    blocks = [
        Block("words", "new foil", under=("1. What did you try?",)),
        Block("words", "it tore\n\nand again", heading="2. What did not work?"),
        Block("words", "who sells thicker foil", under=("", "3. What would you like to ask the others?")),
    ]
    assert sections_of(blocks, ENGLISH) == Sections(
        "new foil", "it tore\n\nand again", ("who sells thicker foil",)
    )


def test_unlabelled_paragraphs_are_read_in_the_order_that_was_asked_for() -> None:
    found = english("New foil from Acme.\n\nIt tears at the seam.\n\nDoes anyone know a thicker one?")
    assert found == Sections(
        "New foil from Acme.", "It tears at the seam.", ("Does anyone know a thicker one?",)
    )


def test_lines_ended_by_their_writer_are_read_like_paragraphs() -> None:
    found = english("Tried new glue on 3 boxes\nDidnt work, peels off\nAny idea which glue to buy")
    assert found.failed == "Didnt work, peels off"
    assert found.questions == ("Any idea which glue to buy",)


def test_a_question_travels_apart_from_the_story_that_it_ends() -> None:
    story = "I tried to change our packaging supplier, but it costs 20 % more than my budget allows."
    assert english(f"{story} Has anyone found a way?") == Sections(
        tried=story, questions=("Has anyone found a way?",)
    )


def test_a_rhetorical_question_stays_in_its_story() -> None:
    story = "In der Kälte lösen sich die Etiketten leider. Wer hätte das gedacht? Also zurück zum Klebeband."
    found = german(f"Ich habe neuen Kleber probiert.\n\n{story}\n\nKennt jemand einen besseren?")
    assert found.failed == story
    assert found.questions == ("Kennt jemand einen besseren?",)


@pytest.mark.parametrize(
    "text",
    [
        "I tried the order form at https://shop.example/search?q=foil?",
        'We tried the new line. The supplier asked "why so late?" and left.',
        "We tried the form. See www.shop.example/search? for the old one.",
    ],
)
def test_a_question_mark_in_an_address_or_a_quotation_asks_nothing(text: str) -> None:
    assert english(text).questions == ()


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Question: which glue? And who sells it in Austria?", ("which glue?", "And who sells it in Austria?")),
        ("Questions:\n- which glue\n- who sells it?", ("which glue", "who sells it?")),
        ("Questions:\n1. which glue?\n2. who sells it?", ("which glue?", "who sells it?")),
        ("Question: which of these:\n- foil\n- tape\nis best?", ("which of these:\n- foil\n- tape\nis best?",)),
        ("Anyone know a glue?\n\nAnd who sells it?", ("Anyone know a glue?", "And who sells it?")),
    ],
)  # fmt: skip
def test_several_questions_are_told_apart(text: str, questions: tuple[str, ...]) -> None:
    assert english(text).questions == questions


@pytest.mark.parametrize(
    "text", ["Question: nothing", "Question: -", "Question: none this week", "Question:\n\nn/a"]
)
def test_a_part_that_says_nothing_is_empty(text: str) -> None:
    assert english(f"Tried: new foil\n{text}") == Sections(tried="new foil")


def test_lists_code_links_and_quote_marks_inside_a_part_are_kept_as_typed() -> None:
    typed = "- foil\n- tape\n\n    if x > 3:\n        go()\n\n> as it said\nhttps://shop.example/a?b=1&c=2"
    assert english(f"Tried:\n{typed}\n\nDid not work: all of it").tried == typed


def test_code_and_quotations_name_no_part() -> None:
    typed = "the import\n\n```\nError: no file\nProblem: line 3\n```"
    assert english(f"Tried: {typed}\n\nQuestion: which encoding do you use?").tried == typed


@pytest.mark.parametrize(
    "text",
    [
        "The scanner app logs everybody out at midnight.",
        "Stop of line 3 on Tuesday because the sensor was dirty, two hours gone.",
        "The new tape still won't stick to the waxed boxes, we lost half of Wednesday.",
    ],
)
def test_a_statement_alone_that_tells_what_is_wrong_did_not_work(text: str) -> None:
    assert english(text) == Sections(failed=text)


@pytest.mark.parametrize(
    "text", ["We weigh every pallet now.", "I moved the bins next to the benches. Works great so far!"]
)
def test_a_statement_alone_that_tells_what_somebody_did_was_tried(text: str) -> None:
    assert english(text) == Sections(tried=text)


def test_of_two_statements_the_second_did_not_work_as_was_asked_for() -> None:
    assert german("Wir haben die Kartons quer gestapelt. Die untersten sind eingedrückt.") == Sections(
        "Wir haben die Kartons quer gestapelt.", "Die untersten sind eingedrückt."
    )


def test_a_question_between_statements_is_in_one_part_only() -> None:
    found = english("We tried the foil. Has anyone a thicker one?\n\nWe tried the tape. It holds well.")
    assert found.tried == "We tried the foil.\n\nWe tried the tape. It holds well."
    assert found.questions == ("Has anyone a thicker one?",)


def test_lines_that_a_mail_program_broke_are_one() -> None:
    wrapped = "which supplier of recycled board delivers to the west of Ireland\non Saturdays?"
    assert english(f"Question: {wrapped}").questions == (wrapped,)


def test_a_line_that_only_leads_to_a_question_is_not_tried() -> None:
    found = english("Quick one from me:\n\nhow do you store opened glue overnight?")
    assert (found.tried, found.questions) == (None, ("how do you store opened glue overnight?",))


def test_a_list_of_three_things_is_not_the_three_parts() -> None:
    found = english("I tried three things:\n1. foil\n2. tape\n3. glue\n\nDoes anyone know a fourth?")
    assert found.tried == "I tried three things:\n1. foil\n2. tape\n3. glue"
    assert found.questions == ("Does anyone know a fourth?",)


def test_numbers_are_no_parts_where_the_answered_mail_numbers_questions() -> None:
    blocks = [Block("words", "3. the foil from Acme")]
    assert sections_of(blocks, ENGLISH).questions == ("the foil from Acme",)
    assert sections_of(blocks, ENGLISH, numbers=False).questions == ()


def test_words_that_may_be_somebody_elses_are_undecided() -> None:
    found = sections_of([Block("words", "Ben Miller, Sales", doubtful=True)], ENGLISH)
    assert found == Sections(undecided=("Ben Miller, Sales",))


def test_only_one_part_is_enough() -> None:
    assert english("Did not work: the scanner") == Sections(failed="the scanner")
    assert english("Which glue holds below five degrees?") == Sections(
        questions=("Which glue holds below five degrees?",)
    )
