"""The wish to stay unnamed in the heading of a part: it is heard, and the heading stays."""

from __future__ import annotations

import pytest

from digest.languages import languages
from digest.reading.meaning.intent import understood
from digest.reading.meaning.preparing.typed import made_ready
from digest.reading.meaning.reading import Reading
from digest.reading.wording.lexicon import lexicons
from digest.reading.written.reply_blocks import Block
from tests.reading.meaning.test_interpret import replied

WITH_BOTH = [one for one in languages() if one.reply.question and one.reply.anonymous]
QUESTION = "OpenPLC 5 x 3?"


def read_in(tag: str, text: str) -> Reading:
    """How words are read that are known to be in that language, with nothing of it in their content."""
    typed = made_ready([Block("words", text)], lexicons([tag, "en"]), ())
    return understood(Reading(text, "unknown"), typed)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Tried: thinner foil.\nQuestion without my name: who knows?", "who knows?"),
        ("Tried: thinner foil.\nAnonymous question: who knows?", "who knows?"),
        ("Tried: thinner foil.\nQuestion without my name - who knows?", "who knows?"),
        ("Tried: thinner foil.\nQuestion without my name\nWho knows?", "Who knows?"),
        ("Tried: thinner foil.\nQuestion, please, without my name: who knows?", "who knows?"),
        ("He intentado: otra lámina.\nPregunta por favor, sin mi nombre: ¿quién sabe?", "¿quién sabe?"),
        ("Tentei: outra película.\nPergunta, por favor, sem o meu nome: quem sabe?", "quem sabe?"),
        ("Versucht: dünnere Folie.\nFrage ohne meinen Namen: Wer weiß es?", "Wer weiß es?"),
        ("Versucht: dünnere Folie.\nFrage anonym: Wer weiß es?", "Wer weiß es?"),
        ("Geprobeerd: dunnere folie.\nVraag zonder naam: wie weet het?", "wie weet het?"),
        ("Zkusil jsem: tenčí fólii.\nOtázka bez mého jména: Kdo to ví?", "Kdo to ví?"),
        ("Próbowałem: cieńszej folii.\nPytanie bez nazwiska: Kto to wie?", "Kto to wie?"),
        ("Försökt: tunnare folie.\nFråga utan namn: Vem vet det?", "Vem vet det?"),
        ("Kokeiltu: ohuempaa kalvoa.\nKysymys ilman nimeäni: Kuka tietää?", "Kuka tietää?"),
        ("Ho provato: una pellicola più sottile.\nDomanda senza nome: chi lo sa?", "chi lo sa?"),
        ("Δοκίμασα: λεπτότερη μεμβράνη.\nΕρώτηση χωρίς όνομα: ποιος ξέρει;", "ποιος ξέρει;"),
        ("Prøvd: tynnare folie.\nSpørsmål utan namnet mitt: Kven veit det?", "Kven veit det?"),
        ("Паспрабаваў: танчэйшую плёнку.\nПытанне без майго імя: Хто ведае?", "Хто ведае?"),
        ("Đã thử: màng mỏng hơn.\nCâu hỏi không nêu tên: Ai biết?", "Ai biết?"),
        ("Опитах: по-тънко фолио.\nВъпрос без име: кой знае?", "кой знае?"),
    ],
)
def test_a_heading_stays_where_the_wish_stands_in_it(text: str, question: str) -> None:
    found = replied(text)
    assert found.anonymous
    assert found.questions == (question,)
    assert found.tried == text.partition("\n")[0].partition(": ")[2]


@pytest.mark.parametrize("language", WITH_BOTH, ids=[one.tag for one in WITH_BOTH])
@pytest.mark.parametrize("form", ["{label} {wish}: {question}", "{label} ({wish}): {question}"])
def test_in_every_language_a_question_without_a_name_is_one(language, form: str) -> None:  # type: ignore[no-untyped-def]
    reply = language.reply
    for wish in [wish for wish in reply.anonymous[:5] if not set(wish) & set(".,:")]:
        asked = form.format(label=reply.question[0], wish=wish, question=QUESTION)
        found = read_in(language.tag, f"{reply.tried[0]}: OpenPLC 4.\n{asked}")
        assert (found.anonymous, found.questions, found.tried) == (True, (QUESTION,), "OpenPLC 4."), asked


@pytest.mark.parametrize(
    "text",
    ["Who knows?\n\nMy question without my name please.", "Who knows? A question without my name, please."],
)
def test_a_wish_that_heads_nothing_goes_whole(text: str) -> None:
    found = replied(text)
    assert found.anonymous
    assert found.questions == ("Who knows?",)
