"""How templates become a subject and two bodies."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError
from selectolax.lexbor import LexborHTMLParser

from digest.outbound.examples import EXAMPLES
from digest.outbound.form.render import MAILS, render
from tests.outbound.given import example_mail

COMMON = {
    "who": "Mira",
    "group": "G",
    "heading": "G",
    "reply": {},
    "stop_words": False,
    "leave_url": None,
    "ask_address": None,
    "hushed": False,
}


def test_a_value_that_a_template_needs_and_nobody_gave_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="number"):
        render("help_undone", "en", COMMON)


def test_every_folder_of_templates_is_a_mail_that_can_be_previewed() -> None:
    folders = {path.name for path in MAILS.iterdir() if path.is_dir()} - {"_layout"}
    kinds = {example_mail(name, "en").kind for name in EXAMPLES}
    assert folders == kinds


def test_every_folder_has_a_subject_and_a_body() -> None:
    for name in {example_mail(name, "en").kind for name in EXAMPLES}:
        assert (MAILS / name / "subject.txt").is_file()
        assert (MAILS / name / "body.txt").is_file()


def test_a_folder_without_html_is_laid_out_as_a_letter_paragraph_by_paragraph() -> None:
    rendered = render("undone", "en", COMMON)
    assert rendered.text.split("\n\n") == [
        "Done, Mira. We took it back; nobody else has seen it.",
        "Write again whenever you like: just reply.\n",
    ]
    paragraphs = [p.text() for p in LexborHTMLParser(rendered.html).css("div.content > p")]
    assert paragraphs == [paragraph.strip() for paragraph in rendered.text.split("\n\n")]


def test_a_subject_is_one_line() -> None:
    assert render("undone", "en", {**COMMON, "group": "G\nBcc:  x"}).subject == "G Bcc: x: taken back"


def test_dark_colours_and_widths_stay_for_the_clients_that_read_them() -> None:
    style = LexborHTMLParser(example_mail("prompt", "en").html_body).css_first("style").text()
    assert "prefers-color-scheme: dark" in style.replace("dark)", "dark)")
    assert "min-width" in style


def test_a_reply_under_a_question_finds_it_as_a_paragraph_of_its_own() -> None:
    """A list would number what is typed into it; a heading does not."""
    tree = LexborHTMLParser(example_mail("prompt", "en").html_body)
    assert [heading.text(separator="") for heading in tree.css("h2")] == [
        "1. What did you try?",
        "2. What did not work?",
        "3. What would you like to ask the others?",
    ]
    assert tree.css("ol, ul, li") == []
