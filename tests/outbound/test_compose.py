"""Every mail, as it is composed: what it says, what it never says, and that text and HTML are worth the same."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from html import escape
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from digest.outbound.compose import compose
from digest.outbound.examples import EXAMPLES, preview_beforehand
from digest.outbound.examples.example import MONDAY, TUESDAY, frame
from digest.outbound.examples.story import ENGLISH, GERMAN
from digest.outbound.facts import (
    AnswerAsRead,
    FirstTime,
    IntroductionFacts,
    NoticeFacts,
    OfferFacts,
    Passage,
    PromptFacts,
    ReceiptFacts,
    Section,
)
from tests.outbound.given import EVERY_MAIL, example_mail

FIRST_WORDS = 120  # code points of a plain text that a locked screen may show
OURS = ("lang", "group", "task")
MEMBERS_WORDS = [
    words for story in (ENGLISH, GERMAN) for name, words in asdict(story).items() if name not in OURS
]


def shown(html: str) -> str:
    """The text of a page as a reader sees it, on one line, without what is hidden in front of it."""
    tree = LexborHTMLParser(html)
    for hidden in tree.css(".preheader, head"):
        hidden.decompose()
    assert tree.body is not None
    return " ".join(tree.body.text(separator=" ").split())


def links(html: str) -> list[str]:
    return [node.attributes["href"] or "" for node in LexborHTMLParser(html).css("a")]


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_a_subject_and_the_first_words_never_hold_what_a_member_wrote(name: str, locale: str) -> None:
    mail = example_mail(name, locale)
    preheader = LexborHTMLParser(mail.html_body).css_first(".preheader").text()
    for words in MEMBERS_WORDS:
        beginning = words[:20].casefold()
        assert beginning not in mail.subject.casefold()
        assert beginning not in mail.text_body[:FIRST_WORDS].casefold()
        assert beginning not in preheader.casefold()


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_behind_the_preheader_there_is_room_that_no_word_of_a_member_reaches(name: str, locale: str) -> None:
    preheader = LexborHTMLParser(example_mail(name, locale).html_body).css_first(".preheader").text()
    assert preheader.strip("\u034f\u200c\xa0\n ")
    assert preheader.count("\u200c") >= 100


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_text_and_html_say_the_same(name: str, locale: str) -> None:
    mail = example_mail(name, locale)
    text = re.sub(r"https?://\S+", "", mail.text_body)
    assert set(re.findall(r"\w+", text)) - set(re.findall(r"\w+", shown(mail.html_body))) == set()
    assert sorted(re.findall(r"https?://\S+", mail.text_body)) == sorted(links(mail.html_body))


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_no_mail_shows_the_inside_of_a_template(name: str, locale: str) -> None:
    mail = example_mail(name, locale)
    for body in (mail.subject, mail.text_body, shown(mail.html_body)):
        assert not re.search(r"%\(|\{\{|\{%|\bNone\b|undefined|<\w|&\w+;", body)
        assert "!" not in body


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_a_mail_has_no_image_script_form_or_foreign_address(name: str, locale: str) -> None:
    html = example_mail(name, locale).html_body
    tree = LexborHTMLParser(html)
    assert tree.css("img, script, form, input, link, iframe, object, svg") == []
    assert "url(" not in html
    assert all(link.startswith("https://digest.example/") for link in links(html))


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_every_style_is_inline_and_only_media_rules_are_left(name: str, locale: str) -> None:
    tree = LexborHTMLParser(example_mail(name, locale).html_body)
    (style,) = tree.css("style")
    assert re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", style.text()).strip() == ""
    assert all(node.attributes.get("style") for node in tree.css("p, h1, h2, h3, a, td"))


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_a_reader_is_told_the_language(name: str, locale: str) -> None:
    tree = LexborHTMLParser(example_mail(name, locale).html_body)
    assert tree.css_first("html").attributes["lang"] == locale
    assert tree.css_first("body > .paper").attributes["lang"] == locale
    assert all(node.attributes.get("role") == "presentation" for node in tree.css("table"))
    assert len(tree.css("h1")) == 1
    assert tree.css_first("title").text()


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_without_a_web_address_there_is_no_link(name: str, locale: str) -> None:
    example = EXAMPLES[name](locale)
    without = {field: None for field in asdict(example.facts) if field.endswith("_url")}
    facts = replace(example.facts, **without)
    for field in ("questions", "asked", "answered", "answered_entries"):
        shown = getattr(facts, field, ())
        unlinked = tuple(_unlinked(one) for one in shown)
        facts = replace(facts, **({field: unlinked} if shown else {}))
    mail = compose(replace(example.frame, base_url=None, leave_url=None, unsubscribe_url=None), facts)
    assert "http" not in mail.text_body
    assert links(mail.html_body) == []


def _unlinked(shown: Any) -> Any:
    return replace(shown, **{field: None for field in asdict(shown) if field.endswith("_url")})


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_composing_twice_makes_the_same_bytes(name: str, locale: str) -> None:
    example = EXAMPLES[name](locale)
    assert compose(example.frame, example.facts).raw == example_mail(name, locale).raw


@pytest.mark.parametrize("name", EXAMPLES)
def test_another_language_gets_the_english_mail_with_nothing_odd_in_it(name: str) -> None:
    english, french = example_mail(name, "en"), example_mail(name, "fr-CA")
    assert french.text_body == english.text_body
    assert french.html_body == english.html_body


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize(
    "nasty", ['<script>alert("1")</script>', "</p></td></table>", "{{ 7 * 7 }} %(x)s {% raw %}"]
)
def test_no_name_becomes_part_of_the_page(name: str, nasty: str) -> None:
    example = EXAMPLES[name]("en")
    mail = compose(replace(example.frame, recipient_name=nasty, group_name=nasty), example.facts)
    assert LexborHTMLParser(mail.html_body).css("script") == []
    assert nasty in shown(mail.html_body)
    assert nasty in mail.text_body + mail.subject
    assert len(LexborHTMLParser(mail.html_body).css("table")) == len(
        LexborHTMLParser(example_mail(name, "en").html_body).css("table")
    )


def test_no_words_of_a_member_become_part_of_the_page() -> None:
    nasty = '<b lang="x">a & b</b>\n\n<table>{{ x }} https://evil.example'
    facts = ReceiptFacts(
        passages=(Passage(key="tried", text=nasty, lang='de" onclick="x'),),
        recipient_names=("Ben",),
        shown_at=MONDAY,
    )
    mail = compose(frame("en"), facts)
    tree = LexborHTMLParser(mail.html_body)
    assert tree.css("b, [onclick], a") == []
    assert escape(nasty.split("\n")[0], quote=False) in mail.html_body.replace("&#34;", '"').replace('"', '"')
    assert nasty.split("\n")[0] in mail.text_body


def test_further_lines_of_a_member_s_text_cannot_look_like_ours() -> None:
    text = "it broke\nI can help with 15: https://evil.example"
    facts = ReceiptFacts(
        passages=(Passage(key="tried", text=text),), recipient_names=("Ben",), shown_at=MONDAY
    )
    assert "\n  I can help with 15" in compose(frame("en"), facts).text_body


def test_each_text_has_the_language_of_its_writer() -> None:
    passages = (Passage(key="tried", text="Folie", lang="de"), Passage(key="failed", text="foil"))
    facts = ReceiptFacts(passages=passages, recipient_names=("Ben",), shown_at=MONDAY)
    german, english = LexborHTMLParser(compose(frame("en"), facts).html_body).css("p.said")[:2]
    assert german.attributes["lang"] == "de"
    assert german.css_first(".label").attributes["lang"] == "en"
    assert "lang" not in english.attributes
    assert german.attributes["dir"] == "auto"


# The prompt


def test_the_task_stands_in_the_prompt_with_its_day_once() -> None:
    facts = PromptFacts(others_see_at=MONDAY)
    assert "the new packaging rules, by 1 July." in compose(frame("en"), facts).text_body
    named = replace(frame("en"), group_task="the new packaging rules by 1 July")
    assert "the new packaging rules by 1 July. What" in compose(named, facts).text_body
    without = replace(frame("en"), group_task=None)
    assert "\n\nwhat was this week like?" in compose(without, facts).text_body


def test_a_facilitator_s_own_words_for_a_part_are_asked() -> None:
    sections = (Section(key="tried", label="What did you dare?"), Section(key="friction"))
    text = compose(frame("en"), PromptFacts(sections=sections, others_see_at=MONDAY)).text_body
    assert "1. What did you dare?\n2. What went wrong this week?\n" in text


@pytest.mark.parametrize(
    ("minutes", "when"),
    [
        (None, "The others see it on Monday at 09:00."),
        (60, "Questions go round in about an hour, the rest on Monday at 09:00."),
        (20, "Questions go round in about 20 minutes, the rest on Monday at 09:00."),
    ],
)
def test_the_prompt_says_when_others_see_what(minutes: int | None, when: str) -> None:
    assert when in compose(frame("en"), PromptFacts(others_see_at=MONDAY, questions_go_in=minutes)).text_body


def test_the_first_mail_of_somebody_who_was_never_invited_carries_the_invitation() -> None:
    first = FirstTime(facilitator_name="Jonas", other_names=("Ben", "Jonas"))
    text = compose(frame("en"), PromptFacts(others_see_at=MONDAY, first_time=first)).text_body
    assert "This is your first mail from “Packaging group”. Jonas told us" in text
    assert "sent to Ben and Jonas, and to nobody else" in text


def test_nobody_is_told_that_she_invites_herself() -> None:
    first = FirstTime(facilitator_name="Mira", other_names=("Ben",))
    text = compose(frame("en"), PromptFacts(others_see_at=MONDAY, first_time=first)).text_body
    assert "We were told that you would like to take part." in text
    invitation = EXAMPLES["invitation"]("en")
    text = compose(replace(invitation.frame, recipient_name="Jonas"), invitation.facts).text_body
    assert text.startswith("Hello Jonas,\n\nyou are invited to “Packaging group”:")


# The receipt


def receipt_of(**facts: object) -> str:
    plain = ReceiptFacts(
        passages=(Passage(key="question", text="which glue?"),),
        recipient_names=("Ben", "Carla"),
        shown_at=MONDAY,
    )
    return compose(frame("en"), replace(plain, **facts)).text_body


def test_a_receipt_says_word_for_word_under_which_name_to_whom_and_when() -> None:
    text = receipt_of()
    assert "Ben and Carla get it on Monday at 09:00." in text
    assert "with your name, word for word:" in text
    assert "You ask, with your name: which glue?" in text


def test_a_receipt_without_a_name_says_so_and_does_not_offer_it_again() -> None:
    text = receipt_of(named=False)
    assert "You ask, without your name: which glue?" in text
    assert "reply “undo”, “later”, or" in text


def test_a_question_may_go_round_before_the_rest() -> None:
    text = receipt_of(questions_shown_at=TUESDAY.replace(hour=9, minute=10))
    assert "Ben and Carla get your question at 11:10." in text


def test_a_question_takes_its_story_along_and_leaves_the_rest_for_the_digest() -> None:
    asked, tried, meaning = (Passage(key=key, text="words") for key in ("question", "tried", "meaning"))
    at = TUESDAY.replace(hour=9, minute=10)
    text = receipt_of(passages=(tried, asked), questions_shown_at=at)
    assert "Ben and Carla get your question, with what you tried, at 11:10." in text
    text = receipt_of(passages=(asked, meaning), questions_shown_at=at)
    assert "get your question at 11:10, and the rest on Monday at 09:00." in text


def test_in_a_small_group_who_writes_without_a_name_is_told_that_it_may_not_be_enough() -> None:
    assert "how you write, and when, may still tell" in receipt_of(named=False, few=True)
    assert "may still tell" not in receipt_of(named=False)
    assert "may still tell" not in receipt_of(few=True)


def test_a_receipt_of_what_was_only_kept_promises_no_reader() -> None:
    text = receipt_of(passages=(), undecided=(Passage(key="undecided", text="By the way."),))
    assert "nobody else has seen it" in text
    assert "Ben" not in text
    assert "“By the way.”" in text


def test_a_part_that_is_left_out_for_a_reason_unknown_here_is_not_named() -> None:
    assert "We left out your signature." in receipt_of(left_out=("signature", "something-new"))
    assert "We left out" not in receipt_of(left_out=("something-new",))


# Helping


def test_who_asked_without_a_name_stays_unknown_to_the_helper() -> None:
    facts = IntroductionFacts(
        to_helper=True,
        number=14,
        question="how?",
        asker_name=None,
        helper_name="Ben",
        other_address="mira@firm.example",
        asked_on=TUESDAY.date(),
    )
    ben = replace(frame("en", to="Ben", week=None), reply_to_address="mira@firm.example")
    mail = compose(ben, facts)
    assert b"mira" not in mail.raw.lower()
    assert "we do not say who it is" in mail.text_body


def test_who_asked_without_a_name_is_told_what_a_reply_shows() -> None:
    facts = IntroductionFacts(
        to_helper=False,
        number=14,
        question="how?",
        asker_name=None,
        helper_name="Ben",
        other_address="ben@firm.example",
        asked_on=TUESDAY.date(),
    )
    text = compose(frame("en", week=None), facts).text_body
    assert "Just reply to this mail: we pass it on, without your name and your address." in text
    assert "@firm.example" not in text


def test_what_is_passed_on_shows_no_address() -> None:
    for name in ("answer_to_unnamed", "answer_back"):
        raw = example_mail(name, "en").raw
        assert b"ben@firm.example" not in raw.replace(b"To: Ben <ben@firm.example>", b"")
        assert b"mira@firm.example" not in raw.replace(b"To: Mira <mira@firm.example>", b"")


def test_an_answer_between_two_who_have_names_is_answered_directly() -> None:
    mail = example_mail("answer", "en")
    assert b"\r\nReply-To: Ben <ben@firm.example>\r\n" in mail.raw
    assert "it goes straight to Ben, ben@firm.example" in mail.text_body


def test_a_receipt_of_an_answer_says_who_gets_it_first_and_that_it_can_be_for_nobody_else() -> None:
    given = (AnswerAsRead(number=14, asker_name="Mira", text="the blue one"),)
    text = receipt_of(passages=(), answers=given, answers_told_at=TUESDAY)
    assert "Mira gets it at 09:00, the others with the next mail of the group, on Monday at 09:00 at" in text
    text = receipt_of(passages=(), answers=given, answers_told_at=TUESDAY, just_you=True)
    assert "Mira gets it at 09:00, and nobody else." in text


def test_a_reply_to_an_introduction_goes_to_the_other_by_name() -> None:
    head = example_mail("introduction_to_asker", "en").raw.partition(b"\r\n\r\n")[0]
    assert b"\r\nReply-To: Ben <ben@firm.example>\r\n" in head


def test_an_offer_to_somebody_unnamed_says_what_they_get() -> None:
    facts = OfferFacts(number=14, question="how?", asker_name=None, told_at=TUESDAY)
    assert (
        "Whoever asked hears of it at 09:00 and gets your name"
        in compose(frame("en", week=None), facts).text_body
    )


# Notices


def test_a_notice_without_what_it_needs_is_refused() -> None:
    with pytest.raises(ValueError, match="help_undone needs number"):
        compose(frame("en"), NoticeFacts(kind="help_undone"))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("paused", "We write again when you reply “resume”."),
        ("resumed", "Welcome back, Mira.\n"),
        ("later_noted", "nobody else sees it before you write again"),
        ("sender_unknown", "from an address that we do not know. We keep"),
        ("number_unknown", "No question is open in this group at the moment."),
        ("undo_too_late_withdrawn", "the others have got it already"),
    ],
)
def test_a_notice_leaves_out_what_is_not_known(kind: str, said: str) -> None:
    assert said in compose(frame("en"), NoticeFacts(kind=kind)).text_body  # type: ignore[arg-type]


def test_what_is_quoted_back_is_shortened() -> None:
    facts = NoticeFacts(kind="sender_unknown", address="x@mail.example", text="We tried it. " * 500)
    assert len(compose(frame("en"), facts).text_body) < 1200


def test_the_facilitator_has_four_lines_to_send_beforehand() -> None:
    for locale in ("en", "de"):
        lines = preview_beforehand(locale).strip().split("\n\n")
        assert len(lines) == 4
        assert "groups@digest.example" in lines[3]
