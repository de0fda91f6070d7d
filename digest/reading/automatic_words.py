"""Owns the words by which absence notes betray themselves, in subject and body. It must never find one in a
quotation."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from digest.languages import languages, phrases
from digest.languages.spelling import normal
from digest.reading.mime.message import ParsedMessage
from digest.reading.wording.language_guess import likely_languages
from digest.reading.wording.lexicon import lexicons
from digest.reading.wording.phrase_tree import Meaning, Node, hits_in, plant
from digest.reading.wording.sentences import ASKING
from digest.reading.wording.wording import folded, folded_phrases

_REPLY_PREFIX = re.compile(
    r"(?:re|aw|sv|vs|antw|odp|ynt|ref|rif|fwd?|wg|tr|vb|enc|r|res|vá|απ|nf|hd|σχετ|yht|atb|rv)(?:\[\d{1,3}\])?\s{0,4}:\s{0,4}",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_MOST_WORDS = 8
_LOOKED_AT = 3_000
_LONGEST_NOTE = 800
_SHORTEST_NOTHING = 4
_LANGUAGES = 2


def automatic_subject(subject: str) -> Literal["sure", "maybe"] | None:
    """Whether a subject begins as automatic ones do: `sure` if what follows is set off and nobody answered it."""
    answered = _REPLY_PREFIX.match(subject)
    bare = subject
    while prefix := _REPLY_PREFIX.match(bare):
        bare = bare[prefix.end() :]
    found = _known_beginning(normal(bare[:200]))
    if not found:
        return None
    return "maybe" if answered or found == "word" else "sure"


def _known_beginning(subject: str) -> Literal["set off", "word"] | None:
    """The longest known beginning, and whether a colon or nothing follows it."""
    known = phrases("automatic", "subjects")
    words = subject.split(" ")
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        typed = " ".join(words[:count])
        bare = typed.rstrip(":-–—!.,")
        if bare in known or typed in known:
            return "set off" if typed != bare or count == len(words) else "word" if count > 1 else None
    return None


def says_away(message: ParsedMessage) -> int:
    """How many phrases of absence notes the unquoted words hold."""
    body = _unquoted(message)
    words = folded(body)
    if _telling_words().isdisjoint(words):
        return 0
    tags = likely_languages(body, _LANGUAGES)
    found = {words[hit.start : hit.end] for tag in tags for hit in hits_in(_tree(tag), words)}
    return len([one for one in found if not any(one != other and _inside(one, other) for other in found)])


def is_bare_note(message: ParsedMessage) -> bool:
    """Whether a message is short, quotes nothing, asks nothing, and does not say that there is nothing to report: so
    a program's absence note is, and hardly ever a person's reply."""
    body = _unquoted(message).strip()
    if len(body) > _LONGEST_NOTE or any(mark in body for mark in ASKING) or _quotes(message):
        return False
    nothing = {
        words[0]
        for one in lexicons(likely_languages(body, _LANGUAGES))
        for words in one.small.nothing
        if len(words) == 1
    }
    return not any(len(word) >= _SHORTEST_NOTHING and word in nothing for word in folded(body))


def _quotes(message: ParsedMessage) -> bool:
    text = message.text or ""
    return "\n>" in text or "\n---" in text or "<blockquote" in (message.html or "")


def _inside(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) < len(other) and any(
        other[at : at + len(one)] == one for at in range(len(other) - len(one) + 1)
    )


def _unquoted(message: ParsedMessage) -> str:
    body = message.text if message.text is not None else _TAG.sub(" ", (message.html or "")[: _LOOKED_AT * 8])
    kept: list[str] = []
    for line in body[:_LOOKED_AT].split("\n"):
        if line.startswith(">"):
            break
        kept.append(line)
    return "\n".join(kept)


@cache
def _telling_words() -> frozenset[str]:
    """The longest word of each phrase of any language: where none of them is, there is no phrase."""
    every = (phrase for language in languages() for phrase in folded_phrases(language.automatic.phrases))
    return frozenset(max(phrase, key=len) for phrase in every if phrase)


@cache
def _tree(tag: str) -> Node:
    root = Node()
    for language in languages():
        if language.tag == tag:
            for phrase in folded_phrases(language.automatic.phrases):
                plant(root, phrase, Meaning("away", tag))
    return root
