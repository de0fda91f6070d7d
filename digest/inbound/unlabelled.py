"""Owns the reading of paragraphs without labels: first what was tried, then what did not work, then what is asked.
It must never take a rhetorical question out of its story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.inbound.draft import Draft
from digest.inbound.lexicon import Lexicon
from digest.inbound.paragraphs import is_item, lines_as_meant, paragraphs_of
from digest.inbound.question_list import split_questions
from digest.inbound.questions import Asked, asked
from digest.inbound.sentences import Sentence, sentences_of
from digest.inbound.wording import words_of


@dataclass(frozen=True, slots=True)
class Told:
    """One unit of text: what it states, what it asks, and which hints of a part its statement holds."""

    statement: str
    question: str
    tried: bool
    failed: bool


def read_unlabelled(text: str, lexicons: Sequence[Lexicon], draft: Draft) -> None:
    """Distribute a text that names no parts."""
    units = units_of(text)
    last_asking = max((i for i, unit in enumerate(units) if _has_question(unit, lexicons)), default=-1)
    told = [
        _told(unit, lexicons, final=i >= last_asking, alone=len(units) == 1 or i == 0)
        for i, unit in enumerate(units)
    ]
    _state(told, lexicons, draft)
    for one in told:
        for question in split_questions(one.question, lexicons) if one.question else []:
            draft.add("question", question)


def units_of(text: str) -> list[str]:
    """Paragraphs, and lines that their writer ended; a list stays with the words that lead to it."""
    units: list[str] = []
    for paragraph in paragraphs_of(text):
        for line in lines_as_meant(paragraph):
            if units and is_item(line) and (units[-1].rstrip().endswith((":", "：")) or _is_list(units[-1])):
                units[-1] += "\n" + line
            else:
                units.append(line)
    return units


def _is_list(unit: str) -> bool:
    """Whether this unit is a lead-in with items below it."""
    lines = unit.split("\n")
    return len(lines) > 1 and is_item(lines[-1]) and lines[0].rstrip().endswith((":", "："))


def _has_question(unit: str, lexicons: Sequence[Lexicon]) -> bool:
    return any(asked(sentence, lexicons).is_question for sentence in _sentences(unit, lexicons))


def _sentences(unit: str, lexicons: Sequence[Lexicon]) -> list[Sentence]:
    return sentences_of(unit, lexicons[0].tag if lexicons else None)


def _told(unit: str, lexicons: Sequence[Lexicon], *, final: bool, alone: bool) -> Told:
    sentences = _sentences(unit, lexicons)
    ways = [asked(sentence, lexicons) for sentence in sentences]
    begin = _question_begins(sentences, ways, final=final)
    if (
        begin < len(sentences)
        and begin > 0
        and not alone
        and not any(_hints(unit[: sentences[begin].start], lexicons))
    ):
        begin = 0
    cut = sentences[begin].start if begin < len(sentences) else len(unit)
    statement = unit[:cut].strip()
    tried, failed = _hints(statement, lexicons)
    return Told(statement, unit[cut:].strip(), tried, failed)


def _question_begins(sentences: Sequence[Sentence], ways: Sequence[Asked], *, final: bool) -> int:
    """The first sentence of the question at the end of this unit; `len(sentences)` where it asks nothing.

    What is asked in the middle of a story, or before a later question, is rhetorical unless it turns to the others.
    """
    if ways and ways[0].is_question and (final or ways[0].to_others):
        return 0
    begin = len(sentences)
    for index in range(len(sentences) - 1, -1, -1):
        if ways[index].is_question and (final or ways[index].to_others):
            begin = index
        elif begin < len(sentences) or len(words_of(sentences[index].text)) > 6 or index < len(sentences) - 1:
            break
    return begin


def _hints(statement: str, lexicons: Sequence[Lexicon]) -> tuple[bool, bool]:
    words = [word.folded for word in words_of(statement)]
    kinds = {hit.meaning.kind for one in lexicons for hit in one.hits(words)}
    return "tried_hints" in kinds, "failed_hints" in kinds


def _state(told: Sequence[Told], lexicons: Sequence[Lexicon], draft: Draft) -> None:
    """File the statements; the second of two before a question is what did not work, as it was asked for."""
    stating = [one for one in told if one.statement]
    if len(stating) == 1:
        _one_statement(stating[0], lexicons, draft)
        return
    asks = any(one.question for one in told)
    begun = False
    for index, one in enumerate(stating):
        in_order = index == 1 and len(stating) == 2 and asks and not one.tried
        begun = (
            (begun and not (one.tried and not one.failed))
            or (one.failed and (index > 0 or not one.tried))
            or in_order
        )
        draft.add("failed" if begun else "tried", one.statement)


def _one_statement(one: Told, lexicons: Sequence[Lexicon], draft: Draft) -> None:
    """A single paragraph: what did not work begins with the first sentence that says so, and not that it was tried."""
    sentences = _sentences(one.statement, lexicons)
    hints = [_hints(sentence.text, lexicons) for sentence in sentences]
    turn = next((i for i, (tried, failed) in enumerate(hints) if failed and not tried), len(sentences))
    cut = sentences[turn].start if turn < len(sentences) else len(one.statement)
    draft.add("tried", one.statement[:cut].strip())
    draft.add("failed", one.statement[cut:].strip())
