"""Owns the longer forms of "nothing this week" and of thanks: a few clauses, one of which says it. It must never take
words for a skip that tell or ask something besides."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.inbound.lexicon import Lexicon
from digest.inbound.marks import label_marks
from digest.inbound.phrase_tree import hits_at
from digest.inbound.questions import asked
from digest.inbound.sentences import sentences_of
from digest.inbound.wording import folded

_CLAUSE = re.compile(r"[^.!?;:,()\n–—…]{1,300}")
_MOST_WORDS_OF_SKIP = 40
_MOST_WORDS_OF_THANKS = 16
_TELLING = frozenset({"tried_hints", "failed_hints"})


def is_skip(text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether this says in a few words that there is nothing this time; a person's own holiday note is one."""
    if (
        len(folded(text)) > _MOST_WORDS_OF_SKIP
        or not _says(text, "skip", lexicons)
        or label_marks(text, lexicons)
    ):
        return False
    return not any(_tells(sentence.text, lexicons) for sentence in sentences_of(text)) and not _asks(
        text, lexicons
    )


def is_thanks(text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether this only thanks, in a few words."""
    words = folded(text)
    if len(words) > _MOST_WORDS_OF_THANKS or any(asked(one, lexicons).marked for one in sentences_of(text)):
        return False
    opens = any(hit.meaning.kind == "thanks" for one in lexicons for hit in hits_at(one.inside, words, 0))
    return (opens or _says(text, "thanks", lexicons)) and not _kinds(text, lexicons) & _TELLING


def _says(text: str, kind: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether one clause, or one sentence, is a phrase of this kind and nothing else."""
    pieces = [match[0] for match in _CLAUSE.finditer(text)] + [
        sentence.text for sentence in sentences_of(text)
    ]
    return any(kind in one.whole.get(folded(piece), ()) for piece in pieces for one in lexicons)


def _tells(sentence: str, lexicons: Sequence[Lexicon]) -> bool:
    return not _says(sentence, "skip", lexicons) and bool(_kinds(sentence, lexicons) & _TELLING)


def _asks(text: str, lexicons: Sequence[Lexicon]) -> bool:
    return any(asked(sentence, lexicons).is_question for sentence in sentences_of(text))


def _kinds(text: str, lexicons: Sequence[Lexicon]) -> set[str]:
    words = folded(text)
    return {hit.meaning.kind for one in lexicons for hit in one.hits(words)}
