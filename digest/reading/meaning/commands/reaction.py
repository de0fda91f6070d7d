"""Owns the recognition of reactions: a thumb typed, or the mail that a client sends for one. It must never take words
for one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from digest.reading.wording.wording import folded

_EMOTICON = re.compile(r"[:;=8xX]['’]?[-o^]?[)\]D(P|/*]+|\+1|<3|\^\^|\\o/")
_MOST_WORDS = 18
_LINK = re.compile(r"<?https?://[^\s>]{1,2000}>?")


def _spaced(words: Iterable[str]) -> str:
    """Words as a text in which whole words alone are found."""
    return f" {' '.join(words)} "


# How Gmail, Outlook and Apple word it, folded; the person's name stands before or between.
_WORDINGS = tuple(
    _spaced(folded(wording))
    for wording in (
        "reacted to your message", "reacted via gmail", "liked your message", "hat auf ihre nachricht reagiert",
        "hat auf deine nachricht reagiert", "hat reagiert", "hat über gmail reagiert", "gefällt ihre nachricht",
        "a réagi à votre message", "a réagi via gmail", "a aimé votre message", "reaccionó a tu mensaje",
        "ha reaccionado a tu mensaje", "ha reaccionado a través de gmail", "ha reagito al tuo messaggio",
        "ha reagito tramite gmail", "heeft gereageerd op uw bericht", "heeft gereageerd op je bericht",
        "heeft gereageerd via gmail", "reagiu à sua mensagem", "reagiu através do gmail", "reagiu à tua mensagem",
        "reagerade på ditt meddelande", "har reagerat på ditt meddelande", "reagerede på din meddelelse",
        "har reageret på din besked", "reagerte på meldingen din", "har reagert på meldingen din",
        "reagoi viestiisi", "reageeris teie sõnumile", "zareagował na twoją wiadomość",
        "zareagowała na twoją wiadomość", "zareagoval na vaši zprávu", "zareagovala na vaši zprávu",
        "zareagoval na vašu správu", "reagált az üzenetére", "reagált az üzenetedre", "a reacționat la mesajul dvs",
        "a reacționat la mesajul tău", "реагира на вашето съобщение", "αντέδρασε στο μήνυμά σας",
        "reagirao je na vašu poruku", "reagirala je na vašu poruku", "odziv na vaše sporočilo",
        "iletinize tepki verdi", "mesajınıza tepki verdi", "отреагировал на ваше сообщение",
        "відреагував на ваше повідомлення", "reaģēja uz jūsu ziņojumu", "sureagavo į jūsų pranešimą",
        "הגיב להודעה שלך", "הגיבה להודעה שלך", "تفاعل مع رسالتك",
    )
)  # fmt: skip
_FIRST_WORDS = frozenset(wording.split(maxsplit=1)[0] for wording in _WORDINGS)
_APPLE = re.compile(
    r"\s*(?:liked|loved|laughed at|emphasized|disliked|questioned|gefällt|liebt|a aimé|a adoré)\s+[“\"„«]",
    re.IGNORECASE,
)


def is_reaction(text: str, attachment_types: Iterable[str] = ()) -> bool:
    """Whether a reply is a reaction and no words."""
    if any(kind.startswith("text/vnd.google.email-reaction") for kind in attachment_types):
        return True
    if _only_emoji(text) or _APPLE.match(text[:200]):
        return bool(text.strip())
    words = folded(_LINK.sub(" ", text[:2_000]))
    if len(words) > _MOST_WORDS or _FIRST_WORDS.isdisjoint(words):
        return False
    line = _spaced(words)
    return any(wording in line for wording in _WORDINGS)


def _only_emoji(text: str) -> bool:
    """Whether these are signs alone, one of them a picture or an emoticon."""
    if len(text) > 200:
        return False
    plain = _EMOTICON.sub("\u263a", text)
    if any(mark.isalnum() for mark in plain):
        return False
    return any(unicodedata.category(mark) in ("So", "Sk", "Cn") for mark in plain)
