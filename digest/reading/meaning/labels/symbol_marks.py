"""Owns the signs by which people name the parts without words: a tick, a cross, a question mark before a line. It must
never take one sign alone for a name."""

from __future__ import annotations

from digest.reading.meaning.labels.marks import Mark, line_starts
from digest.reading.wording.lexicon import Section

_SIGNS: dict[str, Section] = {
    **dict.fromkeys("✅✔☑👍🟢🧪🔨🛠💡🎯😀😊🙂", "tried"),
    **dict.fromkeys("❌✖✗✘⛔👎🔴⚠💥🐛🚫😕😞🙁☹", "failed"),
    **dict.fromkeys("❓❔🤔🙋⁉？?", "question"),
}
_TRIO: dict[str, Section] = {"+": "tried", "-": "failed", "–": "failed", "?": "question"}
_BEHIND = " \t:-–—\ufe0f"


def symbol_marks(text: str) -> list[Mark]:
    """The parts named by signs at the beginning of lines: each line by one, at least two of them different."""
    starts = line_starts(text)
    for signs in (_SIGNS, _TRIO):
        found = [mark for start in starts if (mark := _mark_at(text, start, signs))]
        named = {mark.section for mark in found}
        enough = len(named) > 1 if signs is _SIGNS else len(named) == 3
        if enough and found[0].start == starts[0]:
            return found
    return []


def _mark_at(text: str, start: int, signs: dict[str, Section]) -> Mark | None:
    begin = start
    while text[begin : begin + 1] in (" ", "\t"):
        begin += 1
    section = signs.get(text[begin : begin + 1])
    end = begin + 1
    if section is None or text[end : end + 1] not in _BEHIND:
        return None
    while end < len(text) and text[end] in _BEHIND:
        end += 1
    return Mark(start, end, section)
