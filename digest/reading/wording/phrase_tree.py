"""Owns the finding of many phrases in one pass over the words of a text. It must never know what a phrase is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Meaning(NamedTuple):
    """What a phrase stands for, and in which language (a tag)."""

    kind: str
    tag: str


class Hit(NamedTuple):
    """A phrase found: `words[start:end]` of the text."""

    start: int
    end: int
    meaning: Meaning


@dataclass(slots=True)
class Node:
    """One word further into the phrases that begin alike."""

    onward: dict[str, Node] = field(default_factory=dict[str, "Node"])
    meanings: list[Meaning] = field(default_factory=list[Meaning])


def plant(root: Node, phrase: Sequence[str], meaning: Meaning) -> None:
    """Add a phrase of folded words; one without words is no phrase."""
    node = root
    for word in phrase:
        node = node.onward.setdefault(word, Node())
    if phrase and meaning not in node.meanings:
        node.meanings.append(meaning)


def hits_at(root: Node, words: Sequence[str], start: int) -> Iterator[Hit]:
    """Every phrase that begins at this word, shortest first."""
    node = root
    for end in range(start, len(words)):
        following = node.onward.get(words[end])
        if following is None:
            return
        node = following
        for meaning in node.meanings:
            yield Hit(start, end + 1, meaning)


def hits_in(root: Node, words: Sequence[str]) -> Iterator[Hit]:
    """Every phrase in these words, in the order of their first words."""
    onward = root.onward
    for start, word in enumerate(words):
        if word in onward:
            yield from hits_at(root, words, start)
