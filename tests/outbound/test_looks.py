"""How the mails look in a real browser: on a narrow phone, in the dark, to weak eyes and to large fingers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from digest.outbound.compose import compose
from digest.outbound.examples import EXAMPLES
from digest.outbound.facts import DigestFacts, NoticeFacts, OfferFacts, QuestionMailFacts, ReceiptFacts
from tests.outbound.given import crowded_digest, example_mail, monday_frame
from tests.parts.browser import Browser

CONTRAST = 4.5  # WCAG 2.2, 1.4.3
TARGET = 44  # CSS pixels that a finger needs
NARROW, PHONE, DESK = 320, 390, 1000

# The contrast of each text with the nearest background behind it (WCAG 2.2, "relative luminance")
CONTRASTS = """
const parts = colour => colour.match(/[\\d.]+/g).map(Number);
const linear = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const behind = element => {
  for (; element; element = element.parentElement) {
    const colour = parts(getComputedStyle(element).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const found = [];
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.getClientRects().length) continue;
  const pair = [parts(getComputedStyle(element).color), behind(element)].map(luminance).sort((a, b) => b - a);
  found.push([(pair[0] + 0.05) / (pair[1] + 0.05), walker.currentNode.data.trim().slice(0, 40)]);
}
return found;
"""


def show(browser: Browser, html: str, folder: Path) -> None:
    page = folder / "mail.html"
    page.write_text(html, "utf-8")
    browser.get(page.as_uri())


def overflow(browser: Browser) -> int:
    """How many pixels one would have to scroll sideways."""
    return browser.execute_script(
        "const page = document.documentElement; return page.scrollWidth - page.clientWidth"
    )


def long_worded(name: str) -> str:
    """The example with one word of 300 letters in the place of each text of a member."""
    example, word = EXAMPLES[name]("en"), "x" * 300
    match example.facts:
        case DigestFacts() as facts:
            questions = tuple(
                replace(question, text=word, tried=word, asker_name=question.asker_name and word[:60])
                for question in facts.questions
            )
            changed = replace(facts, questions=questions)
        case QuestionMailFacts() as facts:
            asked = tuple(replace(question, text=word, tried=word) for question in facts.asked)
            changed = replace(facts, asked=asked)
        case ReceiptFacts() as facts:
            changed = replace(
                facts, passages=tuple(replace(passage, text=word) for passage in facts.passages)
            )
        case OfferFacts() as facts:
            changed = replace(facts, question=word)
        case NoticeFacts() as facts:
            changed = replace(facts, address=f"{word}@mail.example")
        case other:
            changed = replace(other)
    return compose(replace(example.frame, recipient_name=word, group_name=word), changed).html_body


@pytest.mark.parametrize("name", EXAMPLES)
def test_nobody_scrolls_sideways_on_a_narrow_phone(name: str, browser: Browser, tmp_path: Path) -> None:
    browser.set_width(NARROW)
    show(browser, example_mail(name, "de").html_body, tmp_path)  # the language with the longer words
    assert overflow(browser) == 0


@pytest.mark.parametrize(
    "name", ["digest", "questions", "receipt", "receipt_in_doubt", "offer", "sender_unknown", "invitation"]
)
def test_a_word_without_end_breaks(name: str, browser: Browser, tmp_path: Path) -> None:
    browser.set_width(NARROW)
    show(browser, long_worded(name), tmp_path)
    assert overflow(browser) == 0


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_text_stands_out_from_what_is_behind_it(name: str, browser: Browser, tmp_path: Path) -> None:
    browser.set_width(PHONE)
    show(browser, example_mail(name, "en").html_body, tmp_path)
    for dark in (False, True):
        browser.set_dark(dark)
        contrasts = browser.execute_script(CONTRASTS)
        assert len(contrasts) >= 2
        assert [pair for pair in contrasts if pair[0] < CONTRAST] == []


def test_a_faint_text_would_be_found(browser: Browser, tmp_path: Path) -> None:
    faint = example_mail("prompt", "en").html_body.replace("#655d52", "#a89f92")
    show(browser, faint, tmp_path)
    assert [text for ratio, text in browser.execute_script(CONTRASTS) if ratio < CONTRAST] != []


def test_it_is_dark_for_those_who_like_it_dark(browser: Browser, tmp_path: Path) -> None:
    colour = "return getComputedStyle(document.querySelector('.sheet')).backgroundColor"
    browser.set_dark(False)
    show(browser, example_mail("digest", "en").html_body, tmp_path)
    light = browser.execute_script(colour)
    browser.set_dark(True)
    assert (light, browser.execute_script(colour)) == ("rgb(255, 253, 249)", "rgb(31, 29, 27)")


@pytest.mark.parametrize("name", ["digest", "invitation", "offer", "sender_unknown", "offer_question"])
def test_a_button_is_large_enough_for_a_finger(name: str, browser: Browser, tmp_path: Path) -> None:
    browser.set_width(PHONE)
    show(browser, example_mail(name, "en").html_body, tmp_path)
    heights = browser.execute_script(
        "return [...document.querySelectorAll('.button-link')].map(a => a.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= TARGET


def test_text_is_no_smaller_than_15_pixels(browser: Browser, tmp_path: Path) -> None:
    for name in EXAMPLES:
        show(browser, example_mail(name, "en").html_body, tmp_path)
        sizes = browser.execute_script(
            "return [...document.querySelectorAll('p, a, h1, h2, h3, span')]"
            ".map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 15


def test_the_column_is_600_wide_where_there_is_room(browser: Browser, tmp_path: Path) -> None:
    browser.set_width(DESK)
    show(browser, digest_with_forty_questions(), tmp_path)
    sheet = browser.execute_script("return document.querySelector('.sheet').getBoundingClientRect().width")
    assert sheet == 600


def digest_with_forty_questions() -> str:
    return compose(monday_frame(), crowded_digest("Who knows? " * 180)).html_body


def test_it_is_readable_where_only_inline_styles_are_kept(browser: Browser, tmp_path: Path) -> None:
    """GMX and WEB.DE drop every style element."""
    head, _, rest = example_mail("digest", "de").html_body.partition("<style>")
    browser.set_width(NARROW)
    show(browser, head + rest.partition("</style>")[2], tmp_path)
    assert overflow(browser) == 0
    assert [pair for pair in browser.execute_script(CONTRASTS) if pair[0] < CONTRAST] == []


def test_the_preheader_is_not_seen(browser: Browser, tmp_path: Path) -> None:
    show(browser, example_mail("digest", "en").html_body, tmp_path)
    assert browser.execute_script("return document.querySelector('.preheader').getClientRects().length") == 0
