"""Owns the telling apart of several questions that stand together. It must never lose the words between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.reading.meaning.sentences.paragraphs import is_item, item_words, typed_lines
from digest.reading.meaning.sentences.questions import asked
from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.phrase_tree import hits_at
from digest.reading.wording.sentences import sentences_of
from digest.reading.wording.wording import folded, words_of

_FEW_WORDS = 4
_MOST_WORDS_OF_LEAD = 8


@dataclass(frozen=True, slots=True)
class _Piece:
    """`text[start:end]`: a list item (`is_item`), or a sentence; `first` in its line; `asks` for itself."""

    start: int
    end: int
    first: bool
    asks: bool
    words: int
    is_item: bool = False


def split_questions(text: str, lexicons: Sequence[Lexicon]) -> list[str]:
    """The questions in a part that is all question: one for each paragraph, line, list item or sentence that asks;
    words that do not ask stay, as typed, with the question they stand beside."""
    pieces = list(_pieces(text, lexicons))
    if all(piece.is_item for piece in pieces[1:]):
        pieces = _without_lead_in(pieces, text)
    starts = _question_starts(pieces)
    ends = [*starts[1:], len(text)]
    found = [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    many = len(found) > 1
    return [item_words(one) if many or is_item(one) else one for one in found if one]


def _without_lead_in(pieces: list[_Piece], text: str) -> list[_Piece]:
    """Without a line that only says that questions follow ("Two questions:")."""
    first = pieces[0] if len(pieces) > 1 else None
    leads = first and not first.asks and text[first.start : first.end].rstrip()[-1:] in (":", "：")
    return pieces[1:] if leads and first and first.words < _MOST_WORDS_OF_LEAD else pieces


def asks(piece: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether this piece of text ends by asking."""
    sentences = sentences_of(piece, _language(lexicons))
    return bool(sentences) and asked(sentences[-1], lexicons).is_question


def _pieces(text: str, lexicons: Sequence[Lexicon]) -> Iterator[_Piece]:
    """The list items of a list of questions, else the sentences."""
    lines = list(typed_lines(text))
    items = [line for _, line in lines if is_item(line)]
    as_items = len(items) > 1 and all(_item_asks(line, lexicons) for line in items)
    for start, line in lines:
        if as_items:
            yield _Piece(
                start, start + len(line), True, _item_asks(line, lexicons), len(words_of(line)), is_item(line)
            )
            continue
        for at, sentence in enumerate(sentences_of(line, _language(lexicons))):
            is_question = asked(sentence, lexicons).is_question
            begin, end = start + sentence.start, start + sentence.end
            yield _Piece(begin, end, at == 0, is_question, len(words_of(sentence.text)))


def _question_starts(pieces: Sequence[_Piece]) -> list[int]:
    """Where each question begins: after a piece that asks, if another asks further on; a short one that goes on
    ("And if not?") belongs to the one before."""
    starts = [pieces[0].start if pieces else 0]
    open_start: int | None = None
    closed = False
    for piece in pieces:
        if open_start is None:
            open_start = piece.start
        if not piece.asks:
            continue
        goes_on = not piece.first and open_start == piece.start and piece.words < _FEW_WORDS
        if closed and not goes_on:
            starts.append(open_start)
        closed, open_start = True, None
    return starts


def _item_asks(line: str, lexicons: Sequence[Lexicon]) -> bool:
    words = folded(item_words(line))
    opens = any(
        hit.meaning.kind == "question_words" for one in lexicons for hit in hits_at(one.inside, words, 0)
    )
    return opens or asks(line, lexicons)


def _language(lexicons: Sequence[Lexicon]) -> str | None:
    return lexicons[0].tag if lexicons else None
