"""Monday's digest: what stands in it, in which order, and how it stays within what mail programs show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from digest.outbound.compose import digest
from digest.outbound.examples import EXAMPLES
from digest.outbound.examples.example import MONDAY
from digest.outbound.facts import AnswerShown, DigestFacts, EntryShown, Passage, SolvedQuestion
from tests.outbound.given import crowded_digest, example_mail, monday_frame, open_question

LIMIT = 80_000  # octets of HTML


def text_of(*questions: object, **other: object) -> str:
    return digest(monday_frame(), DigestFacts(questions=questions, **other)).text_body  # type: ignore[arg-type]


def test_first_the_open_questions_then_what_was_tried_then_what_was_solved() -> None:
    text = example_mail("digest", "en").text_body
    order = [
        "11. Somebody asks",
        "14. Mira asks",
        "15. You ask",
        "What else was tried",
        "Solved",
        "Please keep this",
    ]
    assert sorted(order, key=text.index) == order


def test_a_question_comes_with_its_story_its_waiting_time_and_its_way_to_help() -> None:
    text = example_mail("digest", "en").text_body
    card = text[text.index("14. Mira") : text.index("15. You")]
    assert card.split("\n")[:7] == [
        "14. Mira asks, since Tuesday: which glue holds below five degrees?",
        "Tried: recalibrating the label printer.",
        "Did not work: labels still peel off in the cold store.",
        "Carla says: ours is rated to minus ten, I am asking for the name.",
        "Anything to add?",
        "I can help with 14: https://digest.example/help/example-14",
        "Or reply “14: your idea”.",
    ]


def test_a_link_says_which_question_it_is_for() -> None:
    words = [a.text() for a in LexborHTMLParser(example_mail("digest", "en").html_body).css("a.button-link")]
    assert words[1] == "I can help with 14: which glue holds below five degrees?"
    assert len(set(words)) == len(words)


def test_one_s_own_question_is_yours_and_has_no_link() -> None:
    text = text_of(open_question(9, asker_name="Ben", own=True))
    assert "9. You ask, for 15 days: which glue" in text
    assert "Yours, still open." in text
    assert "I can help" not in text
    assert "your idea" not in text
    assert "Your question is still open" in text


def test_who_asked_without_a_name_is_somebody() -> None:
    assert "9. Somebody asks, for 15 days: which glue" in text_of(open_question(9, asker_name=None))


def test_helpers_who_have_not_answered_are_named_with_care() -> None:
    answers = (AnswerShown(name="Carla", text="ours."), AnswerShown(name=None, text="mine."))
    text = text_of(open_question(9, helper_names=("Carla", "Emil"), answers=answers))
    assert "Carla says: ours.\nSomebody says: mine.\nEmil may be able to help. Anything to add?\n" in text


def test_without_a_web_address_the_reply_is_the_way_to_help() -> None:
    question = open_question(9, help_url=None, whole_url=None)
    text = digest(
        replace(monday_frame(), base_url=None, leave_url=None), DigestFacts(questions=(question,))
    ).text_body
    assert "Can you help? Reply “9: your idea”. A first thought is enough." in text


def test_the_subject_counts_what_is_open_and_solved() -> None:
    solved = SolvedQuestion(number=3, text="which carton?")
    subjects = [
        digest(monday_frame(), facts).subject.partition(": ")[2]
        for facts in (
            DigestFacts(questions=(open_question(9),), solved=(solved,)),
            DigestFacts(questions=(open_question(9), open_question(8))),
            DigestFacts(solved=(solved, solved)),
            DigestFacts(entries=(EntryShown(name="Emil", passages=(Passage(key="tried", text="foil"),)),)),
        )
    ]
    assert subjects == ["1 open question, 1 solved", "2 open questions", "2 solved", "what was tried"]


def test_in_a_round_with_an_unnamed_reply_no_entry_has_a_name() -> None:
    entries = (
        EntryShown(
            name=None, passages=(Passage(key="tried", text="foil"), Passage(key="meaning", text="less"))
        ),
    )
    text = text_of(entries=entries)
    assert "What else was tried\n\nTried: foil\nWhat it means for us: less\n" in text


def test_what_was_solved_thanks_and_tells_what_is_taken_away() -> None:
    solved = SolvedQuestion(
        number=12,
        text="which carton?",
        helper_names=("Emil", "Carla"),
        asker_name=None,
        takeaway="ask the warehouse.",
    )
    assert "12. which carton?\nThank you, Emil and Carla.\nTaken away: ask the warehouse.\n" in text_of(
        solved=(solved,)
    )


def test_a_digest_in_the_evening_wishes_no_good_morning() -> None:
    late = replace(monday_frame(), date=MONDAY + timedelta(hours=9))
    assert digest(late, DigestFacts(questions=(open_question(9),))).text_body.startswith("Hello Ben,")


# Its size


def test_forty_questions_of_2000_characters_stay_under_80_kb() -> None:
    text = "We tried the second supplier, and the glue still does not hold. " * 31
    mail = digest(monday_frame(), crowded_digest(text[:2000]))
    assert len(mail.html_body.encode()) < LIMIT


@pytest.mark.parametrize("sign", ["<", "&", '"', "水", "🙂", "é", "x", "\n", "a\nb\n"])
@pytest.mark.parametrize("linked", [True, False])
def test_whatever_the_texts_are_made_of_it_stays_under_80_kb(sign: str, linked: bool) -> None:
    facts = crowded_digest((sign * 2000)[:2000])
    answers = tuple(AnswerShown(name="Carla", text=(sign * 2000)[:2000]) for _ in range(20))
    passages = (
        Passage(key="tried", text=(sign * 2000)[:2000]),
        Passage(key="failed", text=(sign * 2000)[:2000]),
    )
    facts = replace(
        facts,
        questions=tuple(replace(question, answers=answers) for question in facts.questions),
        entries=tuple(EntryShown(name="Emil", passages=passages) for _ in range(12)),
    )
    mail = digest(replace(monday_frame(), base_url="https://x" if linked else None), facts)
    assert len(mail.html_body.encode()) < LIMIT
    for number in (1, 12, 13, 40):
        assert f"\n{number}. Mira asks" in mail.text_body


def test_a_text_is_cut_at_a_sentence_of_at_most_600_and_the_whole_is_behind_a_link() -> None:
    sentence = "We tried the second supplier. "
    mail = digest(monday_frame(), DigestFacts(questions=(open_question(9, text=sentence * 60),)))
    shown = LexborHTMLParser(mail.html_body).css_first("p.question").text()
    assert shown == (sentence * 20).strip()
    assert "Read all of 9: https://digest.example/whole/9" in mail.text_body


def test_a_text_that_is_not_cut_has_no_such_link() -> None:
    assert "Read all" not in text_of(open_question(9))


def test_without_a_web_address_a_long_text_stands_there_whole() -> None:
    text = "We tried the second supplier. " * 60
    question = open_question(9, text=text, help_url=None, whole_url=None)
    assert (
        text.strip()
        in digest(replace(monday_frame(), base_url=None), DigestFacts(questions=(question,))).text_body
    )


def test_from_the_thirteenth_question_on_there_is_one_line_each() -> None:
    mail = digest(monday_frame(), crowded_digest("which glue holds?", count=14))
    tree = LexborHTMLParser(mail.html_body)
    assert len(tree.css("td.card")) == 12
    assert len(tree.css("a.button-link")) == 12
    further = mail.text_body.partition("Further open questions\n\n")[2].split("\n\n")
    assert further[0] == (
        "13. Mira asks, for 19 days: which glue holds? I can help with 13: https://digest.example/help/13"
    )
    assert further[1].startswith("14. Mira asks")
    assert "Tried" not in further[0]


def test_one_s_own_question_is_one_s_own_beyond_the_thirteenth_too() -> None:
    facts = crowded_digest("which glue holds?", count=13)
    mine = (*facts.questions[:12], replace(facts.questions[12], own=True))
    text = digest(monday_frame(), DigestFacts(questions=mine)).text_body
    assert "13. You ask, for 19 days: which glue holds? Yours, still open.\n" in text


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_example_says_where_we_stand(locale: str) -> None:
    example = EXAMPLES["digest"](locale)
    assert ("by 1 July" if locale == "en" else "bis 1. Juli") in example_mail("digest", locale).text_body
    assert isinstance(example.facts, DigestFacts)
