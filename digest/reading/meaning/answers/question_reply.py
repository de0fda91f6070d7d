"""Owns replies to questions: answers, offers to help, "same here". It must never take the parts of an entry for
them."""

from __future__ import annotations

from dataclasses import replace

from digest.reading.meaning.answers.just_you import without_just_you
from digest.reading.meaning.answers.numbered import names_question, numbered_answers, offers
from digest.reading.meaning.answers.same import is_same, same_numbers
from digest.reading.meaning.labels.marks import label_marks
from digest.reading.meaning.preparing.typed import Typed
from digest.reading.meaning.reading import Intent, Reading
from digest.reading.meaning.sentences.evidence import evidence_in
from digest.reading.meaning.sentences.numbering import number_at
from digest.reading.meaning.sentences.question_list import asks
from digest.reading.wording.wording import folded
from digest.reading.written.reply_blocks import Block

_MOST_STRANGERS = 3
_PARTS = 3  # of an entry, which people number, too


def offered_help(reading: Reading, typed: Typed) -> Reading | None:
    parts = numbered_answers(typed.text, typed.lexicons)
    if len(parts) > 1 and any(offers(words, typed.lexicons) is None for _, words in parts):
        return None  # an answer stands beside it
    helps = offers(
        typed.text, typed.lexicons, strangers=_MOST_STRANGERS if typed.answered == "questions" else 0
    )
    return None if helps is None else replace(reading, intent="help", helps=helps)


def said_same(reading: Reading, typed: Typed) -> Reading | None:
    """ "Same 14": no answer and no offer, though it is filed as what is said to a question."""
    numbers = same_numbers(typed.text, typed.lexicons)
    if not numbers or (typed.answered == "prompt" and max(numbers) <= _PARTS):
        return None
    return replace(reading, intent="answer", sames=numbers)


def answered_questions(reading: Reading, typed: Typed) -> Reading | None:
    text, just_you = without_just_you(typed.text, typed.lexicons, typed.askers)
    numbered = numbered_answers(text, typed.lexicons)
    numbered = numbered or (_under_questions(typed) if typed.answered == "questions" else ())
    if not numbered or not _means_questions([number for number, _ in numbered], typed):
        return None
    helps = tuple(number for number, words in numbered if offers(words, typed.lexicons) is not None)
    same = tuple(n for n, words in numbered if n not in helps and is_same(words, typed.lexicons))
    told = tuple(
        (number, bare)
        for number, words in numbered
        if number not in (*helps, *same)
        and (bare := without_just_you(words, typed.lexicons, typed.askers)[0])
    )
    found = replace(reading, numbered=told, helps=helps, sames=same or None, just_you=just_you)
    intent: Intent = "answer" if told or same else "help"
    return replace(found, intent=intent, anonymous=typed.anonymous)


def _under_questions(typed: Typed) -> tuple[tuple[int, str], ...]:
    """Answers written right below the questions that they are for, not further down, below all that was quoted."""
    found = [(number_at(_question_above(block)), block.text.strip()) for block in typed.blocks]
    return tuple((number.value, words) for number, words in found if number and number.marked)


def _question_above(block: Block) -> str:
    """The line with a question's number in the paragraph that the block stands under; "" where there is none."""
    if block.heading is not None:
        return block.heading if block.heading in block.under else ""
    return next((line for line in reversed(block.under) if (found := number_at(line)) and found.marked), "")


def _means_questions(numbers: list[int], typed: Typed) -> bool:
    """Whether these numbers are questions' numbers, and not those of the three parts."""
    if max(numbers) > 5 or typed.answered == "questions":
        return True
    if typed.answered == "prompt" or (numbers == sorted(set(numbers)) and len(numbers) > 1):
        return False
    return len(numbers) == 1 and names_question(typed.text, typed.lexicons)


def told_to_asker(reading: Reading, typed: Typed) -> Reading | None:
    """Words under our questions that are no entry by any sign: an answer, though it names no number."""
    if (
        typed.answered != "questions"
        or label_marks(typed.text, typed.lexicons)
        or asks(typed.text, typed.lexicons)
    ):
        return None
    text, just_you = without_just_you(typed.text, typed.lexicons, typed.askers)
    shown = evidence_in(text, typed.lexicons)
    if shown.failed or (shown.tried and shown.myself) or not folded(text):
        return None
    return replace(reading, intent="answer", anonymous=typed.anonymous, said=text, just_you=just_you)


def same_here(reading: Reading, typed: Typed) -> Reading:
    """ "Same here" says something to a question, and nothing by itself."""
    if typed.answered == "questions":
        return replace(reading, intent="answer", anonymous=typed.anonymous, sames=())
    return replace(reading, undecided=(typed.text,), sames=())
