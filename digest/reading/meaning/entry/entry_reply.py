"""Owns replies that are an entry, or the correction of one. It must never file what is in doubt."""

from __future__ import annotations

from dataclasses import replace

from digest.reading.meaning.entry.correction import correction_in
from digest.reading.meaning.entry.draft import Draft, Sections
from digest.reading.meaning.entry.sections import file_part, sections_of
from digest.reading.meaning.labels.marks import label_marks
from digest.reading.meaning.preparing.typed import Typed
from digest.reading.meaning.reading import Reading


def corrected(reading: Reading, typed: Typed) -> Reading | None:
    found = correction_in(typed.text, typed.lexicons)
    if found is None:
        return None
    if found.section is None:
        parts = _parts_of_unnamed(_with_text(typed, found.text))
    else:
        draft = Draft()
        file_part(found.section, found.text, typed.lexicons, draft)
        parts = draft.finished()
    return _with_parts(replace(reading, intent="correction", anonymous=typed.anonymous), parts)


def _parts_of_unnamed(typed: Typed) -> Sections:
    """A correction that names no part: by its own labels; a statement without any is for its writer to place."""
    parts = sections_of(typed.blocks, typed.lexicons)
    if parts.failed is None and not parts.questions and not label_marks(typed.text, typed.lexicons):
        return Sections(undecided=(typed.text,))
    return parts


def _with_text(typed: Typed, text: str) -> Typed:
    return replace(typed, blocks=(replace(typed.blocks[0], text=text),))


def as_entry(reading: Reading, typed: Typed) -> Reading:
    parts = sections_of(typed.blocks, typed.lexicons, numbers=typed.answered != "questions")
    parts = replace(parts, undecided=parts.undecided + typed.beyond)
    said = not parts.is_empty or bool(parts.undecided)
    found = replace(reading, intent="entry" if said else "skip", anonymous=typed.anonymous, said=typed.text)
    return _with_parts(found, parts)


def _with_parts(reading: Reading, parts: Sections) -> Reading:
    return replace(
        reading,
        tried=parts.tried,
        failed=parts.failed,
        questions=parts.questions,
        undecided=parts.undecided,
    )
