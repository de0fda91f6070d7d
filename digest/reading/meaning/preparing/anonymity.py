"""Owns the wish to stay unnamed, in any wording near "without my name". It must never take a story about names for it,
and never leave the wish itself in what others see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.wording import Word, folded, words_of

_STEMS = (
    "anonym",
    "anonim",
    "аноним",
    "анонім",
    "ανωνυμ",
    "אנונימ",
    "مجهول",
    "nafnlaus",
    "nimettoma",
    "anonuum",
)
_CLAUSE = re.compile(r"[^.!?;:,()\[\]\n–—…؟،؛]{1,400}")
_SENTENCE = re.compile(r"[^.!?;:()\[\]\n–—…؟؛]{1,400}")
_MOST_WORDS = 14
_MOST_WORDS_OF_PLEASE = 4
_FEW_WORDS, _STRANGERS = 9, 2  # "Can this go out without my name?"
# What sets a label off, after the wish: a mark, or that it stands alone on its line above more
_AS_HEADING = re.compile(r"[ \t*_]{0,4}(?:[:：]|[-–—]\s|\n[ \t]{0,9}\S)")
_QUOTES = ('"', "“", "„", "”", "«", "»", "‚", "‘")
_LEFT = " \t,;–—(["
_RIGHT = " \t.!?,;)]…"


@dataclass(frozen=True, slots=True)
class _Wish:
    start: int
    end: int


def without_wish(text: str, lexicons: Sequence[Lexicon]) -> tuple[str, bool]:
    """The text without the wish to stay unnamed, and whether there was one."""
    if not _may_wish(folded(text), lexicons):
        return text, False
    wishes = list(_wishes(text, lexicons))
    for wish in reversed(wishes):
        text = _cut(text, wish.start, _past_please(text, wish.end, lexicons))
    return text, bool(wishes)


def _may_wish(words: Sequence[str], lexicons: Sequence[Lexicon]) -> bool:
    """Whether any word speaks of names or of staying unnamed; most replies have none."""
    if any(word.startswith(_STEMS) for word in words):
        return True
    return any(
        any(word in one.small.name for word in words)
        or any(hit.meaning.kind == "anonymous" for hit in one.hits(words))
        for one in lexicons
    )


def _wishes(text: str, lexicons: Sequence[Lexicon]) -> Iterator[_Wish]:
    """In each stretch between full stops: the whole of it, or else clauses of it."""
    text = text.replace(" - ", " – ")  # a hyphen between spaces parts clauses; the length stays
    for sentence in _SENTENCE.finditer(text):
        heads = _AS_HEADING.match(text, sentence.end()) is not None
        whole = _wish_in(sentence[0], lexicons, heads, whole=True)
        if whole:
            yield _Wish(sentence.start() + whole.start, sentence.start() + whole.end)
            continue
        for clause in _CLAUSE.finditer(text, sentence.start(), sentence.end()):
            heads = _AS_HEADING.match(text, clause.end()) is not None
            found = _wish_in(clause[0], lexicons, heads, whole=False)
            if found:
                yield _Wish(clause.start() + found.start, clause.start() + found.end)


def _wish_in(piece: str, lexicons: Sequence[Lexicon], heads: bool, *, whole: bool) -> _Wish | None:
    words = words_of(piece)
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    if heads and (beside := _beside_label(words, lexicons)) and not _is_quoted(piece, beside[0]):
        return _Wish(beside[0].start, beside[-1].end)
    found = next((wish for one in lexicons if (wish := _wish(piece, words, one))), None)
    if found and whole and (found.start, found.end) != (words[0].start, words[-1].end):
        return None
    return found


def _wish(piece: str, words: Sequence[Word], one: Lexicon) -> _Wish | None:
    """What to cut of a clause: all of it where its other words say nothing else, the known phrase alone at its edge."""
    plain = [word.folded for word in words]
    known = _known(plain, one)
    if known is None:
        return None
    start, end = known
    if _is_quoted(piece, words[start]):
        return None
    rest = plain[:start] + plain[end:]
    if _negated(plain, start, one):
        return None
    strangers = sum(not _says_nothing_else(word, one) for word in rest)
    allowed = _STRANGERS if end - start > 2 and len(words) <= _FEW_WORDS and not _tells(plain, one) else 0
    if strangers <= allowed and not _labelled(rest, one):
        return _Wish(words[0].start, words[-1].end)
    if (end - start > 1 and (start == 0 or end == len(words))) or _labelled(rest, one):
        return _Wish(words[start].start, words[end - 1].end)
    return None


def _tells(words: list[str], one: Lexicon) -> bool:
    return any(hit.meaning.kind in ("tried_hints", "failed_hints") for hit in one.hits(words))


def _known(words: list[str], one: Lexicon) -> tuple[int, int] | None:
    hits = [hit for hit in one.hits(words) if hit.meaning.kind == "anonymous"]
    if hits:
        best = max(hits, key=lambda hit: hit.end - hit.start)
        return best.start, best.end
    stem = next((i for i, word in enumerate(words) if word.startswith(_STEMS)), None)
    if stem is not None:
        return stem, stem + 1
    names = [i for i, word in enumerate(words) if word in one.small.name]
    hides = [i for i, word in enumerate(words) if word in one.small.hide]
    if names and hides and all(_says_nothing_else(word, one) for word in words):
        return 0, len(words)
    return None


def _beside_label(words: Sequence[Word], lexicons: Sequence[Lexicon]) -> Sequence[Word]:
    """The wish after a label or in front of one, where both are all that is said ("Question without my name: ...")."""
    plain = [word.folded for word in words]
    for at in range(1, len(words)):
        for label, wish in ((slice(at), slice(at, None)), (slice(at, None), slice(at))):
            for one in lexicons:
                if _labelled(plain[label], one) and _known(plain[wish], one) == (0, len(plain[wish])):
                    return words[wish]
    return ()


def _is_quoted(piece: str, first: Word) -> bool:
    """Whether these are somebody else's words."""
    return piece[: first.start][-1:] in _QUOTES


def _negated(words: list[str], start: int, one: Lexicon) -> bool:
    before = words[start - 1] if start else ""
    return before in one.small.hide and before in one.small.common and words[start].startswith(_STEMS)


def _says_nothing_else(word: str, one: Lexicon) -> bool:
    small = one.small
    return (
        any(
            word in some
            for some in (small.around, small.common, small.please, small.name, small.hide, small.show)
        )
        or word in one.question_words
    )


def _labelled(rest: list[str], one: Lexicon) -> bool:
    return tuple(rest) in one.labels


def _past_please(text: str, end: int, lexicons: Sequence[Lexicon]) -> int:
    """Behind a polite clause that follows ("..., if you please")."""
    following = _CLAUSE.search(text, end)
    if following is None or text[end : following.start()].strip(" ,"):
        return end
    words = [word.folded for word in words_of(following[0])]
    return following.end() if any(_is_polite(words, one) for one in lexicons) else end


def _is_polite(words: Sequence[str], one: Lexicon) -> bool:
    asking = one.small.please | one.small.thank
    return (
        len(words) <= _MOST_WORDS_OF_PLEASE
        and any(word in asking for word in words)
        and all(word in asking or word in one.small.common for word in words)
    )


def _cut(text: str, start: int, end: int) -> str:
    """Take the wish out with the marks that set it off; a colon after it stays where a label stands before it."""
    while start > 0 and text[start - 1] in _LEFT:
        start -= 1
    first = start == 0 or text[start - 1] == "\n"
    while end < len(text) and (text[end] in _RIGHT or (first and text[end] == ":")):
        end += 1
    inside = start > 0 and end < len(text) and not text[start - 1].isspace() and not text[end].isspace()
    between = " " if inside and text[end] != ":" else ""
    return text[:start] + between + text[end:]
