"""Where a long text is cut."""

from __future__ import annotations

from hypothesis import given, strategies as st

from digest.outbound.form.shorten import gist, shorten

SENTENCE = "We tried the second supplier. "


def test_a_short_text_stays_whole() -> None:
    assert shorten("It broke. Twice.", 600) == shorten("It broke. Twice.", 16)
    assert not shorten("It broke. Twice.", 600).cut


def test_a_long_text_is_cut_after_its_last_whole_sentence() -> None:
    shortened = shorten(SENTENCE * 30, 100)
    assert shortened.text == (SENTENCE * 3).strip()
    assert shortened.cut


def test_a_date_and_an_abbreviation_end_no_sentence() -> None:
    text = "Das klappt seit dem 3. Mai nicht mehr, z. B. im Kühlraum. Danach kam noch vieles andere dazu."
    assert shorten(text, 70).text == "Das klappt seit dem 3. Mai nicht mehr, z. B. im Kühlraum."


def test_a_quotation_mark_belongs_to_its_sentence() -> None:
    assert (
        shorten("She said: “It is broken.” Then nothing happened for weeks", 30).text
        == "She said: “It is broken.”"
    )


def test_a_line_ends_a_sentence_too() -> None:
    assert (
        shorten("first the printer\nthen the scanner and all the rest of it", 30).text == "first the printer"
    )


def test_signs_without_spaces_are_cut_at_their_own_full_stop() -> None:
    assert shorten("我们试了新的胶水。" * 10, 20).text == "我们试了新的胶水。" * 2


def test_one_long_sentence_is_cut_after_a_word_and_shows_it() -> None:
    assert (
        shorten("which glue holds below five degrees in the cold store", 30).text
        == "which glue holds below five\u00a0…"
    )


def test_one_endless_word_is_cut_anyway() -> None:
    assert shorten("x" * 2000, 600).text == "x" * 598 + "\u00a0…"


def test_a_sign_of_several_code_points_is_not_torn() -> None:
    family = "👩\u200d👩\u200d👧"
    assert shorten(family * 10, 12).text == family * 2 + "\u00a0…"
    assert shorten("e\u0301" * 20, 11).text == "e\u0301" * 4 + "\u00a0…"


@given(st.text(max_size=200), st.integers(min_value=10, max_value=120))
def test_the_limit_holds_for_any_text_and_all_of_it_is_from_the_beginning(text: str, limit: int) -> None:
    shortened = shorten(text, limit)
    assert len(shortened.text) <= limit
    assert text.startswith(shortened.text.removesuffix("\u00a0…"))
    assert shortened.cut == (len(text) > limit)


def test_a_gist_is_one_line() -> None:
    assert gist("labels\npeel   off") == "labels peel off"
    assert (
        gist("which glue holds\nbelow five degrees in the cold store?")
        == "which glue holds below five degrees\u00a0…"
    )
