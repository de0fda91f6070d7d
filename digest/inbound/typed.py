"""Owns the value that the rules of intent look at: the newly written words made ready. It must never hold a rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from digest.inbound.anonymity import without_wish
from digest.inbound.lexicon import Lexicon
from digest.inbound.politeness import without_politeness
from digest.inbound.reply_blocks import Block
from digest.inbound.safe_links import unwrapped


@dataclass(frozen=True)
class Typed:
    """What a person typed, without greeting, closing and the wish to stay unnamed; `whole` still has the wish."""

    blocks: tuple[Block, ...]
    whole: str
    anonymous: bool
    lexicons: tuple[Lexicon, ...]

    @property
    def text(self) -> str:
        return joined(self.blocks)


def made_ready(blocks: Sequence[Block], lexicons: tuple[Lexicon, ...], names: Sequence[str]) -> Typed:
    """Unwrap links, take politeness off, and take the wish to stay unnamed out."""
    polite = [block for block in blocks if block.kind == "words" and block.text.strip()]
    bare = [
        replace(block, text=without_politeness(unwrapped(block.text), lexicons, names)) for block in polite
    ]
    kept: list[Block] = []
    anonymous = False
    for block in bare:
        text, wished = without_wish(block.text, lexicons)
        anonymous = anonymous or wished
        kept.append(replace(block, text=without_politeness(text, lexicons, names) if wished else text))
    return Typed(tuple(block for block in kept if block.text.strip()), joined(bare), anonymous, lexicons)


def joined(blocks: Sequence[Block]) -> str:
    return "\n\n".join(block.text for block in blocks)
