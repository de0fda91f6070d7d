"""Which characters of people's words reach a mail."""

from __future__ import annotations

from hypothesis import given, strategies as st

from digest.words.clean_text import lines, one_line


def test_a_name_stands_on_one_line() -> None:
    assert one_line(" Mira\r\n of\tthe\u2028lab\x00 ") == "Mira of the lab"


def test_a_name_cannot_turn_the_words_around_it_round() -> None:
    assert one_line("Mira\u202eneB\u2066") == "MiraneB"


def test_a_text_keeps_its_lines_and_one_empty_one_between_paragraphs() -> None:
    assert lines("\r\n one \r\ntwo\r\r\r\n\n three\x0bfour\n\n") == "one\ntwo\n\n three\nfour"


def test_a_text_keeps_accents_joined_signs_and_foreign_letters() -> None:
    for text in ("crème brûlée", "👩‍🔬 ✅", "שלום, 40 µm", "\u2067مرحبا\u2069", "क्षि"):
        assert lines(text) == text


def test_half_a_sign_is_replaced_not_lost() -> None:
    assert lines("a\ud83db") == "a\ufffdb"


@given(st.text())
def test_nothing_that_a_client_could_obey_is_left(text: str) -> None:
    assert not set(lines(text)) & {*map(chr, (*range(9), *range(11, 32), *range(127, 160)))}
    assert not set(one_line(text)) & set("\r\n\t\u2028\u2029\u202e")
