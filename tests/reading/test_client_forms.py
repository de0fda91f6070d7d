"""Whatever a person types, in whatever client: her words are in the reply, and as a rule nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from digest.reading.mime.message import parse
from digest.reading.visible.visible_text import see
from digest.reading.written.reply_text import ReplyText, cut
from tests.reading.client_forms import ADDRESS, FORMS, QUOTED, Form
from tests.reading.typed_words import TYPED

PLAIN = [text for text in TYPED if ">>" not in text]


def read(form: Form, typed: str) -> ReplyText:
    return cut(see(parse(form.message(typed))))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_plain_answer_is_found_as_typed(form: Form) -> None:
    typed = "Recalibrated the printer.\n\n- labels peel off\n- the glue froze\n\nWhich glue holds below 5 °C?"
    assert read(form, typed).reply.split() == typed.split()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_nothing_of_what_is_quoted_is_in_the_reply(form: Form) -> None:
    reply = read(form, "A new glue.").reply
    assert not [line for line in QUOTED if line and line in reply]
    assert ADDRESS not in reply


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_tempting_words_survive_every_form(form: Form) -> None:
    lost = [typed for typed in PLAIN if words(read(form, typed).reply) != words(typed)]
    assert lost == []


WORDS = st.one_of(
    st.sampled_from(
        "On Am Le wrote: schrieb the der glue 7.4.2026 10:30 Tuesday April From: Date: To: - * 1. a) => = 5 "
        "Mira Ben ben@example.org https://glue.example/a?b=c „so“ (maybe) клей κόλλα דבק "
        "غراء 胶水 100% & < ... not °C ???".split()
    ),
    st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=9),
)
LINES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
PARAGRAPHS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
TEXTS = st.lists(PARAGRAPHS, min_size=1, max_size=4).map("\n\n".join)


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(form=st.sampled_from(FORMS), text=TEXTS)
def test_every_typed_word_is_in_the_reply_or_named_as_left_out(form: Form, text: str) -> None:
    reply = read(form, text)
    kept = words(reply.reply + " " + " ".join(part.text for part in reply.left_out))
    assert not [word for word in words(text) if word not in kept]


SENTENCES = st.lists(
    st.text(st.characters(categories=["Ll"]), min_size=2, max_size=9), min_size=2, max_size=12
).map(lambda parts: " ".join(parts).capitalize() + ".")
ANSWERS = st.lists(st.lists(SENTENCES, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=4).map(
    "\n\n".join
)


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(form=st.sampled_from(FORMS), text=ANSWERS)
def test_sentences_in_any_script_come_out_as_they_went_in(form: Form, text: str) -> None:
    assert words(read(form, text).reply) == words(text)
