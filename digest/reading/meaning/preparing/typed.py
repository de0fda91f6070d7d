"""Owns the value that the rules of intent look at: the newly written words made ready. It must never hold a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from digest.reading.meaning.preparing.anonymity import without_wish
from digest.reading.meaning.preparing.answered_mail import AnsweredKind
from digest.reading.meaning.preparing.politeness import without_politeness
from digest.reading.meaning.preparing.safe_links import unwrapped
from digest.reading.wording.lexicon import Lexicon
from digest.reading.written.reply_blocks import Block

_LONGEST = 16_000  # characters that are taken apart; what is beyond stays with its writer

_POSTSCRIPT = re.compile(r"(?<=\n)[ \t]{0,4}(?:p\.?p?\.?s\.?|n\.?b\.?)(?=[\s:,-])[ \t]?", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """What a person typed, without greeting, closing and the wish to stay unnamed; `whole` still has the wish,
    `beyond` is what is too long to be taken apart, `answered` the mail of ours that it answers, if that shows, `askers`
    the names in it."""

    blocks: tuple[Block, ...]
    whole: str
    anonymous: bool
    lexicons: tuple[Lexicon, ...]
    beyond: tuple[str, ...] = ()
    answered: AnsweredKind | None = None
    askers: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        return joined([block for block in self.blocks if not block.doubtful])


def made_ready(
    blocks: Sequence[Block],
    lexicons: tuple[Lexicon, ...],
    names: Sequence[str],
    answered: AnsweredKind | None = None,
    askers: tuple[str, ...] = (),
) -> Typed:
    """Unwrap links, take politeness off, and take the wish to stay unnamed out."""
    words = [part for block in blocks if block.kind == "words" for part in _without_postscript(block)]
    near, beyond = _within_reach([block for block in words if block.text.strip()])
    polite = [
        replace(block, text=without_politeness(unwrapped(block.text), lexicons, names)) for block in near
    ]
    bare: list[Block] = []
    anonymous = False
    for block in polite:
        text, wished = without_wish(block.text, lexicons)
        anonymous = anonymous or wished
        bare.append(replace(block, text=without_politeness(text, lexicons, names) if wished else text))
    kept = tuple(block for block in bare if block.text.strip())
    return Typed(kept, joined(polite), anonymous, lexicons, beyond, answered, askers)


def _without_postscript(block: Block) -> Iterator[Block]:
    """The block, and apart from it what is added below the closing: it belongs to no part for certain."""
    found = _POSTSCRIPT.search(block.text)
    if found is None:
        yield block
        return
    yield replace(block, text=block.text[: found.start()].rstrip())
    yield replace(block, text=block.text[found.start() :].strip(), doubtful=True)


def _within_reach(blocks: Sequence[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks up to the longest that is taken apart, and the texts of the rest."""
    near: list[Block] = []
    beyond: list[str] = []
    room = _LONGEST
    for block in blocks:
        if len(block.text) <= room:
            near.append(block)
        else:
            cut = max(block.text.rfind("\n", 0, room), 0) or room
            near.append(replace(block, text=block.text[:cut]))
            beyond.append(block.text[cut:])
        room = max(room - len(block.text), 0)
    return [block for block in near if block.text.strip()], tuple(beyond)


def joined(blocks: Sequence[Block]) -> str:
    return "\n\n".join(block.text for block in blocks)
