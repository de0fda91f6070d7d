"""Owns the politeness inside a text: a greeting, closing words and names on a line with other words. It must never take
away words that say something; whole lines of a letter are `letter`'s."""

from __future__ import annotations

from collections.abc import Sequence

from digest.reading.wording.lexicon import Lexicon
from digest.reading.wording.phrase_tree import Node, hits_at
from digest.reading.wording.sentences import sentences_of
from digest.reading.wording.wording import Word, fold, folded, words_of

_BEHIND_GREETING = ",!.:;–—-\n،؛"
_MOST_NAMES = 3
_MOST_GREETINGS = 2  # "Hi all, hope you are well. ..."
_MOST_PIECES = 6
_SENTENCE_ENDS = ("?", "!", ":", ";")
_STRANGERS, _MOST_WORDS_OF_FORMULA = 2, 8


def without_politeness(text: str, lexicons: Sequence[Lexicon], names: Sequence[str] = ()) -> str:
    """The text without a greeting at its beginning and without closing words and names at its end."""
    known = frozenset(map(fold, names))
    for _ in range(_MOST_GREETINGS):
        whole, text = text, _without_greeting(text, lexicons)
        if text == whole:
            break
    return _without_closing(text, lexicons, known)


def _without_greeting(text: str, lexicons: Sequence[Lexicon]) -> str:
    line = text.lstrip()[:200].split("\n", 1)[0]
    end = max((_longest(one.greetings, folded(line)) for one in lexicons), default=0)
    words = words_of(line) if end else ()
    if not words or any(words[0].folded in one.small.to for one in lexicons):
        return text
    for count in range(end, min(end + _MOST_NAMES, len(words)) + 1):
        if count > end and not _may_be_name(line, words[count - 1], frozenset()):
            return text
        if _set_off(line, words, count) and not (count > end + 1 and _caseless(line[words[count - 1].start])):
            offset = len(text) - len(text.lstrip()) + words[count - 1].end
            return text[offset:].lstrip(" \t" + _BEHIND_GREETING + "🙂👋😊")
    return text


def _caseless(letter: str) -> bool:
    """Whether a script has no capitals: there every word could be a name."""
    return letter.lower() == letter.upper()


def _set_off(line: str, words: Sequence[Word], count: int) -> bool:
    if count == len(words):
        return True
    between = line[words[count - 1].end : words[count].start]
    return any(mark in between for mark in _BEHIND_GREETING if mark != "-") or " - " in between


def _longest(tree: Node, words: Sequence[str]) -> int:
    return max((hit.end for hit in hits_at(tree, words, 0)), default=0)


def _without_closing(text: str, lexicons: Sequence[Lexicon], names: frozenset[str]) -> str:
    """Take polite sentences and names off the end, one after the other."""
    kept = _without_signed_line(text.rstrip(), lexicons)
    for _ in range(_MOST_PIECES):
        tail = _last_piece(kept, lexicons[0].tag if lexicons else None)
        if not _is_polite(tail, lexicons, names, rest=kept[: len(kept) - len(tail)]):
            break
        kept = kept[: len(kept) - len(tail)].rstrip()
    return kept


def _without_signed_line(text: str, lexicons: Sequence[Lexicon]) -> str:
    """Without a last line that could be a name, if the line above it is a closing formula."""
    above, _, last = text.rpartition("\n")
    if not above.strip():
        return text
    names = words_of(last)
    if not 0 < len(names) <= _MOST_NAMES or not all(_may_be_name(last, word, frozenset()) for word in names):
        return text
    closing = above.rstrip()[above.rstrip().rfind("\n") + 1 :]
    words = words_of(closing)
    closes = any(_closes(closing, words, one, frozenset()) for one in lexicons)
    return above.rstrip() if words and closes and last.strip()[-1:] not in _SENTENCE_ENDS else text


def _last_piece(text: str, language: str | None) -> str:
    """The last sentence of the last line."""
    line = text[text.rfind("\n") + 1 :]
    sentences = sentences_of(line, language)
    return line[sentences[-1].start :] if sentences else line


def _is_polite(tail: str, lexicons: Sequence[Lexicon], names: frozenset[str], *, rest: str) -> bool:
    words = words_of(tail)
    if not words or not rest.strip():
        return False
    if len(words) > 10:
        return False
    if all(word.folded in names for word in words):
        return True
    return any(_closes(tail, words, one, names) for one in lexicons)


def _closes(tail: str, words: Sequence[Word], one: Lexicon, names: frozenset[str]) -> bool:
    """Whether this is a closing formula and names after it; a longer one may go on ("Thanks in advance for ...")."""
    end = _longest(one.closings, [word.folded for word in words])
    strangers = sum(
        not _may_be_name(tail, word, names) and not one.small.is_small(word.folded) for word in words[end:]
    )
    if end > 1:
        return strangers <= _STRANGERS and len(words) <= _MOST_WORDS_OF_FORMULA
    return end > 0 and all(_may_be_name(tail, word, names) for word in words[end:])


def _may_be_name(text: str, word: Word, names: frozenset[str]) -> bool:
    first = text[word.start]
    return word.folded in names or (first.isalpha() and not first.islower())
