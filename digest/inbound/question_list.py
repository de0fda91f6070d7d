"""Owns the telling apart of several questions that stand together. It must never lose the words between them."""

from __future__ import annotations

from collections.abc import Sequence

from digest.inbound.lexicon import Lexicon
from digest.inbound.numbering import number_at
from digest.inbound.paragraphs import is_item, lines_as_meant, paragraphs_of, without_bullet
from digest.inbound.questions import asked
from digest.inbound.sentences import sentences_of
from digest.inbound.wording import words_of


def split_questions(text: str, lexicons: Sequence[Lexicon]) -> list[str]:
    """The questions in a part that is all question: one for each paragraph, line, list item or sentence that asks;
    words that do not ask stay with the question they stand beside."""
    pieces = [line for paragraph in paragraphs_of(text) for line in lines_as_meant(paragraph)]
    if len([piece for piece in pieces if is_item(piece)]) > 1:
        return _gathered([[_item_words(piece)] for piece in pieces], lexicons)
    return _gathered([_by_sentence(piece, lexicons) for piece in pieces], lexicons)


def asks(piece: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether this piece of text ends by asking."""
    sentences = sentences_of(piece, _language(lexicons))
    return bool(sentences) and asked(sentences[-1], lexicons).is_question


def _by_sentence(paragraph: str, lexicons: Sequence[Lexicon]) -> list[str]:
    return [sentence.text for sentence in sentences_of(paragraph, _language(lexicons))]


def _language(lexicons: Sequence[Lexicon]) -> str | None:
    return lexicons[0].tag if lexicons else None


def _item_words(piece: str) -> str:
    bare = without_bullet(piece)
    number = number_at(bare)
    return bare[number.end :] if number and number.marked else bare


def _gathered(lines: list[list[str]], lexicons: Sequence[Lexicon]) -> list[str]:
    """Each asking piece closes a question; a short one that goes on ("And if not?") belongs to the one before."""
    found: list[str] = []
    waiting: list[str] = []
    for line in lines:
        for at, piece in enumerate(line):
            waiting.append(piece.strip())
            if asks(piece, lexicons):
                goes_on = at > 0 and bool(found) and len(waiting) == 1 and len(words_of(piece)) < 4
                if goes_on:
                    found[-1] += " " + waiting[0]
                else:
                    found.append(" ".join(waiting))
                waiting = []
    if waiting and found:
        found[-1] += " " + " ".join(waiting)
    elif waiting:
        found.append(" ".join(waiting))
    return found
