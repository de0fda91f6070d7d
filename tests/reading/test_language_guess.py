"""The language of a reply is guessed where it shows, and not where two languages fit alike."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from digest.reading.wording.language_guess import client_languages, guess_language

SENTENCES = {
    "ar": "جربنا العربة الكهربائية هذا الأسبوع لكن البطارية لا تكفي",
    "bg": "Тази седмица пробвахме новото фолио, но то се къса по ъглите.",
    "ca": "Aquesta setmana hem provat la pel·lícula nova, però es trenca.",
    "cs": "Tento týden jsme zkusili novou fólii, ale v rozích se trhá.",
    "da": "I denne uge har vi prøvet den nye folie, men den går i stykker i hjørnerne.",
    "de": "Wir haben diese Woche die neue Folie getestet, aber sie reißt an den Ecken.",
    "el": "Αυτή την εβδομάδα δοκιμάσαμε τη νέα μεμβράνη, αλλά σκίζεται στις γωνίες.",
    "en": "We tried the new film this week, but it tears at the corners.",
    "es": "Esta semana hemos probado la película nueva, pero se rompe en las esquinas.",
    "et": "Sel nädalal proovisime uut kilet, aga see rebeneb nurkadest.",
    "eu": "Aste honetan film berria probatu dugu, baina ertzetan hausten da.",
    "fi": "Tällä viikolla kokeilimme uutta kalvoa, mutta se repeää kulmista.",
    "fr": "Cette semaine nous avons essayé le nouveau film, mais il se déchire aux coins.",
    "ga": "Rinneamar triail ar an scannán nua an tseachtain seo, ach stróiceann sé ag na cúinní.",
    "he": "השבוע ניסינו את הסרט החדש, אבל הוא נקרע בפינות.",
    "hr": "Ovaj tjedan smo isprobali novu foliju, ali puca na kutovima.",
    "hu": "Ezen a héten kipróbáltuk az új fóliát, de a sarkoknál elszakad.",
    "is": "Í þessari viku prófuðum við nýju filmuna en hún rifnar í hornunum.",
    "it": "Questa settimana abbiamo provato la nuova pellicola, ma si strappa agli angoli.",
    "lt": "Šią savaitę išbandėme naują plėvelę, bet ji plyšta kampuose.",
    "lv": "Šonedēļ izmēģinājām jauno plēvi, bet tā plīst stūros.",
    "mk": "Оваа недела ја пробавме новата фолија, но таа се кине на аглите.",
    "nb": "Denne uka har vi prøvd den nye folien, men den revner i hjørnene.",
    "nl": "Deze week hebben we de nieuwe folie geprobeerd, maar die scheurt bij de hoeken.",
    "pl": "W tym tygodniu wypróbowaliśmy nową folię, ale pęka w rogach.",
    "pt": "Esta semana experimentámos a película nova, mas rasga-se nos cantos.",
    "ro": "Săptămâna aceasta am încercat folia nouă, dar se rupe la colțuri.",
    "ru": "На этой неделе мы попробовали новую плёнку, но она рвётся по углам.",
    "sk": "Tento týždeň sme vyskúšali novú fóliu, ale v rohoch sa trhá.",
    "sl": "Ta teden smo preizkusili novo folijo, vendar se v vogalih trga.",
    "sq": "Këtë javë provuam filmin e ri, por ai griset në qoshe.",
    "sr": "Ове недеље смо пробали нову фолију, али пуца на угловима.",
    "sv": "Den här veckan testade vi den nya folien, men den går sönder i hörnen.",
    "tr": "Bu hafta yeni folyoyu denedik ama köşelerden yırtılıyor.",
    "uk": "Цього тижня ми спробували нову плівку, але вона рветься в кутах.",
}


@pytest.mark.parametrize("tag", SENTENCES)
def test_a_sentence_betrays_its_language(tag: str) -> None:
    assert guess_language(SENTENCES[tag]) == tag


@pytest.mark.parametrize("text", ["", "14", "👍", "Jonas Meyer", "OK", "https://example.com/"])
def test_what_every_language_writes_betrays_none(text: str) -> None:
    assert guess_language(text) is None


def test_among_languages_that_fit_alike_the_expected_one_is_meant() -> None:
    assert guess_language("Nada de novo.", [{"pt"}]) == "pt"
    assert guess_language("Wir haben die neue Folie getestet.", [{"fr"}]) == "de"


def test_a_client_betrays_its_language_by_what_it_writes_itself() -> None:
    assert client_languages(["Am Di., 17. Nov. 2026 um 09:00 Uhr schrieb Packaging group:", "> Hello"]) == {
        "de"
    }
    assert client_languages(["> quoted words in English"]) == frozenset()


def test_a_text_is_guessed_alike_in_every_process() -> None:
    program = (
        "from digest.reading.wording.language_guess import ranked_languages as ranked;"
        "print(ascii(ranked('\\u00fater\\u00fd 7. dubna 2026 9:05')))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        for seed in ("0", "1")
    ]
    assert runs[0].stdout == runs[1].stdout
