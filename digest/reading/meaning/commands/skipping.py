"""Owns the longer forms of "nothing this week", of thanks and of leaving: a few clauses, one of which says it. It must
never take words for one that tell or ask something besides."""

from __future__ import annotations

from collections.abc import Sequence

from digest.reading.meaning.commands.amounting import amounts_to, clauses_of, could_amount
from digest.reading.meaning.labels.marks import label_marks
from digest.reading.meaning.sentences.questions import asked, ends_asking
from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.phrase_tree import hits_at
from digest.reading.wording.sentences import Sentence, sentences_of
from digest.reading.wording.wording import folded

_MOST_WORDS = 40
_MOST_WORDS_OF_THANKS = 16
_TELLING = frozenset({"tried_hints", "failed_hints"})


def is_skip(text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether this says in a few words that there is nothing this time; a person's own holiday note is one."""
    if not _says(text, "skip", lexicons) or label_marks(text, lexicons) or _asks(text, lexicons):
        return False
    return not any(_tells(sentence, lexicons) for sentence in sentences_of(text))


def is_leaving(text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether this asks, first of all, to be sent no more."""
    first = sentences_of(text)[:1]
    return bool(first) and _says(first[0].text, "unsubscribe", lexicons) and not label_marks(text, lexicons)


def is_plain_thanks(text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether this thanks, and does not say that there is nothing ("Thanks, nothing this week")."""
    words = folded(text)
    nothing = any(not one.small.no.isdisjoint(words) for one in lexicons)
    return any(_opens_thanking(words, one) for one in lexicons) and not nothing and is_thanks(text, lexicons)


def is_thanks(text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether this only thanks, in a few words."""
    words = folded(text)
    if len(words) > _MOST_WORDS_OF_THANKS or any(ends_asking(one.text) for one in sentences_of(text)):
        return False
    thanking = any(_opens_thanking(words, one) for one in lexicons) or _is_clause(text, "thanks", lexicons)
    thanking = thanking or amounts_to(words, "thanks", lexicons, strangers=0)
    return thanking and not _kinds(text, lexicons) & _TELLING


def _opens_thanking(words: Sequence[str], one: Lexicon) -> bool:
    """Whether the text begins with a phrase of thanks that is more than a "please"."""
    hits = [hit for hit in hits_at(one.inside, words, 0) if hit.meaning.kind == "thanks"]
    return any(not set(words[hit.start : hit.end]) <= one.small.please for hit in hits)


def _says(text: str, kind: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether a clause of this short text amounts to a phrase of this kind."""
    words = folded(text)
    if len(words) > _MOST_WORDS or not could_amount(words, kind, lexicons):
        return False
    return any(amounts_to(words, kind, lexicons) for words in clauses_of(text))


def _is_clause(text: str, kind: str, lexicons: Sequence[Lexicon]) -> bool:
    return any(kind in one.whole.get(words, ()) for words in clauses_of(text) for one in lexicons)


def _tells(sentence: Sentence, lexicons: Sequence[Lexicon]) -> bool:
    return not _says(sentence.text, "skip", lexicons) and bool(_kinds(sentence.text, lexicons) & _TELLING)


def _asks(text: str, lexicons: Sequence[Lexicon]) -> bool:
    return any(asked(sentence, lexicons).is_question for sentence in sentences_of(text))


def _kinds(text: str, lexicons: Sequence[Lexicon]) -> set[str]:
    words = folded(text)
    return {hit.meaning.kind for one in lexicons for hit in one.hits(words)}
