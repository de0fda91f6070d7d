"""What a reply means: one intent, and what goes with it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from digest.reading.meaning.interpret import read
from digest.reading.meaning.reading import Reading
from digest.reading.mime.message import parse
from digest.reading.written.sent_text import SentText, sent_text

PROMPT = sent_text("1. What did you try?\n2. What did not work?\n3. What would you like to ask the others?\n")
DIGEST = sent_text("2. Mira asks, since Tuesday: which glue holds below five degrees?\nI can help with 2\n")


def replied(text: str, sent: SentText | None = None, fields: str = "") -> Reading:
    head = "From: Mira Novak <mira@example.com>\nSubject: Re: Packaging group, week 14\n"
    raw = f"{head}{fields}Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    return read(parse(raw.encode()), mail_from="mira@example.com", sent=sent)


def test_an_entry_loses_greeting_closing_and_name_and_nothing_else() -> None:
    found = replied(
        "Hi all,\n\nTried: new foil\nDid not work: it tore\nQuestion: who sells better?\n\nBest,\nMira"
    )
    assert found.intent == "entry"
    assert (found.tried, found.failed, found.questions) == ("new foil", "it tore", ("who sells better?",))
    assert found.language == "en"


def test_politeness_on_the_same_line_is_left_out_too() -> None:
    found = replied("Hallo Jonas, wer kennt einen Kleber für die Kälte? Danke und liebe Grüße, Mira")
    assert found.questions == ("wer kennt einen Kleber für die Kälte?",)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("yes", "yes"),
        ("Ja, gerne!", "yes"),
        ("undo please", "undo"),
        ("Bitte ohne meinen Namen.", "anonymous"),
        ("später", "later"),
        ("pause", "pause"),
        ("Stop", "stop"),
        ("Hallo,\n\nstopp bitte\n\nViele Grüße\nMira", "stop"),
    ],
)
def test_a_command_word_is_one_as_the_whole_new_text(text: str, command: str) -> None:
    found = replied(text)
    assert (found.intent, found.command) == ("command", command)


@pytest.mark.parametrize(
    "text", ["Stop der Linie 3 hat uns zwei Stunden gekostet.", "Pause im Lager eingeführt, hält sich keiner dran."]
)  # fmt: skip
def test_a_command_word_inside_a_text_commands_nothing(text: str) -> None:
    assert replied(text).intent == "entry"


@pytest.mark.parametrize(
    "text",
    [
        "Nothing this week, sorry.",
        "Diese Woche leider nichts von mir, war krank.",
        "I am on holiday until 14 September, nothing to report this week.",
    ],
)
def test_nothing_this_week_is_a_skip(text: str) -> None:
    found = replied(text)
    assert (found.intent, found.tried, found.undecided) == ("skip", None, ())


def test_nothing_that_goes_on_to_tell_something_is_an_entry() -> None:
    assert replied("Nothing worked this week: the printer jams. Who has a spare one?").intent == "entry"


@pytest.mark.parametrize(
    "text", ["👍", ":-)", "❤️🙏", "Thanks!", "Danke, passt!", "Thanks Ben, that helped a lot!"]
)
def test_thanks_is_thanks_in_words_and_signs(text: str) -> None:
    assert replied(text).intent == "thanks"


@pytest.mark.parametrize(
    "text",
    ["Ben Miller reacted to your message: 👍", "👍 Ben Miller reacted via Gmail", "Liked “Packaging group”"],
)
def test_a_clients_reaction_is_thanks(text: str) -> None:
    assert replied(text).intent == "thanks"


@pytest.mark.parametrize(
    ("text", "numbered"),
    [
        ("14: try the staging key", ((14, "try the staging key"),)),
        ("Zu 14: nehmt den Kleber von Acme", ((14, "nehmt den Kleber von Acme"),)),
        ("to 14 - ask Ben\n15: no idea", ((14, "ask Ben"), (15, "no idea"))),
        ("14.\nask Ben\n\nhe has one", ((14, "ask Ben\n\nhe has one"),)),
    ],
)
def test_answers_name_their_questions(text: str, numbered: tuple[tuple[int, str], ...]) -> None:
    found = replied(text)
    assert (found.intent, found.numbered) == ("answer", numbered)


def test_a_small_number_is_a_part_of_an_entry_or_a_question_as_the_answered_mail_has_it() -> None:
    assert replied("2: try the staging key first", DIGEST).numbered == ((2, "try the staging key first"),)
    assert replied("2: the staging key was refused", PROMPT).failed == "the staging key was refused"


@pytest.mark.parametrize("text", ["help 14", "I can help with 14", "kann bei 14 helfen", "14: I can help"])
def test_an_offer_names_the_question_that_it_is_for(text: str) -> None:
    found = replied(text)
    assert (found.intent, found.helps) == ("help", (14,))


@pytest.mark.parametrize("text", ["Please unsubscribe me", "Bitte nehmt mich aus dem Verteiler."])
def test_who_wants_to_leave_is_understood(text: str) -> None:
    assert replied(text).intent == "unsubscribe"


@pytest.mark.parametrize(
    "text",
    [
        "Please replace my question by: which glue holds at minus five?",
        "Correction to my question: which glue holds at minus five?",
    ],
)
def test_a_correction_holds_the_new_words_of_the_part_that_it_names(text: str) -> None:
    found = replied(text)
    assert (found.intent, found.questions) == ("correction", ("which glue holds at minus five?",))


@pytest.mark.parametrize(
    "text",
    [
        "Which glue holds? (please don't mention my name)",
        "Without my name please: Which glue holds?",
        "Please keep my name out of it.\n\nWhich glue holds?",
        "Question (anonymous): Which glue holds?",
        "I'd rather not have my name shown. Which glue holds?",
    ],
)
def test_the_wish_to_stay_unnamed_is_kept_and_not_shown(text: str) -> None:
    found = replied(text)
    assert found.anonymous
    assert found.questions == ("Which glue holds?",)


@pytest.mark.parametrize(
    "text",
    [
        "My name was misspelt on the badge, so the door did not open.",
        "The survey was anonymous, but nobody answered.",
        "We shipped the samples without the supplier's name on the box.",
    ],
)
def test_a_story_about_names_is_no_wish(text: str) -> None:
    assert not replied(text).anonymous


def test_a_machine_is_automatic_and_never_an_entry() -> None:
    found = replied("Tried: new foil", fields="Auto-Submitted: auto-replied\n")
    assert (found.intent, found.automatic, found.tried) == ("automatic", "auto-submitted", None)


def test_rewritten_links_are_as_they_were() -> None:
    wrapped = (
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Ftool%3Fa%3D1&data=05"
    )
    assert replied(f"Who has used {wrapped} before?").questions == (
        "Who has used https://example.com/tool?a=1 before?",
    )


def test_words_beyond_what_is_taken_apart_stay_with_their_writer() -> None:
    found = replied("Tried: " + "foil and tape\n" * 5_000)
    assert len("".join(found.undecided)) > 30_000


def test_a_signature_that_only_the_writers_name_marks_is_left_out() -> None:
    found = replied("Tried: new foil\nMira Novak\nTechnician, Example Ltd\nTel. 555 0143")
    assert (found.reply, found.tried) == ("Tried: new foil", "new foil")
    assert ("signature", "Mira Novak\nTechnician, Example Ltd\nTel. 555 0143") in [
        (part.kind, part.text) for part in found.left_out
    ]


def test_a_name_inside_a_sentence_signs_nothing() -> None:
    text = (
        "We named the new line after our founder.\nMira Novak was there and cut the ribbon, then it stopped."
    )
    assert replied(text).reply == text


def test_a_postscript_belongs_to_no_part_for_certain() -> None:
    found = replied("Tried: new foil\n\nBest\nMira\n\nPS: my question from last week is solved.")
    assert (found.tried, found.undecided) == ("new foil", ("PS: my question from last week is solved.",))


@pytest.mark.parametrize("text", ["no", "Nein", "nope", "nothing :)"])
def test_a_bare_no_is_nothing_to_report_and_never_stop(text: str) -> None:
    assert replied(text).intent == "skip"


def test_one_answer_may_be_for_several_questions() -> None:
    found = replied("Regarding 14 and 15: call Huber, they sell both.")
    assert found.numbered == ((14, "call Huber, they sell both."), (15, "call Huber, they sell both."))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Thanks, nothing this week", "skip"),
        ("Bitte macht das Licht im Lager aus.", "entry"),
        ("Thanks to the new tape we saved an hour. Who else uses it?", "entry"),
    ],
)
def test_thanks_at_the_beginning_is_not_all_that_is_said(text: str, kept: str) -> None:
    assert replied(text).intent == kept


@given(typed=st.text(max_size=400), answered=st.sampled_from([None, PROMPT, DIGEST]))
@settings(deadline=None, max_examples=60)
def test_any_text_is_read_and_nothing_is_filed_that_was_not_typed(
    typed: str, answered: SentText | None
) -> None:
    found = replied(typed, answered)
    filed = " ".join([found.tried or "", found.failed or "", *found.questions, *found.undecided])
    assert found.anonymous or all(word in found.reply for word in filed.split())


def test_an_empty_reply_is_unknown() -> None:
    assert replied("").intent == "unknown"
