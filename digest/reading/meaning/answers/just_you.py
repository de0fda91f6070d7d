"""Owns the wish that an answer be for its asker alone, in any wording near "just you". It must never take a story for
it, and never leave the wish itself in what is passed on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.reading.wording.lexicon import Lexicon, names_alone
from digest.reading.wording.wording import Word, folded, words_of

_SEGMENT = re.compile(r"[^.!?;:()\[\]\n–—…؟،؛。！？：（）]{1,300}")
_HYPHEN = re.compile(r"(?<=\s)-(?=\s)")
_MOST_SMALL = 5
_LONGER = 4  # letters that a language may put after a name
_SHORTEST_NAME = 3
_BEFORE, _AFTER = " \t,–—-([（", " \t\n,.!;:–—-…。！：，"


def without_just_you(text: str, lexicons: Sequence[Lexicon], names: Sequence[str] = ()) -> tuple[str, bool]:
    """The text without the wish, and whether there was one; `names` are those of whom the answer is for."""
    wished, called = False, [name for name in map(folded, names) if name]
    while (
        _may_wish(text, lexicons, named=bool(called)) and (found := _wish(text, lexicons, called)) is not None
    ):
        text, wished = _cut(text, *found), True
    return text, wished


def _may_wish(text: str, lexicons: Sequence[Lexicon], *, named: bool) -> bool:
    """Whether the words of such a wish stand in the text at all; in most there are none."""
    words = [word for word in folded(text) if not word.isdecimal()]
    if any(hit.meaning.kind == "just_you" for one in lexicons for hit in one.hits(words)):
        return True
    around = [before + after for one in lexicons for before, after in names_alone(one.tag)] if named else []
    return any(set(known).issubset(words) for known in around)


def _wish(text: str, lexicons: Sequence[Lexicon], names: Sequence[tuple[str, ...]]) -> tuple[int, int] | None:
    """Where the wish stands: a stretch between full stops or the like that says nothing else, or what follows the last
    comma of one."""
    for segment in _SEGMENT.finditer(_HYPHEN.sub("–", text)):
        if text[segment.end() : segment.end() + 1] in ("?", "؟", "？"):
            continue
        comma = segment[0].rfind(",") + 1
        for start in dict.fromkeys((0, comma)):
            words = words_of(segment[0][start:])
            vocative = start == 0 and text[segment.end() : segment.end() + 1] in (":", "\n")
            span = next((s for one in lexicons if (s := _span(words, one, names, vocative))), None)
            if span:
                begin = segment.start() + start
                return begin + span[0], begin + span[1]
    return None


def _span(
    words: Sequence[Word], one: Lexicon, names: Sequence[tuple[str, ...]], vocative: bool
) -> tuple[int, int] | None:
    """The stretch of a known phrase and of the small words around it; None where other words say more."""
    typed = [(word.folded, word) for word in words if not word.folded.isdecimal()]
    plain = [folded_word for folded_word, _ in typed]
    known = _known(plain, one, names)
    if known is None:
        return None
    rest = plain[: known[0]] + plain[known[1] :]
    if len(rest) > _MOST_SMALL or any(word in one.small.no for word in rest):
        return None
    strangers = [word for word in rest if not one.small.is_small(word)]
    called = vocative and len(strangers) == 1 and plain[-1] == strangers[0]
    return (typed[0][1].start, typed[-1][1].end) if not strangers or called else None


def _known(words: list[str], one: Lexicon, names: Sequence[tuple[str, ...]]) -> tuple[int, int] | None:
    hits = [hit for hit in one.hits(words) if hit.meaning.kind == "just_you"]
    if hits:
        best = max(hits, key=lambda hit: hit.end - hit.start)
        return best.start, best.end
    return next((found for name in names for found in [_named(words, one, name)] if found), None)


def _named(words: list[str], one: Lexicon, name: tuple[str, ...]) -> tuple[int, int] | None:
    """ "Only for Mira": the words around a name, and the name, perhaps with an ending."""
    for before, after in names_alone(one.tag):
        for length in dict.fromkeys((len(name), 1)):
            whole = len(before) + length + len(after)
            for start in range(len(words) - whole + 1):
                middle = start + len(before)
                around = (
                    tuple(words[start:middle]),
                    tuple(words[middle + length : start + whole]),
                )
                if around == (before, after) and _is_name(words[middle : middle + length], name[:length]):
                    return start, start + whole
    return None


def _is_name(words: Sequence[str], name: Sequence[str]) -> bool:
    *first, last = zip(words, name, strict=True)
    return all(word == part for word, part in first) and _nearly(*last)


def _nearly(word: str, name: str) -> bool:
    """Whether it is the name, or the name with another ending."""
    stem = name[: max(len(name) - 1, _SHORTEST_NAME)]
    return word == name or (word.startswith(stem) and len(word) <= len(name) + _LONGER)


def _cut(text: str, start: int, end: int) -> str:
    """Take it out with the marks that set it off; a number that stands before it keeps its colon."""
    while start > 0 and text[start - 1] in _BEFORE:
        start -= 1
    while end < len(text) and text[end] in ")]）":
        end += 1
    numbered = text[:start].rstrip()[-1:].isdigit()
    while end < len(text) and text[end] in _AFTER and not (numbered and text[end] == ":"):
        end += 1
    before, after = text[:start], text[end:]
    if numbered and before.strip().isdigit() and after[:1] != ":":
        return f"{before.strip()}: {after.strip()}"
    between = "" if not before or not after or before[-1].isspace() or after[0] == ":" else " "
    return (before + between + after).strip()
