"""Owns the words of the languages that one reply may be in, ready for looking up. It must never read a reply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from digest.languages import Language, languages
from digest.reading.wording.phrase_tree import Hit, Meaning, Node, hits_in, plant
from digest.reading.wording.small_words import SmallWords, small_words
from digest.reading.wording.wording import folded, folded_phrases

Section = Literal["tried", "failed", "question"]
SECTIONS: tuple[Section, ...] = ("tried", "failed", "question")
# Kinds of phrases that are looked for inside a text, and kinds that are a whole text.
_INSIDE = (
    "tried_hints",
    "failed_hints",
    "question_words",
    "ask_hints",
    "anonymous",
    "correction",
    "help",
    "thanks",
    "just_you",
)
_NAME = "{}"  # stands for a name, in a phrase that is none without it
_WHOLE = (
    "anonymous", "skip", "thanks", "correction", "yes", "undo", "later", "withdraw", "pause", "resume", "stop",
    "unsubscribe", "help", "same",
)  # fmt: skip


_STEM = 7


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """One language. `labels` are looked up by their folded words, or by their length without spaces (with their
    letters, for typing mistakes); `inside` holds the phrases that stand in sentences, `whole` the kinds of phrases
    that are a whole reply, `question_words` all words of labels for questions."""

    tag: str
    labels: dict[tuple[str, ...], Section]
    labels_by_length: dict[int, list[tuple[str, frozenset[str], Section]]]
    label_tree: Node
    inside: Node
    whole: dict[tuple[str, ...], frozenset[str]]
    question_words: frozenset[str]
    greetings: Node
    closings: Node
    small: SmallWords

    def hits(self, words: Sequence[str]) -> Iterator[Hit]:
        return hits_in(self.inside, words)


def lexicons(tags: Iterable[str]) -> tuple[Lexicon, ...]:
    """The lexicons of these tags in their order, each once; unknown tags are passed over."""
    known = _by_tag()
    return tuple(lexicon(tag) for tag in dict.fromkeys(tags) if tag in known)


@cache
def lexicon(tag: str) -> Lexicon:
    """The lexicon of one known tag."""
    language = _by_tag()[tag]
    labels: dict[tuple[str, ...], Section] = {}
    for section in SECTIONS:
        for phrase in folded_phrases(language.phrases("reply", section)):
            labels.setdefault(phrase, section)
    label_tree = Node()
    for words, section in labels.items():
        plant(label_tree, words, Meaning(section, tag))
    small = small_words(language)
    inside = _tree(language, "reply", _INSIDE)
    for words in small.good:
        plant(inside, words, Meaning("good", tag))
    greetings = _tree(language, "letter", ("greetings",))
    closings = _tree(language, "letter", ("closings",))
    asking = frozenset(word for words, section in labels.items() if section == "question" for word in words)
    return Lexicon(
        tag,
        labels,
        _by_length(labels),
        label_tree,
        inside,
        _whole(language),
        asking,
        greetings,
        closings,
        small,
    )


def _by_length(
    labels: dict[tuple[str, ...], Section],
) -> dict[int, list[tuple[str, frozenset[str], Section]]]:
    found: dict[int, list[tuple[str, frozenset[str], Section]]] = {}
    for words, section in labels.items():
        joined = "".join(words)
        found.setdefault(len(joined), []).append((joined, frozenset(joined), section))
    return found


def stem(word: str) -> str:
    """The beginning of a word, without most of what inflection does at its end."""
    return word[:_STEM]


@cache
def phrases_by_stem(tag: str, kind: str) -> dict[str, list[tuple[str, ...]]]:
    """The phrases of a kind, as stems, by their first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in {
        tuple(map(stem, phrase)) for phrase in folded_phrases(_by_tag()[tag].phrases("reply", kind))
    } - {()}:
        found.setdefault(phrase[0], []).append(phrase)
    return found


@cache
def stems_of_kind(tag: str, kind: str) -> frozenset[str]:
    """All stems of the phrases of a kind."""
    return frozenset(
        word for ways in phrases_by_stem(tag, kind).values() for phrase in ways for word in phrase
    )


@cache
def names_alone(tag: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """What stands before and after the name in "only for Mira", in that language."""
    named = [phrase.partition(_NAME) for phrase in _by_tag()[tag].reply.just_you if _NAME in phrase]
    return tuple((tuple(folded(before)), tuple(folded(after))) for before, _, after in named)


def _whole(language: Language) -> dict[tuple[str, ...], frozenset[str]]:
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for kind in _WHOLE:
        for words in folded_phrases(language.phrases("reply", kind)):
            found[words] = found.get(words, frozenset()) | {kind}
    return found


def _tree(language: Language, area: str, kinds: tuple[str, ...]) -> Node:
    root = Node()
    for kind in kinds:
        meaning = Meaning(kind, language.tag)
        for phrase in folded_phrases(
            phrase for phrase in language.phrases(area, kind) if _NAME not in phrase
        ):
            plant(root, phrase, meaning)
    return root


@cache
def _by_tag() -> dict[str, Language]:
    return {language.tag: language for language in languages()}
