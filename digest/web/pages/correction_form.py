"""Owns the names of the fields on the correction page, and what a sent form asks for. It must never believe
that an id is the sender's own; `correction` checks that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from werkzeug.datastructures import MultiDict

from digest.domain.replies.correction import Correction
from digest.domain.rounds.entry import Part
from digest.web.visit.form_text import lines

Form = MultiDict[str, str]


def wanted(form: Form, keys: Collection[str]) -> Correction:
    """text-<id>, new-<key>, as-<id>, answer-<id>, withdraw-<id>, unanswer-<id>, anonymous."""
    added = [(key, lines(form.get(f"new-{key}", ""))) for key in keys]
    return Correction(
        texts={number: lines(text) for number, text in _numbered(form, "text-")},
        added=[Part(key, text) for key, text in added if text],
        included={number: key for number, key in _numbered(form, "as-") if key in keys},
        answers={number: lines(text) for number, text in _numbered(form, "answer-")},
        withdrawn=frozenset(number for number, _ in _numbered(form, "withdraw-")),
        withdrawn_answers=frozenset(number for number, _ in _numbered(form, "unanswer-")),
        anonymous="anonymous" in form,
    )


def _numbered(form: Form, beginning: str) -> Iterator[tuple[int, str]]:
    for name, value in form.items():
        number = name.removeprefix(beginning)
        if name.startswith(beginning) and number.isascii() and number.isdigit() and len(number) < 19:
            yield int(number), value
