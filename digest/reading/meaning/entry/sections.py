"""Owns the way from newly written words to the parts of an entry: under our headings, by labels, by numbers, by
paragraphs. It must never put words into two parts, nor drop any that are not greeting or closing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.reading.meaning.entry.draft import Draft, Sections
from digest.reading.meaning.entry.unlabelled import read_unlabelled
from digest.reading.meaning.labels.marks import Mark, label_marks
from digest.reading.meaning.labels.numbered_parts import number_marks
from digest.reading.meaning.labels.symbol_marks import symbol_marks
from digest.reading.meaning.labels.table import columns_of
from digest.reading.meaning.labels.words import section_named
from digest.reading.meaning.sentences.numbering import number_at
from digest.reading.meaning.sentences.paragraphs import (
    is_item,
    item_words,
    paragraph_spans,
    without_blank_ends,
)
from digest.reading.meaning.sentences.question_list import asks, split_questions
from digest.reading.wording.lexicon import SECTIONS, Lexicon, Section
from digest.reading.wording.sentences import ASKING
from digest.reading.wording.wording import Word, folded, words_of
from digest.reading.written.reply_blocks import Block

_MOST_WORDS = 14
_MOST_WORDS_OF_NOTHING = 6
_LONGEST_NOTHING = 80
_CLAUSE = re.compile(r"[,;.!]")
_RULE = " \t-_=*~·•–—|+"
__all__ = ["Sections", "sections_of"]


def sections_of(blocks: Sequence[Block], lexicons: Sequence[Lexicon], *, numbers: bool = True) -> Sections:
    """The parts of an entry in these blocks. With `numbers=False` the mail that was answered numbers something else."""
    draft = Draft()
    inline = any(section_under(block, lexicons) for block in blocks)
    for block in blocks:
        if block.doubtful or (inline and _points_below(block, lexicons)):
            draft.add(None, block.text.strip())
        elif block.kind == "words":
            _read_block(block, lexicons, draft, numbers)
    return draft.finished()


def _points_below(block: Block, lexicons: Sequence[Lexicon]) -> bool:
    """Whether this is a line above answers that stand under our headings ("See below in blue.")."""
    short = len(words_of(block.text)) <= _MOST_WORDS and "\n" not in block.text.strip()
    return short and section_under(block, lexicons) is None and not asks(block.text, lexicons)


def _read_block(block: Block, lexicons: Sequence[Lexicon], draft: Draft, numbers: bool) -> None:
    under = section_under(block, lexicons)
    text = block.text
    columns = columns_of(text, lexicons) if "\t" in text else []
    for section, cell in columns:
        file_part(section, cell, lexicons, draft)
    if columns:
        return
    marks = label_marks(text, lexicons) or symbol_marks(text)
    if not marks and under is None and numbers:
        marks = number_marks(text, lambda part: asks(part, lexicons), lexicons)
    if marks:
        _read_marked(text, marks, under, lexicons, draft)
    elif under:
        file_part(under, text, lexicons, draft)
    else:
        read_unlabelled(text, lexicons, draft)


def section_under(block: Block, lexicons: Sequence[Lexicon]) -> Section | None:
    """The part under whose heading, quoted or typed anew, this block stands: by its words, else by its number (a
    facilitator may have changed the words)."""
    above = next((line for line in reversed(block.under) if line.strip()), "")
    heading = block.heading or ""
    if above and heading and folded(above) != folded(heading):
        heading = ""  # more of our text stands between
    section = section_named(_without_number(heading or above), lexicons)
    if section:
        return section
    number = number_at(heading or above)
    asks_for_it = (
        number and number.marked and number.value <= len(SECTIONS) and (heading or above)[-1:] in ASKING
    )
    return SECTIONS[number.value - 1] if number and asks_for_it else None


def _without_number(heading: str) -> tuple[Word, ...]:
    number = number_at(heading)
    return words_of(heading[number.end :] if number else heading)[:_MOST_WORDS]


def _read_marked(
    text: str, marks: Sequence[Mark], under: Section | None, lexicons: Sequence[Lexicon], draft: Draft
) -> None:
    _read_before(text[: marks[0].start], {mark.section for mark in marks}, under, lexicons, draft)
    ends = [mark.start for mark in marks[1:]] + [len(text)]
    parts = [indented(text, mark.content, end) for mark, end in zip(marks, ends, strict=True)]
    for mark, part in zip(marks[:-1], parts, strict=False):
        file_part(mark.section, part, lexicons, draft)
    asked_apart = all(mark.section != "question" for mark in marks)
    _read_last(marks[-1].section, parts[-1], lexicons, draft, asked_apart=asked_apart)


def _read_last(
    section: Section, text: str, lexicons: Sequence[Lexicon], draft: Draft, *, asked_apart: bool
) -> None:
    """The last part; where no label names a question, paragraphs at the end that ask are one."""
    _, *others = list(paragraph_spans(text)) or [(0, len(text))]
    cut = len(text)
    for start, end in reversed(others if asked_apart else []):
        if not asks(text[start:end], lexicons):
            break
        cut = start
    file_part(section, text[:cut], lexicons, draft)
    file_part("question", text[cut:], lexicons, draft)


def _read_before(
    text: str, named: set[Section], under: Section | None, lexicons: Sequence[Lexicon], draft: Draft
) -> None:
    """Words above the first label: a part that no label names, if they show which one; else undecided."""
    if not text.strip():
        return
    if under:
        file_part(under, text, lexicons, draft)
        return
    guess = Draft()
    read_unlabelled(text, lexicons, guess)
    parts = guess.finished()
    draft.add(None if "tried" in named else "tried", parts.tried or "")
    draft.add(None if "failed" in named else "failed", parts.failed or "")
    for question in parts.questions:
        draft.add("question", question)


def file_part(section: Section, text: str, lexicons: Sequence[Lexicon], draft: Draft) -> None:
    """File the content of a part that was named; "nothing" and the like leave it empty."""
    text = _without_rules(text)
    content = _trimmed(text)
    if says_nothing(content, lexicons):
        return
    if section == "question":
        for question in split_questions(text, lexicons):
            if not says_nothing(question, lexicons):
                draft.add("question", question)
    else:
        draft.add(section, content)


def indented(text: str, start: int, end: int) -> str:
    """`text[start:end]`, its first line as far to the right as it stood: its width shows where lines were wrapped."""
    return " " * (start - text.rfind("\n", 0, start) - 1) + text[start:end]


def _without_rules(text: str) -> str:
    """Without drawn lines at either end: they stand between the parts, or below a heading."""
    lines = text.split("\n")
    while lines and lines[-1].strip(_RULE) == "":
        lines.pop()
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if lines and first and lines[first].strip(_RULE) == "":
        del lines[: first + 1]
    return "\n".join(lines)


def _trimmed(text: str) -> str:
    """A part's content without the marks that only set it off: a separator at the end, the bullet of a single item."""
    content = without_blank_ends(text).rstrip(";|/,").rstrip()
    filled = [line for line in content.split("\n") if line.strip()]
    if len(filled) == 1:
        return item_words(content).strip() if is_item(content) else content.strip()
    return content if filled and is_item(filled[0]) else content.lstrip()


def says_nothing(text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether a part holds only marks, or words that say that there is nothing ("none for now", "nope, all good")."""
    if len(text) > _LONGEST_NOTHING:
        return False
    if _denies(folded(text), lexicons):
        return True
    return all(_denies(folded(clause), lexicons) for clause in _CLAUSE.split(text))


def _denies(words: tuple[str, ...], lexicons: Sequence[Lexicon]) -> bool:
    return not words or any(_denies_in(words, one) for one in lexicons)


def _denies_in(words: tuple[str, ...], one: Lexicon) -> bool:
    small = one.small
    if words in small.nothing:
        return True
    short = len(words) <= _MOST_WORDS_OF_NOTHING and any((word,) in small.nothing for word in words)
    return short and all(
        (word,) in small.nothing or word in small.no or small.is_small(word) for word in words
    )
