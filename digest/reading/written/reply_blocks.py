"""Owns the values that say what a person newly wrote, where in the quotation, and what was left out. It must
never hold
rules: how the words are found stands in `reply_text` and the files that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LeftOutKind = Literal["quote", "forwarded", "signature", "footer", "disclaimer", "greeting", "closing"]
BlockKind = Literal["greeting", "words", "closing"]


@dataclass(frozen=True)
class LeftOut:
    """Words that are not newly written, or not for others; `text` is as it stood, quote marks included."""

    kind: LeftOutKind
    text: str


@dataclass(frozen=True)
class Block:
    """Lines that a person wrote one after the other, as typed (indents, lists, links and `>` kept).

    `under` holds the quoted lines directly above, without quote marks: the last paragraph quoted, or
    nothing for what stands above all quotations. `heading` is the nearest line above (quoted, or typed
    anew) that we sent as a heading. `doubtful` words are kept in the reply, but may be somebody else's, or
    a signature: not for others without asking.
    """

    kind: BlockKind
    text: str
    under: tuple[str, ...] = ()
    heading: str | None = None
    doubtful: bool = False


@dataclass(frozen=True)
class ReplyText:
    """What a person newly wrote: `blocks` in the order of the message, `left_out` likewise."""

    blocks: tuple[Block, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def reply(self) -> str:
        """All newly written words, greeting and closing formula included; blocks are apart by a blank line."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The parts of `reply` that are not certain to be the person's own words."""
        return tuple(block.text for block in self.blocks if block.doubtful)
