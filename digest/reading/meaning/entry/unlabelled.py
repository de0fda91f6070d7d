"""Owns the reading of paragraphs without labels: first what was tried, then what did not work, then what is asked.
It must never take a rhetorical question out of its story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.reading.meaning.entry.draft import Draft
from digest.reading.meaning.entry.placing import placed
from digest.reading.meaning.sentences.evidence import evidence_in
from digest.reading.meaning.sentences.paragraphs import is_item, item_words, typed_lines, without_blank_ends
from digest.reading.meaning.sentences.question_list import split_questions
from digest.reading.meaning.sentences.questions import Asked, asked
from digest.reading.wording.lexicon import Lexicon, Section
from digest.reading.wording.sentences import Sentence, sentences_of
from digest.reading.wording.wording import words_of

_ASIDE = 6  # words: a sentence so short may stand after a question ("Would be great.")
_LEAD_IN = 12  # words: "Two quick ones:"


@dataclass(frozen=True, slots=True)
class Told:
    """One unit of a text: its statement `text[start:turn]` and its question `text[turn:end]`, either maybe empty."""

    start: int
    turn: int
    end: int

    @property
    def states(self) -> bool:
        return self.start < self.turn


@dataclass(frozen=True, slots=True)
class _Unit:
    """`text[start:end]`, its sentences, and how each of them asks."""

    start: int
    end: int
    sentences: Sequence[Sentence]
    ways: Sequence[Asked]


def read_unlabelled(text: str, lexicons: Sequence[Lexicon], draft: Draft) -> None:
    """Distribute a text that names no parts."""
    told: list[Told] = []
    for one in _told_in(text, lexicons):
        if _is_lead_in(text[one.start : one.end]):
            draft.add(None, text[one.start : one.end].strip())
        else:
            told.append(one)
    stating = [one for one in told if one.states]
    if len(stating) == 1:
        stating = _by_sentence(text, stating[0], lexicons)
    sections = placed([evidence_in(text[one.start : one.turn], lexicons) for one in stating])
    for section, start, end in _joined(text, stating, sections):
        draft.add(section, _as_part(text[start:end]))
    for one in told:
        for question in split_questions(text[one.turn : one.end].strip("\n"), lexicons):
            draft.add("question", question)


def _is_lead_in(unit: str) -> bool:
    """Whether this only says that something follows."""
    return unit.rstrip().endswith((":", "：")) and len(words_of(unit)) <= _LEAD_IN


def _told_in(text: str, lexicons: Sequence[Lexicon]) -> list[Told]:
    units = [_unit(text, start, end, lexicons) for start, end in units_of(text)]
    asking = [i for i, unit in enumerate(units) if any(way.is_question for way in unit.ways)]
    last = asking[-1] if asking else -1
    return [_told(text, unit, lexicons, final=i >= last, opening=i == 0) for i, unit in enumerate(units)]


def _unit(text: str, start: int, end: int, lexicons: Sequence[Lexicon]) -> _Unit:
    sentences = _sentences(text[start:end], lexicons)
    return _Unit(start, end, sentences, [asked(one, lexicons) for one in sentences])


def units_of(text: str) -> list[tuple[int, int]]:
    """Paragraphs, and lines that their writer ended, as `text[start:end]`; a list stays with the words that lead
    to it."""
    units: list[tuple[int, int]] = []
    for start, line in typed_lines(text):
        if units and is_item(line) and _leads_to_list(text[units[-1][0] : units[-1][1]]):
            units[-1] = (units[-1][0], start + len(line))
        else:
            units.append((start, start + len(line)))
    return units


def _leads_to_list(unit: str) -> bool:
    lines = unit.split("\n")
    return lines[0].rstrip().endswith((":", "：")) or lines[-1].rstrip().endswith((":", "："))


def _sentences(unit: str, lexicons: Sequence[Lexicon]) -> list[Sentence]:
    return list(sentences_of(unit, lexicons[0].tag if lexicons else None))


def _told(text: str, unit: _Unit, lexicons: Sequence[Lexicon], *, final: bool, opening: bool) -> Told:
    sentences = unit.sentences
    begin = _question_begins(sentences, unit.ways, lexicons, final=final)
    if 0 < begin < len(sentences) and not opening:
        before = text[unit.start : unit.start + sentences[begin].start]
        begin = begin if _shows(before, lexicons) else 0  # what leads to a question of its own belongs to it
    turn = unit.start + sentences[begin].start if begin < len(sentences) else unit.end
    return Told(unit.start, turn if begin else unit.start, unit.end)


def _shows(statement: str, lexicons: Sequence[Lexicon]) -> bool:
    shown = evidence_in(statement, lexicons)
    return shown.tried or shown.failed


def _question_begins(
    sentences: Sequence[Sentence], ways: Sequence[Asked], lexicons: Sequence[Lexicon], *, final: bool
) -> int:
    """The first sentence of the question in this unit; `len(sentences)` where it asks nothing.

    What is asked in the middle of a story, or before a later question, is rhetorical unless it turns to the others.
    """
    if all(way.is_question for way in ways) or _opens_asking(sentences, ways, lexicons, final=final):
        return 0
    begin = len(sentences)
    for index in range(len(sentences) - 1, -1, -1):
        if ways[index].is_question and (final or ways[index].to_others):
            begin = index
        elif (
            begin < len(sentences) or index < len(sentences) - 1 or not _is_aside(sentences[index], lexicons)
        ):
            break
    if begin == len(sentences):
        # A question in so many words may have its reasons after it.
        return next((i for i, way in enumerate(ways) if way.marked and way.hinted and final), begin)
    return begin


def _opens_asking(
    sentences: Sequence[Sentence], ways: Sequence[Asked], lexicons: Sequence[Lexicon], *, final: bool
) -> bool:
    """Whether a question comes first and its story after it."""
    if not ways[0].is_question:
        return False
    rest = " ".join(sentence.text for sentence in sentences[1:])
    return ways[0].to_others or (final and not evidence_in(rest, lexicons).tried)


def _is_aside(sentence: Sentence, lexicons: Sequence[Lexicon]) -> bool:
    return len(words_of(sentence.text)) <= _ASIDE and not _shows(sentence.text, lexicons)


def _by_sentence(text: str, one: Told, lexicons: Sequence[Lexicon]) -> list[Told]:
    """A single statement by its sentences, a list in it kept whole."""
    unit = text[one.start : one.turn]
    if any(is_item(line) for line in unit.split("\n")):
        return [one]
    sentences = _sentences(unit, lexicons)
    return [Told(one.start + each.start, one.start + each.end, one.start + each.end) for each in sentences]


def _joined(
    text: str, stating: Sequence[Told], sections: Sequence[Section]
) -> list[tuple[Section, int, int]]:
    """Neighbouring statements of one part as one stretch of the text, if nothing else stands between them."""
    found: list[tuple[Section, int, int]] = []
    for one, section in zip(stating, sections, strict=True):
        if found and found[-1][0] == section and not text[found[-1][2] : one.start].strip():
            found[-1] = (section, found[-1][1], one.turn)
        else:
            found.append((section, one.start, one.turn))
    return found


def _as_part(typed: str) -> str:
    """A stretch without blank ends; the bullet of a single item only set it off."""
    bare = without_blank_ends(typed)
    lines = [line for line in bare.split("\n") if line.strip()]
    return item_words(bare) if len(lines) == 1 and is_item(bare) else bare
