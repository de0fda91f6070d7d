"""The language files hold words only, all of them usable, and load as one vocabulary."""

from __future__ import annotations

import dataclasses
import tomllib
import unicodedata
from itertools import combinations
from pathlib import Path

import pytest

import digest.languages
from digest.languages import Language, bare, common_words, languages, normal, phrases, tags_for
from digest.languages.language import Automatic, History, Letter, Reply
from digest.languages.reading import document, read

FILES = sorted(Path(digest.languages.__file__).parent.glob("*.toml"))
AREAS = {"history": History, "letter": Letter, "reply": Reply, "automatic": Automatic}
KEYS = [(area, field.name) for area, values in AREAS.items() for field in dataclasses.fields(values)]
EUROPEAN_UNION = "bg hr cs da nl en et fi fr de el hu ga it lv lt mt pl pt ro sk sl es sv".split()
NEIGHBOURS = "nb is tr uk sr sq mk bs ca eu gl he ar ru".split()
WHOLE_REPLIES = (
    "yes undo later withdraw pause resume stop unsubscribe anonymous help same skip thanks".split()
)
# One thing in one language and another in the next: only the language of the text says which.
AMBIGUOUS = {
    "certo", "forlat", "hjalp", "jasne", "jo", "parem", "passar", "retira", "retirar", "rett", "tak",
    "tak 👍", "tak, ok", "todo correcto", "vale",
}  # fmt: skip
LABELS = ["tried", "failed", "question"]


def entries() -> list[tuple[Language, str, str, str]]:
    return [
        (language, area, key, phrase)
        for language in languages()
        for area, key in KEYS
        for phrase in language.phrases(area, key)
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_quick_reading_of_a_file_is_what_toml_says(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert document(text) == tomllib.loads(text)
    assert read(text).tag == file.stem


def test_a_form_that_the_quick_reading_does_not_know_is_read_all_the_same() -> None:
    text = 'tag = "xx" # the tag\nname = \'X\'\n[reply]\nyes = ["ja", # yes\n  "jo"]\n'
    language = read(text)
    assert (language.tag, language.name, language.reply.yes) == ("xx", "X", ("ja", "jo"))


@pytest.mark.parametrize("text", ['tag = "xx"\nname = "X"\n[reply]\nyess = ["ja"]\n', 'tag = "xx"\n'])
def test_a_key_that_nobody_knows_or_that_is_missing_is_an_error(text: str) -> None:
    with pytest.raises(TypeError):
        read(text)


@pytest.mark.parametrize(
    "text", ['tag = "xx"\nname = "X"\n[reply]\nyes = ["ja"\n', 'tag = "xx"\ntag = "yy"\nname = "X"\n']
)
def test_what_is_no_toml_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read(text)


@pytest.mark.parametrize("tag", EUROPEAN_UNION + NEIGHBOURS)
def test_a_language_that_we_promise_has_every_key(tag: str) -> None:
    language = next(language for language in languages() if language.tag == tag)
    assert len(language.common) >= 20
    assert [key for key in KEYS if not language.phrases(*key)] == []


def test_months_and_weekdays_are_complete_wherever_there_are_any() -> None:
    for language in languages():
        assert len(language.history.months) not in range(1, 12), language.tag
        assert len(language.history.weekdays) not in range(1, 7), language.tag


def test_every_phrase_is_spelled_as_the_loader_needs_it() -> None:
    for language, area, key, phrase in entries():
        where = (language.tag, area, key, phrase)
        assert normal(phrase), where
        assert phrase == " ".join(phrase.split()), where
        assert phrase == unicodedata.normalize("NFC", phrase), where
        assert not set(phrase) & set("“”„«»’‘`\n|\\"), where
        assert phrase.strip("[]") not in AREAS, where


def test_no_phrase_stands_twice_in_a_key() -> None:
    for language in languages():
        for area, key in KEYS:
            spelled = [normal(phrase) for phrase in language.phrases(area, key)]
            assert {one for one in spelled if spelled.count(one) > 1} == set(), (language.tag, area, key)


def test_phrases_end_without_punctuation() -> None:
    for language, area, key, phrase in entries():
        if key not in ("disclaimers", "phrases", "sent_from"):
            assert phrase[-1] not in ".:?!;¿¡؟。：？！", (language.tag, area, key, phrase)


def test_common_words_are_single_words() -> None:
    for language in languages():
        assert [word for word in language.common if " " in word or "[" in word] == [], language.tag


def test_a_footer_has_at_most_three_places_for_names() -> None:
    for language in languages():
        for footer in language.history.sent_from:
            assert footer.count("{}") <= 3, (language.tag, footer)
            assert footer.replace("{}", "").strip(" .,:-'"), (language.tag, footer)


@pytest.mark.parametrize(
    ("one", "other"), [*combinations([*WHOLE_REPLIES, "correction"], 2), *combinations(LABELS, 2)]
)
def test_no_phrase_means_two_things(one: str, other: str) -> None:
    both = phrases("reply", one) & phrases("reply", other)
    tags = {phrase: (tags_for("reply", one, phrase), tags_for("reply", other, phrase)) for phrase in both}
    assert {phrase: tags[phrase] for phrase in both if set(tags[phrase][0]) & set(tags[phrase][1])} == {}
    assert {phrase: tags[phrase] for phrase in both - AMBIGUOUS} == {}


def test_every_known_ambiguity_still_is_one() -> None:
    pairs = [*combinations([*WHOLE_REPLIES, "correction"], 2), *combinations(LABELS, 2)]
    found = {phrase for one, other in pairs for phrase in phrases("reply", one) & phrases("reply", other)}
    assert found >= AMBIGUOUS


@pytest.mark.parametrize(("area", "key"), KEYS)
def test_phrases_are_the_words_of_all_languages_in_one_spelling(area: str, key: str) -> None:
    found = phrases(area, key)
    for language in languages():
        assert {normal(phrase) for phrase in language.phrases(area, key)} <= found, language.tag
    assert all(phrase == normal(phrase) for phrase in found)


def test_what_people_type_is_known_without_its_accents() -> None:
    assert {"später", "spater", "spaeter", "později", "pozdeji"} <= phrases("reply", "later")
    assert "ou" not in phrases("reply", "question_words")


def test_tags_say_in_which_languages_a_phrase_is_used() -> None:
    assert tags_for("reply", "yes", "OUI") == ("fr",)
    assert tags_for("reply", "yes", "no such word") == ()
    assert "den" in common_words()["de"]


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("I’m  BACK", "i'm back"),
        ("Ça\u00a0a\u202fmarché", "ça a marché"),
        ("İŞE yaramadı", "ișe yaramadı"),
        ("Straße", "strasse"),
        ("Ещё", "еще"),
        ("e\u0301te\u0301", "été"),
        ("\u200fأحمد\u0640\u064e", "احمد"),
        ("", ""),
    ],
)
def test_normal_brings_typed_text_to_one_spelling(typed: str, spelled: str) -> None:
    assert normal(typed) == spelled
    assert normal(normal(typed)) == normal(typed)


@pytest.mark.parametrize(("typed", "without"), [("později", "pozdeji"), ("łódź", "lodz"), ("yes", "yes")])
def test_bare_leaves_out_accents(typed: str, without: str) -> None:
    assert bare(typed) == without
