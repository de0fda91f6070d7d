"""The great mail clients in many languages: above, below and without marks, the words are found and nothing
else."""

from __future__ import annotations

import pytest

from digest.reading.visible.plain_text import text_lines
from digest.reading.visible.visible_text import VisibleText
from digest.reading.written.reply_text import ReplyText, cut
from tests.reading.client_forms import ADDRESS, QUOTED, SENDER
from tests.reading.language_forms import APPLE, FOOTERS, GMAIL, OUTLOOK

TYPED = "Recalibrated the printer.\n\n- labels peel off\n- the glue froze\n\nWhich glue holds below 5 °C?"
MARKED = "\n".join(f"> {line}".rstrip() for line in QUOTED)
UNMARKED = "\n".join(QUOTED)
INTRODUCTIONS = [
    pytest.param(template.replace("X", SENDER).replace("Y", ADDRESS), id=f"{client}-{tag}")
    for client, templates in (("gmail", GMAIL), ("apple", APPLE))
    for tag, template in templates.items()
]


def read(body: str) -> ReplyText:
    return cut(VisibleText(tuple(text_lines(body))))


def wrapped(text: str, width: int) -> str:
    """As clients wrap: at blanks, also within an address in angles."""
    lines, line = list[str](), ""
    for word in text.replace("<", "< ").split(" "):
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line and not line.endswith("<") else line + word
    return "\n".join([*lines, line])


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_words_above_a_marked_quotation(introduction: str) -> None:
    assert read(f"{TYPED}\n\n{introduction}\n\n{MARKED}\n").reply == TYPED


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_words_below_a_marked_quotation(introduction: str) -> None:
    assert read(f"{introduction}\n{MARKED}\n\n{TYPED}\n").reply == TYPED


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_words_above_history_without_marks(introduction: str) -> None:
    assert read(f"{TYPED}\n\n{introduction}\n\n{UNMARKED}\n").reply == TYPED


@pytest.mark.parametrize("introduction", [form for form in INTRODUCTIONS if form.id != "gmail-vi"])
@pytest.mark.parametrize("width", [44, 60, 76])
def test_words_above_a_wrapped_attribution(introduction: str, width: int) -> None:
    assert read(f"{TYPED}\n\n{wrapped(introduction, width)}\n\n{MARKED}\n").reply == TYPED


@pytest.mark.parametrize("tag", OUTLOOK)
@pytest.mark.parametrize("form", ["{}: {}", "*{}:* {}", "{} : {}", "**{}:** {}", "{}:\t{}"])
def test_words_above_a_header_block(tag: str, form: str) -> None:
    *labels, date = OUTLOOK[tag]
    values = (f"{SENDER} <{ADDRESS}>", date, "Mira Weber <mira@example.org>", "Week 14")
    head = "\n".join(form.format(label, value) for label, value in zip(labels, values, strict=True))
    assert read(f"{TYPED}\n\n{head}\n\n{UNMARKED}\n").reply == TYPED
    assert read(f"{TYPED}\n\n{'_' * 32}\n{head}\n\n{UNMARKED}\n").reply == TYPED


@pytest.mark.parametrize("tag", [tag for tag in OUTLOOK if tag not in ("ja", "ko", "zh")])
def test_words_above_a_header_block_without_addresses(tag: str) -> None:
    *labels, date = OUTLOOK[tag]
    values = (SENDER, date, "Mira Weber", "Week 14")
    head = "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))
    assert read(f"{TYPED}\n\n{head}\n\n{UNMARKED}\n").reply == TYPED


@pytest.mark.parametrize(
    ("tag", "footer"), [(tag, footer) for tag, footers in FOOTERS.items() for footer in footers]
)
def test_a_footer_is_left_out_wherever_it_stands(tag: str, footer: str) -> None:
    introduction = GMAIL[tag].replace("X", SENDER).replace("Y", ADDRESS)
    for body in (f"{TYPED}\n\n{footer}\n", f"{TYPED}\n\n{footer}\n\n{introduction}\n{MARKED}\n"):
        reply = read(body)
        assert reply.reply == TYPED
        assert reply.left_out[0].text == footer
